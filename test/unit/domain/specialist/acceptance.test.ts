import { describe, expect, test } from "vitest";
import { judge, type Submission } from "../../../../src/domain/specialist/acceptance.ts";
import {
  ImplementationResult,
  ReviewResult,
  SecurityReviewResult,
  TestingResult,
} from "../../../../src/domain/specialist/results.ts";
import { plannedTask } from "../../../helpers/run-facts.ts";

function submitted(result: unknown, change: Partial<Submission> = {}): Submission {
  return {
    status: "submitted",
    result,
    files: ["src/a.js"],
    hasCommit: true,
    refusedBecause: [],
    missingSkills: [],
    ...change,
  };
}

const WRITER = { task: plannedTask("handler"), schema: ImplementationResult, writes: true };
const DONE = { status: "complete", summary: "wrote it", files_modified: ["src/a.js"], notes: [] };
const REVIEWER = {
  task: plannedTask("review", { specialist: "backend-lead", mode: "review" }),
  schema: ReviewResult,
  writes: false,
};
const NO_DIFF = { hasCommit: false, files: [] };

function review(verdict: string, issues: unknown[] = [], spec: object = {}): unknown {
  return {
    status: "complete",
    summary: "looked at it",
    spec: { verdict: "compliant", missing: [], extra: [], deviations: [], ...spec },
    quality: { verdict, issues },
  };
}

function issue(severity: string): object {
  return { severity, file: "src/a.js", line: 3, description: "wrong", fix: "right" };
}

describe("judging what came back", () => {
  test("F8: complete is accepted only with a commit behind it", () => {
    expect(judge(submitted(DONE), WRITER).kind).toBe("accept");
    const lie = judge(submitted(DONE, NO_DIFF), WRITER);
    expect(lie).toEqual({
      kind: "redo",
      problems: ["The result says complete, but git shows no change."],
    });
  });

  test("F7: a result without its role's shape, or no result at all, is asked for again", () => {
    expect(judge(submitted({ status: "done" }), WRITER)).toMatchObject({ kind: "redo" });
    expect(judge(submitted(undefined, { status: "no-result" }), WRITER)).toMatchObject({
      kind: "redo",
    });
    expect(judge(submitted(DONE, { status: "timed-out" }), WRITER)).toMatchObject({ kind: "redo" });
  });

  test("F7: a blocked specialist is escalated, not accepted", () => {
    const blocked = {
      ...DONE,
      status: "blocked",
      blocked: {
        reason: "requirements",
        issue: "no schema",
        attempted: ["read docs"],
        recommend: "ask",
      },
    };
    expect(judge(submitted(blocked), WRITER)).toMatchObject({
      kind: "escalate",
      problems: ["wrote it"],
    });
  });

  test("D7: a reviewer that changed files is refused whatever it says", () => {
    expect(judge(submitted(review("approved")), REVIEWER)).toMatchObject({ kind: "redo" });
    expect(judge(submitted(review("approved"), NO_DIFF), REVIEWER).kind).toBe("accept");
  });

  test("I11: a review without a verdict is no approval", () => {
    const silent = { status: "complete", summary: "fine" };
    expect(judge(submitted(silent, NO_DIFF), REVIEWER)).toMatchObject({ kind: "redo" });
    expect(judge(submitted(review("changes_requested"), NO_DIFF), REVIEWER)).toEqual({
      kind: "redo",
      problems: ["The reviewer asked for changes without naming a finding."],
    });
  });

  test("I3: critical and important findings block even under the word approved; minor ones are only listed", () => {
    expect(judge(submitted(review("approved", [issue("important")]), NO_DIFF), REVIEWER).kind).toBe(
      "changes",
    );
    const minor = judge(submitted(review("approved", [issue("minor")]), NO_DIFF), REVIEWER);
    expect(minor).toMatchObject({
      kind: "accept",
      findings: [{ severity: "minor", blocking: false }],
    });
  });

  test("I1: a missing requirement is a blocking finding of the spec verdict", () => {
    const gap = judge(
      submitted(review("approved", [], { verdict: "not_compliant", missing: ["R2"] }), NO_DIFF),
      REVIEWER,
    );
    expect(gap).toMatchObject({
      kind: "changes",
      findings: [{ severity: "spec", text: "missing: R2", blocking: true }],
    });
  });

  test("I4: CRITICAL and HIGH security findings block, lower ones do not", () => {
    const expected = {
      task: plannedTask("security", { mode: "security" }),
      schema: SecurityReviewResult,
      writes: false,
    };
    function finding(severity: string): object {
      return {
        severity,
        title: "t",
        file: "src/a.js",
        line: 1,
        description: "d",
        remediation: "r",
      };
    }
    function result(severity: string): object {
      return {
        status: "complete",
        summary: "s",
        verdict: "approved",
        files_reviewed: [],
        findings: [finding(severity)],
      };
    }
    for (const severity of ["CRITICAL", "HIGH"])
      expect(judge(submitted(result(severity), NO_DIFF), expected).kind, severity).toBe("changes");
    for (const severity of ["MEDIUM", "LOW"])
      expect(judge(submitted(result(severity), NO_DIFF), expected).kind, severity).toBe("accept");
  });

  test("H1: a tester that worked in another mode than its task is refused", () => {
    const expected = {
      task: plannedTask("unit", { specialist: "backend-tester", mode: "unit" }),
      schema: TestingResult,
      writes: true,
    };
    function result(test_mode: string): object {
      return {
        status: "complete",
        summary: "s",
        test_mode,
        test_files: ["t"],
        test_count: 1,
        covers: [],
      };
    }
    expect(judge(submitted(result("unit")), expected).kind).toBe("accept");
    expect(judge(submitted(result("acceptance")), expected)).toMatchObject({ kind: "redo" });
  });

  test("D3: without its required skills a result is refused once with the list, then a person is asked", () => {
    const lacking = submitted(DONE, { missingSkills: ["gateway-backend"] });
    expect(judge(lacking, WRITER)).toEqual({
      kind: "redo",
      problems: ["The dispatch lacked required skills: gateway-backend."],
    });
    expect(judge(lacking, { ...WRITER, earlierSkillRefusals: 1 })).toMatchObject({
      kind: "escalate",
    });
  });
});
