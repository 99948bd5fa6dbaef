import type { Phase } from "../phase.ts";
import type { RunView, TaskView } from "./run.ts";

/** A batch of a supplied plan that is done and has not passed its checkpoint. */
export interface Due {
  /** Counted from 1. */
  readonly batch: number;
  readonly of: number;
  readonly tasks: readonly TaskView[];
}

type Batched = Pick<RunView, "supplied" | "checkpoints" | "tasks">;

/**
 * The checkpoint that stands between a batch of `phase` and whatever follows it; undefined while the batch is worked
 * on, and when the run's plan was not supplied.
 */
export function checkpointDue(view: Batched, phase: Phase): Due | undefined {
  const current = currentBatch(view);
  if (!current?.tasks.every((one) => one.state === "accepted" && one.phase === phase))
    return undefined;
  return current;
}

/** Tasks whose turn has not come: a batch before theirs is not accepted or has not passed its checkpoint. */
export function notYet(view: Batched): ReadonlySet<string> {
  const current = currentBatch(view);
  return new Set<string>(current && view.supplied?.batches.slice(current.batch).flat());
}

/**
 * What a retry leaves as it is: the accepted tasks of a supplied plan whose batches are not all done. Once all of them
 * are, a person who wants the phase again gets all of it.
 */
export function doneInBatches(view: Batched): ReadonlySet<string> {
  const batched = new Set<string>(view.supplied?.batches.flat());
  const tasks = view.tasks.filter(({ task }) => batched.has(task.id));
  const done = tasks.filter(({ state }) => state === "accepted");
  const whole = done.length === tasks.length && !currentBatch(view);
  return new Set<string>(whole ? [] : done.map(({ task }) => task.id));
}

/** The first batch that is not accepted or has not passed its checkpoint. */
function currentBatch(view: Batched): Due | undefined {
  const batches = view.supplied?.batches ?? [];
  for (const [index, ids] of batches.entries()) {
    const tasks = view.tasks.filter(({ task }) => ids.includes(task.id));
    const passed = view.checkpoints.some(({ batch }) => batch === index + 1);
    if (!passed || tasks.some(({ state }) => state !== "accepted"))
      return { batch: index + 1, of: batches.length, tasks };
  }
  return undefined;
}
