import { describe, expect, test } from "vitest";
import { flakeProblem, flakesIn } from "../../../../src/domain/gate/flakes.ts";
import { evidenceOf, sha } from "../../../helpers/run-facts.ts";

const GREEN = evidenceOf({ startedAt: "2026-01-01T12:00:00.000Z" });
const RED = evidenceOf({ exitCode: 1, startedAt: "2026-01-01T13:00:00.000Z" });

describe("H7: a command that ends both ways on one commit", () => {
  test("is flaky whichever end came last, and both ends are told", () => {
    const [first] = flakesIn([GREEN], [RED]);
    const [second] = flakesIn([RED], [GREEN]);
    expect(first && flakeProblem(first)).toContain(
      "passed at 2026-01-01T12:00:00.000Z and failed at 2026-01-01T13:00:00.000Z",
    );
    expect(second && flakeProblem(second)).toContain("failed at 2026-01-01T13");
  });

  test("a failed test that the exit code hides is a failure as well", () => {
    const hidden = evidenceOf({ tests: { passed: 2, failed: 1, skipped: 0 } });
    expect(flakesIn([GREEN], [hidden])).toHaveLength(1);
  });

  test.each([
    ["the same end", [GREEN], [GREEN]],
    ["another commit", [evidenceOf({ sha: sha("b") })], [RED]],
    ["another command", [evidenceOf({ command: "go test ./..." })], [RED]],
    ["another folder", [evidenceOf({ cwd: "api" })], [RED]],
    ["no earlier run", [], [RED]],
  ])("%s is no flake", (_what, earlier, now) => {
    expect(flakesIn(earlier, now)).toEqual([]);
  });
});
