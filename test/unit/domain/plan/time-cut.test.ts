import { expect, test } from "vitest";
import { timeCutBacking, timeCutProblem } from "../../../../src/domain/plan/time-cut.ts";
import { blockedGoesTo } from "../../../../src/domain/skill/routing.ts";

const TWO_HOURS = {
  basis: "measured" as const,
  n: 7,
  medianMs: 7_200_000,
  p90Ms: 9_000_000,
  from: "repository" as const,
};

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
  expect(timeCutProblem(reason, { leftMs: 1 })).toMatch(/no measured duration/);
  expect(timeCutProblem(reason, { measured: TWO_HOURS, leftMs: 60_000 })).toBeUndefined();
});

test("M4: what was measured backs a cut only where it does not fit into the time that is left", () => {
  const reason = "No time for a design";
  expect(timeCutProblem(reason, { measured: TWO_HOURS })).toMatch(
    /takes about 2 h .*measured, n = 7.*no limit of time/,
  );
  expect(timeCutProblem(reason, { measured: TWO_HOURS, leftMs: 7_200_000 })).toMatch(/2 h left/);
  expect(timeCutBacking(reason, { measured: TWO_HOURS, leftMs: 7_200_000 })).toBeUndefined();
  expect(timeCutBacking(reason, { measured: TWO_HOURS, leftMs: 60_000 })).toMatch(
    /^such work takes about 2 h .*measured, n = 7.* had 1 min left$/,
  );
  const other = "There is nothing to design";
  expect(timeCutBacking(other, { measured: TWO_HOURS, leftMs: 1 })).toBeUndefined();
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
