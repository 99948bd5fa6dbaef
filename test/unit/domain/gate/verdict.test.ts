import { describe, expect, test } from "vitest";
import { verificationOf, verifyCommit } from "../../../../src/domain/gate/verdict.ts";
import { evidenceOf, sha } from "../../../helpers/run-facts.ts";

describe("verdicts from evidence", () => {
  test("N4: what was not run is null, never true", () => {
    expect(verificationOf([], sha("a"))).toEqual({ all_tests_passed: null, build_success: null });
    expect(verificationOf([evidenceOf()], sha("a"))).toEqual({
      all_tests_passed: true,
      build_success: null,
    });
  });

  test("N4: an exit code, a time-out or one failed test decides against", () => {
    for (const change of [
      { exitCode: 1 },
      { timedOut: true },
      { tests: { passed: 9, failed: 1, skipped: 0 } },
    ])
      expect(verificationOf([evidenceOf(change)], sha("a")).all_tests_passed).toBe(false);
  });

  test("N3: evidence of another commit is stale", () => {
    const old = evidenceOf({ sha: sha("b") });
    expect(verificationOf([old], sha("a")).all_tests_passed).toBeNull();
    expect(verifyCommit([old], sha("a"))).toMatchObject({
      problems: [expect.stringContaining("No test command ran on aaaaaaa")],
    });
  });

  test("N3: the latest run of a command counts, not an earlier one", () => {
    expect(
      verificationOf([evidenceOf({ exitCode: 1 }), evidenceOf()], sha("a")).all_tests_passed,
    ).toBe(true);
    expect(
      verificationOf([evidenceOf(), evidenceOf({ exitCode: 1 })], sha("a")).all_tests_passed,
    ).toBe(false);
  });

  test("N1: the proof exists only with tests that passed and a build that did not fail", () => {
    const build = evidenceOf({ kind: "build", command: "npm run build" });
    expect(verifyCommit([build, evidenceOf()], sha("a"))).toMatchObject({ sha: sha("a") });
    expect(verifyCommit([build], sha("a"))).toHaveProperty("problems");
    expect(verifyCommit([{ ...build, exitCode: 2 }, evidenceOf()], sha("a"))).toEqual({
      problems: ["build command `npm run build` exited with 2"],
    });
  });
});
