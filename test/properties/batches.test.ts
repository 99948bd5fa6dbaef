import fc from "fast-check";
import { expect, test } from "vitest";
import { Sha, TaskId } from "../../src/domain/ids.ts";
import { batchesOf } from "../../src/domain/plan/supplied-plan.ts";
import { applyEvent, foldRun } from "../../src/domain/run/fold.ts";
import type { LedgerEvent, LedgerFact } from "../../src/domain/run/ledger-event.ts";
import type { RunView } from "../../src/domain/run/run.ts";
import { nextTasks } from "../../src/domain/run/schedule.ts";
import { ledgerOf, plannedTask, soundPlan } from "../helpers/run-facts.ts";

const HEAD = Sha.parse("a".repeat(40));

/** A supplied plan whose build has so many tasks, some of which wait for earlier ones. */
function planned(build: number, waits: readonly number[]): LedgerFact {
  const ids = Array.from({ length: build }, (_, index) => TaskId.parse(`task-${index + 1}`));
  const plan = soundPlan();
  const phase = plan.phases.find((one) => one.phase === "implementation");
  if (phase)
    phase.tasks = ids.map((id, index) => {
      const before = ids[(waits[index] ?? 0) % Math.max(1, index)];
      const after = index > 0 && (waits[index] ?? 0) % 3 > 0 && before ? [before] : [];
      return plannedTask(id, { files: [`${id}.js`], depends_on: after });
    });
  const source = { from: "issue" as const };
  return {
    type: "plan-accepted",
    plan,
    supplied: { source, tasks: ids, batches: batchesOf(ids) },
  };
}

/** A run machine in small: dispatches what is ready, passes checkpoints, and forgets everything but its ledger at will. */
function play(first: LedgerFact, fails: readonly boolean[], restarts: readonly boolean[]): Played {
  const ledger: LedgerEvent[] = ledgerOf(first);
  let view = foldRun(ledger);
  const accepted: string[] = [];
  const steps: string[] = [];
  function record(fact: LedgerFact): void {
    const seq = ledger.length + 1;
    const event = { seq, at: "2026-01-01T12:00:00.000Z", key: `k${seq}`, fact };
    ledger.push(event);
    view = applyEvent(view, event);
  }
  for (let turn = 0; turn < 500; turn++) {
    if (restarts[turn % Math.max(1, restarts.length)]) view = foldRun(ledger);
    const next = nextTasks(view, "implementation");
    if (next.kind === "done") return { view, accepted, steps };
    if (next.kind === "stuck") throw new Error("The schedule is stuck.");
    if (next.kind === "checkpoint") {
      const { batch, of } = next.due;
      steps.push(`checkpoint ${batch}`);
      record({ type: "checkpoint-passed", batch, of, sha: HEAD, verified: [] });
      continue;
    }
    for (const { task } of next.tasks) {
      const { id: taskId } = task;
      const phase = "implementation" as const;
      steps.push(taskId);
      if (fails[turn % Math.max(1, fails.length)] && turn < 100)
        record({ type: "task-refused", taskId, phase, problems: ["red"], next: "again" });
      else {
        accepted.push(taskId);
        record({ type: "task-accepted", taskId, phase, summary: "done", sha: HEAD });
      }
    }
  }
  throw new Error("The schedule never ends.");
}

interface Played {
  readonly view: RunView;
  readonly accepted: readonly string[];
  readonly steps: readonly string[];
}

const FLAGS = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });
const CASE = fc.record({
  build: fc.integer({ min: 1, max: 13 }),
  waits: fc.array(fc.nat(20), { maxLength: 13 }),
  fails: FLAGS,
  restarts: FLAGS,
});

test("C4: no task of a batch runs before the batch before is accepted and its checkpoint passed; each is accepted once", () => {
  fc.assert(
    fc.property(CASE, ({ build, waits, fails }) => {
      const { view, accepted, steps } = play(planned(build, waits), fails, []);
      const batches = view.supplied?.batches ?? [];
      expect([...accepted].sort()).toEqual(batches.flat().toSorted());
      for (const [index, ids] of batches.entries()) {
        const begins = steps.findIndex((step) => ids.some((id) => id === step));
        const passed = index === 0 ? -1 : steps.indexOf(`checkpoint ${index}`);
        expect(begins).toBeGreaterThan(passed);
        for (const id of batches[index - 1] ?? [])
          expect(steps.lastIndexOf(id)).toBeLessThan(passed);
      }
      expect(steps.filter((step) => step.startsWith("checkpoint"))).toEqual(
        batches.map((_, index) => `checkpoint ${index + 1}`),
      );
    }),
  );
});

test("C4, K3: the order is the same whenever the run begins again from its ledger", () => {
  fc.assert(
    fc.property(CASE, ({ build, waits, fails, restarts }) => {
      const first = planned(build, waits);
      expect(play(first, fails, restarts).steps).toEqual(play(first, fails, []).steps);
    }),
  );
});
