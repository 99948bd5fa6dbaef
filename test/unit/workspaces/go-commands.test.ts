import { expect, test } from "vitest";
import { goUse } from "../../../src/workspaces/go-commands.ts";

test.each([
  ["go test ./...", "."],
  ["cd services/api && go build ./...", "services/api"],
  ["cd api; CGO_ENABLED=0 GOFLAGS='-mod=mod -v' go test", "api"],
  ["echo one; /usr/local/go/bin/go vet ./...", "."],
  ["timeout 5m go test ./...", "."],
  ["env -i A=b go version | tee out", "."],
  ["(go test ./... 2>&1) | tee log", "."],
  ["if go build ./...; then true; fi", "."],
  ["out=$(go list ./...)", "."],
  ['bash -c "cd api && go test ./..."', "api"],
  ["go -C tools build", "tools"],
  ["make lint && go test ./...", "."],
  ["golangci-lint run", "."],
  ["true\ngo test", "."],
])("%s runs Go in %s", (command, folder) => {
  expect(goUse(command)).toEqual({ folder, kind: "go" });
});

test.each([
  ["npm run go"],
  ["echo go"],
  ["node go test"],
  ["npm test -- --grep 'ready; go test'"],
  ["cp go out"],
  ["echo done # && go test"],
  ["mvn -Dlang=go test"],
  ["cargo test"],
  ["cd ../outside && go test"],
  [""],
])("%s does not run Go here", (command) => {
  expect(goUse(command)).toBeUndefined();
});

test.each([
  ["make test", "."],
  ["make -C api test", "api"],
  ["./scripts/test.sh", "."],
  ["cd api && sh run.sh go", "api"],
])("%s may run Go in %s", (command, folder) => {
  expect(goUse(command)).toEqual({ folder, kind: "hidden" });
});
