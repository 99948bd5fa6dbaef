import { describe, expect, test } from "vitest";
import { DispatchId, Sha, TaskId } from "../../../src/domain/ids.ts";
import type { LedgerFact } from "../../../src/domain/run/ledger-event.ts";
import { NO_USAGE } from "../../../src/domain/run/run.ts";
import { StatusReport, statusReport } from "../../../src/domain/status-schema.ts";
import { evidenceOf, sha, soundPlan, viewOf } from "../../helpers/run-facts.ts";

const RUN_BRANCH = "orchestrate/12-add-an-endpoint-for-assets-r1/main";

function loaded(name: string, kind: "core-skill" | "library-skill", scope = "run"): LedgerFact {
  const path = kind === "core-skill" ? `skills/${name}/SKILL.md` : `library/go/${name}/SKILL.md`;
  return {
    type: "loaded",
    scope,
    load: {
      name,
      kind,
      path,
      source: "package",
      sha256: "e".repeat(64),
      reason: "test",
      mandatory: true,
    },
  };
}

const STEP_ONE = [
  "calibrating-time-estimates",
  "orchestrating-multi-agent-workflows",
  "gateway-backend",
].map((name) => loaded(name, "core-skill"));
const PLANNED: LedgerFact = { type: "plan-accepted", plan: soundPlan() };

function dispatched(task: string, role: string): LedgerFact {
  return {
    type: "dispatch-started",
    dispatchId: DispatchId.parse(`7-12-r1.${task}.1`),
    taskId: TaskId.parse(task),
    role,
    attempt: 1,
    baseSha: sha("0"),
  };
}

function ended(task: string, role: string): LedgerFact {
  return {
    type: "dispatch-ended",
    dispatchId: DispatchId.parse(`7-12-r1.${task}.1`),
    taskId: TaskId.parse(task),
    role,
    status: "submitted",
    files: [],
    usage: NO_USAGE,
    durationMs: 5,
  };
}

function head(commit: Sha): LedgerFact {
  return { type: "branch-pushed", branch: RUN_BRANCH, sha: commit };
}

describe("the nine-key report", () => {
  test("O1: it has exactly the nine keys, in every state", () => {
    for (const facts of [[], [PLANNED], [...STEP_ONE, PLANNED, head(sha("a"))]]) {
      const report = statusReport(viewOf(...facts));
      expect(StatusReport.parse(report)).toEqual(report);
      expect(Object.keys(report)).toEqual([
        "status",
        "summary",
        "skills_invoked",
        "library_skills_read",
        "gateway_mandatory_skills_read",
        "phases_completed",
        "agents_spawned",
        "verification",
        "next_steps",
      ]);
    }
    expect(StatusReport.safeParse({ ...statusReport(viewOf()), extra: 1 }).success).toBe(false);
  });

  test("O2: each end of a run has its status", () => {
    const at = sha("a");
    const states: readonly (readonly [LedgerFact, string])[] = [
      [{ type: "run-completed", sha: at, summary: "done" }, "complete"],
      [{ type: "run-failed", reason: "disk full" }, "blocked"],
      [{ type: "run-cancelled", by: "alice", reason: "changed my mind" }, "blocked"],
      [
        { type: "blocked", issue: "x", attempted: ["y"], recommend: "user", capability: "z" },
        "blocked",
      ],
      [{ type: "waiting", wait: { for: "person", detail: "Q1" } }, "blocked"],
      [{ type: "waiting", wait: { for: "ci", detail: "checks" } }, "in_progress"],
    ];
    for (const [fact, status] of states)
      expect(statusReport(viewOf(PLANNED, fact)).status, fact.type).toBe(status);
    expect(statusReport(viewOf(PLANNED)).status).toBe("in_progress");
  });

  test("O3: skills_invoked starts with Step 1 in order and holds only what was loaded", () => {
    const claim: LedgerFact = {
      type: "claim-dropped",
      scope: "backend-tester",
      dispatchId: DispatchId.parse("7-12-r1.unit.1"),
      names: ["made-up-skill"],
    };
    const report = statusReport(
      viewOf(...STEP_ONE, PLANNED, claim, loaded("using-todowrite", "core-skill")),
    );
    expect(report.skills_invoked).toEqual([
      "calibrating-time-estimates",
      "orchestrating-multi-agent-workflows",
      "gateway-backend",
      "using-todowrite",
    ]);
  });

  test("O4, O5: library paths are the ones read, and the mandatory flag is computed from them", () => {
    const required: LedgerFact = {
      type: "skills-required",
      scope: "backend-tester",
      mandatory: ["library/go/waiting/SKILL.md"],
      missingGateways: [],
    };
    const without = statusReport(viewOf(PLANNED, required));
    expect(without).toMatchObject({
      library_skills_read: [],
      gateway_mandatory_skills_read: false,
    });
    const other = statusReport(
      viewOf(PLANNED, required, loaded("waiting", "library-skill", "backend-developer")),
    );
    expect(other.gateway_mandatory_skills_read).toBe(false);
    const report = statusReport(
      viewOf(PLANNED, required, loaded("waiting", "library-skill", "backend-tester")),
    );
    expect(report).toMatchObject({
      library_skills_read: ["library/go/waiting/SKILL.md"],
      gateway_mandatory_skills_read: true,
    });
  });

  test("O6: phases_completed keeps the canonical order and names each phase once", () => {
    function done(phase: "testing" | "implementation"): LedgerFact {
      return {
        type: "phase-completed",
        phase,
        sha: sha("a"),
      };
    }
    const report = statusReport(
      viewOf(PLANNED, done("testing"), done("implementation"), done("testing")),
    );
    expect(report.phases_completed).toEqual(["implementation", "testing"]);
  });

  test("O7: agents_spawned are the real dispatches in first-dispatch order, the orchestrator not among them", () => {
    const report = statusReport(
      viewOf(
        dispatched("plan", "backend-orchestrator"),
        PLANNED,
        dispatched("handler", "backend-developer"),
        ended("handler", "backend-developer"),
        dispatched("unit", "backend-tester"),
        dispatched("acceptance", "backend-tester"),
      ),
    );
    expect(report.agents_spawned).toEqual(["backend-developer", "backend-tester"]);
  });

  test("O8: verification speaks of the present head only", () => {
    const green: LedgerFact = {
      type: "evidence",
      purpose: "final",
      evidence: evidenceOf({ sha: sha("a") }),
    };
    expect(statusReport(viewOf(PLANNED, head(sha("a")), green)).verification).toEqual({
      all_tests_passed: true,
      build_success: null,
    });
    expect(
      statusReport(viewOf(PLANNED, head(sha("a")), green, head(sha("b")))).verification
        .all_tests_passed,
    ).toBeNull();
  });

  test("O9: next_steps say what remains, and list minor findings of a complete run", () => {
    expect(statusReport(viewOf(PLANNED)).next_steps).not.toEqual([]);
    const minor: LedgerFact = {
      type: "finding",
      taskId: TaskId.parse("review"),
      severity: "minor",
      file: "src/a.js",
      line: 4,
      text: "name it better",
      blocking: false,
    };
    const report = statusReport(
      viewOf(PLANNED, minor, { type: "run-completed", sha: sha("a"), summary: "done" }),
    );
    expect(report.next_steps).toContain("src/a.js:4: name it better");
  });

  test("O9: a question that nobody answered in time is no next step: it takes no answer any more", () => {
    const asked: LedgerFact = {
      type: "question-asked",
      number: 1,
      question: { text: "Which store?", options: [], recommended: "a" },
      mayAnswer: "alice",
    };
    const step = "Answer question Q1.";
    expect(statusReport(viewOf(asked)).next_steps).toContain(step);
    const closed: LedgerFact = { type: "question-closed", number: 1 };
    expect(statusReport(viewOf(asked, closed)).next_steps).not.toContain(step);
  });
});
