import { TaskId } from "../ids.ts";
import { securityReason } from "../triage/security.ts";
import type { Plan, PlannedTask } from "./plan.ts";
import { allTasks } from "./soundness.ts";

/**
 * Adds what the host demands whatever a model proposed: a security review after the code review when the request or a
 * task touches auth, user input or secrets. Says in `notes` what was added and why.
 */
export function withHostTasks(
  plan: Plan,
  requestText: string,
): { readonly plan: Plan; readonly notes: readonly string[] } {
  const writes = plan.phases.some(
    (phase) => phase.phase === "implementation" && phase.tasks.length > 0,
  );
  const has = allTasks(plan).some((task) => task.mode === "security");
  const tasks = allTasks(plan);
  const reason = securityReason({
    text: [requestText, ...tasks.flatMap((task) => [task.title, task.objective])].join("\n"),
    paths: tasks.flatMap((task) => task.files),
  });
  if (!writes || has || reason === undefined) return { plan, notes: [] };
  const reviews = plan.phases.find((phase) => phase.phase === "quality")?.tasks ?? [];
  if (reviews.length === 0) return { plan, notes: [] };
  const task = securityTask(
    reviews.map((review) => review.id),
    reason,
  );
  const phases = plan.phases.map((phase) =>
    phase.phase === "quality" ? { ...phase, tasks: [...phase.tasks, task] } : phase,
  );
  return {
    plan: { ...plan, phases },
    notes: [`The host added a security review, because the request touches ${reason}.`],
  };
}

/**
 * The security review that a change owes although its plan has none: what was really written touches auth, outside
 * input or secrets, by its paths or its added lines. Undefined when the plan has one or nothing is touched.
 */
export function securityReviewOwed(
  plan: Plan,
  change: { readonly files: readonly string[]; readonly added: string },
): { readonly task: PlannedTask; readonly reason: string } | undefined {
  if (change.files.length === 0 || allTasks(plan).some((task) => task.mode === "security"))
    return undefined;
  const reason = securityReason({ text: change.added, paths: change.files });
  if (reason === undefined) return undefined;
  const reviews = allTasks(plan).filter((task) => task.mode === "review");
  return {
    task: securityTask(
      reviews.map((review) => review.id),
      reason,
    ),
    reason: `the change touches ${reason}`,
  };
}

function securityTask(after: readonly TaskId[], word: string): PlannedTask {
  return {
    id: TaskId.parse("security-review-by-rule"),
    title: "Review the change for security",
    specialist: "backend-security-reviewer",
    mode: "security",
    objective: `Review the whole change for vulnerabilities; it touches ${word}.`,
    inputs: [],
    files: [],
    expected_output: "Findings with severity, file and line, and a verdict.",
    depends_on: [...after],
  };
}
