import { describe, expect, test } from "vitest";
import { concernsOf, delegatesOf, securityReason } from "../../../../src/domain/triage/concerns.ts";

function about(text: string, paths: readonly string[] = []) {
  return { text, labels: [], paths };
}

function delegates(text: string, paths?: readonly string[]): string[] {
  return delegatesOf(about(text, paths)).map(({ specialist, mode }) => `${specialist} ${mode}`);
}

describe("F2: who gets which work", () => {
  test.each([
    ["Which service boundaries should the asset store have?", ["backend-lead architecture"]],
    ["Do a code review of the job runner", ["backend-lead review"]],
    ["Fix the nil check in the asset handler", ["backend-developer implementation"]],
    ["More unit tests for the parser, please", ["backend-tester unit"]],
    ["Integration tests for the asset repository", ["backend-tester integration"]],
    ["Acceptance tests for the job pipeline", ["backend-tester acceptance"]],
    [
      "Acceptance tests of the whole system with real AWS queues",
      ["acceptance-test-engineer acceptance"],
    ],
    ["Look at the OWASP findings of the report", ["backend-security-reviewer security"]],
    ["Talk to the third-party risk API of the insurer", ["integration-developer implementation"]],
    ["Make the settings page use dark mode", []],
  ])("%s", (text, wanted) => {
    expect(delegates(text)).toEqual(wanted);
  });
});

describe("F3: auth, user input and secrets bring a security review", () => {
  test.each([
    ["Add a login endpoint", []],
    ["Validate the body of POST /assets", []],
    ["Rotate the API key of the mailer", []],
    ["Tidy up", ["internal/auth/refresh.go"]],
    ["Tidy up", ["services/orders/handlers/create.go"]],
  ])("%s %s", (text, paths) => {
    expect(securityReason(about(text, paths))).toBeDefined();
  });

  test.each([
    ["Credit the author of a commit in the changelog", ["docs/authors.md"]],
    ["Speed up the report builder", ["internal/report/build.go"]],
    ["Rename the tokenizer of the parser", ["internal/parse/scan.go"]],
    ["See https://example.org/auth/login for the style guide", []],
  ])("near miss: %s", (text, paths) => {
    expect(securityReason(about(text, paths))).toBeUndefined();
  });
});

test("F4: an external service goes to the integration developer in place of the developer", () => {
  expect(delegates("Implement a client and integrate with Stripe webhooks")).toEqual([
    "backend-security-reviewer security",
    "integration-developer implementation",
  ]);
  expect(delegates("Implement the integration test")).not.toContain(
    "integration-developer implementation",
  );
});

test("A11: frontend work is seen and goes to no backend specialist", () => {
  const found = concernsOf(about("The button on the React page is too small", ["web/Button.tsx"]));
  expect(found.map(({ concern }) => concern)).toEqual(["frontend"]);
});
