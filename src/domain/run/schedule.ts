import { PHASE_ORDER_OF_TASKS, type Phase } from "../phase.ts";
import type { RunView, TaskView } from "./run.ts";

/** What a phase does next: tasks to dispatch together, or nothing left, or stuck behind a refused task. */
export type NextTasks =
  | { readonly kind: "dispatch"; readonly tasks: readonly TaskView[] }
  | { readonly kind: "done" }
  | { readonly kind: "stuck"; readonly behind: readonly TaskView[] };

/**
 * The tasks of `phase` that may be dispatched now: everything they depend on is accepted; in a sequential phase only
 * the first of them; in a parallel phase all whose files do not overlap with an earlier one's.
 */
export function nextTasks(view: RunView, phase: Phase): NextTasks {
  const tasks = view.tasks.filter((t) => t.phase === phase);
  const open = tasks.filter((t) => isOpen(view, t));
  if (open.length === 0) return { kind: "done" };
  const accepted = new Set<string>(
    view.tasks.filter((t) => t.state === "accepted").map((t) => t.task.id),
  );
  const ready = open.filter((t) => t.task.depends_on.every((id) => accepted.has(id)));
  if (ready.length === 0) return { kind: "stuck", behind: open };
  if (PHASE_ORDER_OF_TASKS[phase] === "sequential")
    return { kind: "dispatch", tasks: ready.slice(0, 1) };
  return { kind: "dispatch", tasks: disjoint(ready) };
}

/**
 * A task without an acceptance is open, and so is a review whose approval was for another commit than the present head.
 * The host's own fix tasks are run where they are added and never scheduled from here.
 */
function isOpen(view: RunView, task: TaskView): boolean {
  if (task.addedBecause !== undefined) return false;
  if (task.state !== "accepted") return true;
  const reviews = task.task.mode === "review" || task.task.mode === "security";
  return reviews && task.sha !== view.headSha;
}

function disjoint(ready: readonly TaskView[]): TaskView[] {
  const taken = new Set<string>();
  const chosen: TaskView[] = [];
  for (const candidate of ready) {
    if (candidate.task.files.some((file) => taken.has(file))) continue;
    for (const file of candidate.task.files) taken.add(file);
    chosen.push(candidate);
  }
  return chosen;
}
