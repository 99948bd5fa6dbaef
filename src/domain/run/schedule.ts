import { PHASE_ORDER_OF_TASKS, type Phase } from "../phase.ts";
import { checkpointDue, type Due, notYet } from "./batches.ts";
import type { Sequenced } from "./gate-facts.ts";
import type { RunView, TaskView } from "./run.ts";

/** What a phase does next: tasks to dispatch together, or nothing left, or stuck behind a refused task. */
export type NextTasks =
  | {
      readonly kind: "dispatch";
      readonly tasks: readonly TaskView[];
      /** Tasks that only wait because they would write the same files as one that is dispatched now. */
      readonly sequenced: readonly Sequenced[];
    }
  /** A batch of a supplied plan is done: nothing of this phase is dispatched before its checkpoint is passed. */
  | { readonly kind: "checkpoint"; readonly due: Due }
  | { readonly kind: "done" }
  | { readonly kind: "stuck"; readonly behind: readonly TaskView[] };

/**
 * The tasks of `phase` that may be dispatched now: everything they depend on is accepted; in a sequential phase only
 * the first of them; in a parallel phase all whose files do not overlap with an earlier one's. A task that declares no
 * file is not known to be apart from any other and runs alone. Never more than `most` at a time. Of a supplied plan
 * only the present batch counts.
 */
export function nextTasks(view: RunView, phase: Phase, most = Number.POSITIVE_INFINITY): NextTasks {
  const tasks = view.tasks.filter((t) => t.phase === phase);
  const open = tasks.filter((t) => isOpen(view, t));
  const due = checkpointDue(view, phase);
  if (due) return { kind: "checkpoint", due };
  if (open.length === 0) return { kind: "done" };
  const accepted = new Set<string>(
    view.tasks.filter((t) => t.state === "accepted").map((t) => t.task.id),
  );
  const later = notYet(view);
  const ready = open.filter(
    ({ task }) => !later.has(task.id) && task.depends_on.every((id) => accepted.has(id)),
  );
  if (ready.length === 0) return { kind: "stuck", behind: open };
  if (most === 1 || PHASE_ORDER_OF_TASKS[phase] === "sequential")
    return { kind: "dispatch", tasks: ready.slice(0, 1), sequenced: [] };
  const { tasks: apart, sequenced } = disjoint(ready);
  return { kind: "dispatch", tasks: apart.slice(0, most), sequenced };
}

/**
 * A task without an acceptance is open, and so is a review whose approval was for another commit than the present head.
 * The host's own fix tasks are run where they are added and never scheduled from here; a review that it adds is.
 */
function isOpen(view: RunView, task: TaskView): boolean {
  if (task.addedBecause !== undefined && !task.scheduled) return false;
  if (task.state !== "accepted") return true;
  const reviews = task.task.mode === "review" || task.task.mode === "security";
  return reviews && task.sha !== view.headSha;
}

function disjoint(ready: readonly TaskView[]): {
  tasks: TaskView[];
  sequenced: Sequenced[];
} {
  const tasks: TaskView[] = [];
  const sequenced: Sequenced[] = [];
  for (const candidate of ready) {
    const { id, files } = candidate.task;
    const first = tasks.find(({ task }) => mayClash(task.files, files))?.task;
    if (first === undefined) tasks.push(candidate);
    else {
      const shared = files.filter((file) => first.files.includes(file));
      sequenced.push({ type: "sequenced", taskId: id, after: first.id, files: shared });
    }
  }
  return { tasks, sequenced };
}

function mayClash(one: readonly string[], other: readonly string[]): boolean {
  return one.length === 0 || other.length === 0 || one.some((file) => other.includes(file));
}
