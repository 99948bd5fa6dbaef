import { expect, test } from "vitest";
import { Secret } from "../../../src/domain/secret.ts";
import type { TokenSource } from "../../../src/ports/github.ts";
import { openJail } from "../../helpers/open-jail.ts";
import { bareOf, makeWorld, tipOf } from "./world.ts";

test("branches of one repository are pushed side by side", async () => {
  const both = Promise.withResolvers<void>();
  let pushing = 0;
  const tokens: TokenSource = {
    withToken: async (_repo, permissions, use) => {
      if (permissions.contents === "write") {
        pushing += 1;
        if (pushing === 2) both.resolve();
        // One that waited for the other would wait for ever.
        await both.promise;
      }
      return use(new Secret("ghs_test"));
    },
  };
  const world = await makeWorld({ "a.txt": "a\n" }, { jail: openJail(), tokens });
  const sha = await world.workspaces.fetchBranch(world.repo, "main");
  if (sha === undefined) throw new Error("The remote has no main");
  const branches = ["one", "two"].map((task) => `orchestrate/12-add-assets-r1/testing-${task}`);
  const pushed = await Promise.all(
    branches.map((branch) =>
      world.workspaces.push(world.repo, { branch, sha, expected: undefined }),
    ),
  );
  expect(pushed).toEqual([{ kind: "pushed" }, { kind: "pushed" }]);
  expect(branches.map((branch) => tipOf(bareOf(world), branch))).toEqual([sha, sha]);
});
