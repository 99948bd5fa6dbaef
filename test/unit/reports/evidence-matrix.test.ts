import { describe, expect, test } from "vitest";
import type { Evidence } from "../../../src/domain/gate/evidence.ts";
import { TaskId } from "../../../src/domain/ids.ts";
import type { Requirement } from "../../../src/domain/plan/plan.ts";
import {
  requirementEvidence,
  requirementGaps,
} from "../../../src/domain/plan/requirement-evidence.ts";
import type { LedgerFact } from "../../../src/domain/run/ledger-event.ts";
import { evidenceMatrix, gapsSection } from "../../../src/reports/evidence-matrix.ts";
import { evidenceOf, sha, soundPlan, viewOf } from "../../helpers/run-facts.ts";

const HEAD: LedgerFact = {
  type: "branch-pushed",
  branch: "orchestrate/12-add-an-endpoint-for-assets-r1/main",
  sha: sha("a"),
};

function planned(...more: Requirement[]): LedgerFact {
  const plan = soundPlan();
  plan.requirements.push(...more);
  return { type: "plan-accepted", plan };
}

function tested(task: string, covers: string[]): LedgerFact {
  return {
    type: "task-accepted",
    taskId: TaskId.parse(task),
    phase: "testing",
    summary: "tested",
    sha: sha("a"),
    result: {
      status: "complete",
      summary: "tested",
      test_mode: task,
      test_files: [`test/${task}.test.js`],
      test_count: 3,
      covers,
    },
  };
}

function ran(change: Partial<Evidence> = {}): LedgerFact {
  return { type: "evidence", purpose: "final", evidence: evidenceOf(change) };
}

function proof(kind: "proven" | "passes-without"): LedgerFact {
  return {
    type: "test-proof",
    taskId: TaskId.parse("unit"),
    kind,
    detail: "",
    baseSha: sha("0"),
    sha: sha("a"),
  };
}

const R2: Requirement = { id: "R2", text: "3 endpoints", count: { n: 3, unit: "endpoint" } };

function counted(...found: string[]): LedgerFact {
  return { type: "counted", requirement: "R2", unit: "endpoint", wanted: 3, found };
}

describe("U3: the evidence matrix", () => {
  test("each requirement leads to test, commit, command, exit code and log digest", () => {
    const view = viewOf(planned(), HEAD, tested("unit", ["R1"]), proof("proven"), ran());
    expect(evidenceMatrix(view)?.split("\n")[2]).toBe(
      "| ✔ **R1** POST /api/assets stores an asset | unit: `test/unit.test.js` (fail without the change) | `aaaaaaa` | `npm test` | 0 | `dddddddddddd` |",
    );
    expect(gapsSection(view)).toBeUndefined();
  });

  test("before a plan there is none", () => {
    expect(evidenceMatrix(viewOf())).toBeUndefined();
  });

  test("what people and models wrote cannot leave its cell", () => {
    const nasty = { id: "R2", text: "a | b\n@all `x` <script>" };
    const view = viewOf(planned(nasty), HEAD);
    const lines = evidenceMatrix(view)?.split("\n") ?? [];
    expect(lines).toHaveLength(4);
    expect(lines[3]).toContain("a \\| b");
    expect(lines[3]).not.toContain("@all");
    expect(lines[3]).not.toContain("<script>");
  });
});

describe("N6: a requirement has evidence or is listed as a gap", () => {
  test.each<[string, LedgerFact[], string]>([
    ["nobody worked on it", [planned(), HEAD], "no accepted task worked on it"],
    [
      "no test names it",
      [planned(), HEAD, tested("unit", []), ran()],
      "no test names it; it was worked on in unit",
    ],
    [
      "the tests were not run on the head",
      [planned(), HEAD, tested("unit", ["R1"]), ran({ sha: sha("b") })],
      "its tests were not run on aaaaaaa",
    ],
    [
      "the tests failed",
      [planned(), HEAD, tested("unit", ["R1"]), ran({ exitCode: 1 })],
      "`npm test` failed on aaaaaaa",
    ],
    [
      "a later run counts",
      [planned(), HEAD, tested("unit", ["R1"]), ran(), ran({ exitCode: 1 })],
      "`npm test` failed on aaaaaaa",
    ],
    [
      "H5: its tests pass without the change",
      [planned(), HEAD, tested("unit", ["R1"]), proof("passes-without"), ran()],
      "its tests pass without the change, so they show nothing",
    ],
  ])("%s", (_what, facts, gap) => {
    expect(requirementGaps(viewOf(...facts))).toEqual([`R1: ${gap}`]);
  });

  test("what was worked on without a test of its own says in which task", () => {
    const plan = soundPlan();
    Object.assign(plan.phases[1]?.tasks[0] ?? {}, { requirements: ["R1"] });
    const accepted: LedgerFact = {
      type: "task-accepted",
      taskId: TaskId.parse("handler"),
      phase: "implementation",
      summary: "done",
    };
    const view = viewOf({ type: "plan-accepted", plan }, HEAD, accepted, ran());
    expect(requirementGaps(view)).toEqual(["R1: no test names it; it was worked on in handler"]);
  });

  test("N5: a count is quoted with its unit, and a short one is a gap", () => {
    const base = [planned(R2), HEAD, tested("unit", ["R1", "R2"]), ran()];
    expect(requirementGaps(viewOf(...base))).toEqual([
      "R2: 3 endpoints are asked for and were not counted",
    ]);
    const short = viewOf(...base, counted("GET /a", "POST /a"));
    expect(requirementGaps(short)).toEqual(["R2: 2 of 3 endpoints were found"]);
    expect(evidenceMatrix(short)).toContain("(counted: 2 of 3 endpoints: `GET /a`, `POST /a`)");
    expect(gapsSection(short)).toBe(
      "1 of 2 requirements proven. Not proven:\n- **R2** 2 of 3 endpoints were found",
    );
    const whole = viewOf(...base, counted("GET /a", "POST /a", "DELETE /a"));
    expect(requirementGaps(whole)).toEqual([]);
    expect(requirementEvidence(whole)[1]?.counted).toEqual({
      found: ["GET /a", "POST /a", "DELETE /a"],
      wanted: 3,
      unit: "endpoint",
    });
  });
});
