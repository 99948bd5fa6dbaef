import { describe, expect, test } from "vitest";
import { securityReason } from "../../../../src/domain/triage/security.ts";

describe("F3: auth, user input and secrets bring a security review", () => {
  test.each([
    ["Add a login endpoint", []],
    ["Validate the body of POST /assets", []],
    ["POST /assets stores what it is given", []],
    ["Rotate the API key of the mailer", []],
    ['db.Query("SELECT * FROM assets"); // SQL', []],
    ["Tidy up", ["internal/auth/refresh.go"]],
    ["Tidy up", ["services/orders/handlers/create.go"]],
    ["Tidy up services/orders/handlers/create.go", []],
  ])("%s %s", (text, paths) => {
    expect(securityReason({ text, paths })).toBeDefined();
  });

  test.each([
    ["Credit the author of a commit in the changelog", ["docs/authors.md"]],
    ["Speed up the report builder", ["internal/report/build.go"]],
    ["Rename the tokenizer of the parser", ["internal/parse/scan.go"]],
    ["See https://example.org/auth/login for the style guide", []],
  ])("near miss: %s", (text, paths) => {
    expect(securityReason({ text, paths })).toBeUndefined();
  });
});
