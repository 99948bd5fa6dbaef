import type { Plan } from "../plan/plan.ts";
import { allTasks } from "../plan/soundness.ts";
import type { RunView, TaskView } from "./run.ts";

/** The tasks of a plan that was accepted: what was worked on keeps its record, also what the host added. */
export function planTasks(view: RunView, plan: Plan): TaskView[] {
  const known = new Map(
    view.tasks.filter((t) => t.dispatches.length > 0).map((t) => [t.task.id, t]),
  );
  const phaseOf = new Map(plan.phases.flatMap((p) => p.tasks.map((t) => [t.id, p.phase] as const)));
  const planned = allTasks(plan).map((task): TaskView => {
    const phase = phaseOf.get(task.id) ?? "implementation";
    return known.get(task.id) ?? { task, phase, state: "pending", dispatches: [], problems: [] };
  });
  const added = view.tasks.filter((t) => t.addedBecause !== undefined && !phaseOf.has(t.task.id));
  return [...planned, ...added];
}
