import { expect, test } from "vitest";
import { timeCutProblem } from "../../../../src/domain/plan/time-cut.ts";
import { blockedGoesTo } from "../../../../src/domain/skill/routing.ts";

test.each([
  "Skip the integration tests, no time.",
  "No time",
  "Tests were left out because of time constraints.",
  "Acceptance tests omitted: they would take 3 hours.",
  "Not enough time to test this.",
  "Dropped the review to save time",
  "Left out, too time-consuming",
])("D5: %s is refused without a measured duration", (reason) => {
  expect(timeCutProblem(reason)).toMatch(/no reason to leave work out/);
  expect(
    timeCutProblem(reason, [{ what: "integration tests", durationMs: 7_200_000 }]),
  ).toBeUndefined();
});

test.each([
  "One endpoint in a known structure",
  "The request would time out without the index",
  "Handlers read the time limit from the configuration",
  "No timestamps are stored",
  "There is nothing to design",
])("D5, near miss: %s", (reason) => {
  expect(timeCutProblem(reason)).toBeUndefined();
});

test.each([
  ["security", "backend-security-reviewer"],
  ["architecture", "backend-lead"],
  ["tests", "backend-tester"],
  ["requirements", "user"],
  ["environment", "user"],
  ["other", "user"],
] as const)("P7: blocked by %s goes to %s", (reason, who) => {
  expect(blockedGoesTo(reason)).toBe(who);
});
