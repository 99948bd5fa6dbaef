import { describe, expect, test } from "vitest";
import { DispatchId, TaskId } from "../../../../src/domain/ids.ts";
import type { LedgerFact } from "../../../../src/domain/run/ledger-event.ts";
import { shownNow } from "../../../../src/domain/run/state-now.ts";
import { plannedTask, sha, soundPlan, viewOf } from "../../../helpers/run-facts.ts";

const FIX = plannedTask("fix-1");
const DONE: readonly LedgerFact[] = [
  { type: "plan-accepted", plan: soundPlan() },
  { type: "phase-started", phase: "quality" },
  accepted("review"),
  accepted("security"),
  { type: "phase-completed", phase: "quality", sha: sha("a") },
  { type: "run-completed", sha: sha("a"), summary: "done" },
];
const ROUND: readonly LedgerFact[] = [
  ...DONE,
  { type: "reopened", by: "bob", reason: "bob reviewed", phases: [] },
  { type: "task-added", phase: "quality", task: FIX, reason: "bob reviewed" },
  {
    type: "dispatch-started",
    dispatchId: DispatchId.parse("7-12-r1.fix-1.1"),
    taskId: TaskId.parse("fix-1"),
    role: "backend-developer",
    attempt: 1,
    baseSha: sha("a"),
  },
];

function accepted(id: string): LedgerFact {
  const taskId = TaskId.parse(id);
  return { type: "task-accepted", taskId, phase: "quality", summary: "done", sha: sha("a") };
}

function shown(...facts: readonly LedgerFact[]): {
  quality: string | undefined;
  fix: string | undefined;
} {
  const { phases, tasks } = shownNow(viewOf(...facts));
  return {
    quality: phases.find(({ phase }) => phase === "quality")?.state,
    fix: tasks.find(({ task }) => task.id === "fix-1")?.state,
  };
}

describe("U2: how phases and tasks are shown", () => {
  test("a phase is open again while a later round's task of it is at work, and done when that is accepted", () => {
    expect(shown(...DONE).quality).toBe("completed");
    expect(shown(...ROUND)).toEqual({ quality: "running", fix: "running" });
    expect(shown(...ROUND, accepted("fix-1"))).toEqual({ quality: "completed", fix: "accepted" });
  });

  test("nobody is at work in a run that has ended", () => {
    const blocked: LedgerFact = {
      type: "blocked",
      issue: "a question nobody can answer",
      attempted: ["asked"],
      recommend: "user",
      capability: "an answer",
    };
    expect(shown(...ROUND, blocked)).toEqual({ quality: "pending", fix: "pending" });
    const cancelled: LedgerFact = { type: "run-cancelled", by: "bob", reason: "no need" };
    const begun: LedgerFact = { type: "phase-started", phase: "quality" };
    expect(shown(begun, cancelled).quality).toBe("pending");
    expect(shown(...ROUND, { type: "run-cancelled", by: "bob", reason: "no need" })).toEqual({
      quality: "pending",
      fix: "pending",
    });
  });
});
