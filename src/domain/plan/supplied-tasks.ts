import { TaskId } from "../ids.ts";
import { PHASES, type Phase } from "../phase.ts";
import type { TestMode } from "../specialist/results.ts";
import { triage } from "../triage/triage.ts";
import type { Plan, PlannedTask, Requirement } from "./plan.ts";
import type { SuppliedPlan, SuppliedTask } from "./supplied-plan.ts";

const MOST_TASKS = 20;

interface Placed {
  readonly phase: Phase;
  readonly task: PlannedTask;
}

/**
 * A supplied plan as a plan of the run: each task goes to the specialist whose work it is, in the plan's order within
 * its phase; a test task and a review that code needs are added when the author left them out. Requirements are the
 * request's, else the tasks' titles.
 */
export function planFromSupplied(
  supplied: SuppliedPlan,
  request: { readonly title: string; readonly requirements: readonly Requirement[] },
): Plan {
  const requirements =
    request.requirements.length > 0
      ? [...request.requirements]
      : supplied.tasks.map((task) => ({ id: `R${task.n}`, text: task.title }));
  const own = request.requirements.length === 0;
  const placed = supplied.tasks.map((task) => place(task, own ? [`R${task.n}`] : []));
  const inOrder = chain([...placed, ...missing(placed, requirements)]);
  return {
    summary: (supplied.goal ?? request.title).slice(0, 2_000),
    concerns: [...new Set(inOrder.map((one) => one.phase))],
    requirements,
    phases: PHASES.map((phase) => {
      const tasks = inOrder.filter((one) => one.phase === phase).map((one) => one.task);
      return tasks.length > 0
        ? { phase, tasks: tasks.slice(0, MOST_TASKS) }
        : { phase, tasks: [], skip_reason: "the supplied plan has no task for it" };
    }),
  };
}

/** Tasks of a supplied plan that no phase has room for; such a plan is for several issues. */
export function tasksLeftOver(supplied: SuppliedPlan): number {
  const counts = new Map<Phase, number>();
  for (const task of supplied.tasks) {
    const { phase } = place(task, []);
    counts.set(phase, (counts.get(phase) ?? 0) + 1);
  }
  return [...counts.values()].reduce((sum, n) => sum + Math.max(0, n - MOST_TASKS), 0);
}

function place(task: SuppliedTask, requirements: string[]): Placed {
  const about = triage({ title: task.title, body: "", labels: [], command: "" });
  const named = new Set(about.concerns.map((found) => found.concern));
  const [delegate] = about.delegates;
  const integrates = named.has("integration");
  if (!named.has("implementation") && delegate) {
    const phase =
      delegate.mode === "architecture"
        ? "architecture"
        : testing(delegate.mode)
          ? "testing"
          : "quality";
    return { phase, task: planned(task, { ...delegate, requirements }) };
  }
  const specialist = integrates ? "integration-developer" : "backend-developer";
  return {
    phase: "implementation",
    task: planned(task, { specialist, mode: "implementation", requirements }),
  };
}

function testing(mode: string): mode is TestMode {
  return mode === "unit" || mode === "integration" || mode === "acceptance";
}

function planned(
  task: SuppliedTask,
  who: Pick<PlannedTask, "specialist" | "mode"> & { requirements: string[] },
): PlannedTask {
  const { requirements, ...assigned } = who;
  const commands = task.commands.filter((command) => command.expect !== "");
  return {
    id: TaskId.parse(`task-${task.n}`),
    title: fit(task.title, 120),
    ...assigned,
    objective: fit([task.title, task.text].filter((text) => text !== "").join("\n\n"), 4_000),
    inputs: [],
    files: [...task.files],
    expected_output: fit(
      commands.map((one) => `${one.run}: ${one.expect}`).join("; ") || `${task.title}: done`,
      4_000,
    ),
    depends_on: [],
    ...(requirements.length > 0 ? { requirements } : {}),
    ...(commands.length > 0 ? { commands } : {}),
  };
}

function fit(text: string, limit: number): string {
  const short = text.trim().slice(0, limit);
  return short.length < 3 ? `Do: ${short}` : short;
}

/** What written code needs and the author did not plan. */
function missing(placed: readonly Placed[], requirements: readonly Requirement[]): Placed[] {
  function has(phase: Phase): boolean {
    return placed.some((one) => one.phase === phase);
  }
  if (!has("implementation")) return [];
  const added: Placed[] = [];
  if (!has("testing")) added.push({ phase: "testing", task: hostTask(TEST_TASK, requirements) });
  if (!placed.some((one) => one.task.mode === "review"))
    added.push({ phase: "quality", task: hostTask(REVIEW_TASK, []) });
  return added;
}

const TEST_TASK = {
  id: TaskId.parse("test-the-plan"),
  title: "Test what the plan built",
  specialist: "backend-tester",
  mode: "unit",
  objective: "Write unit tests for what the tasks of the supplied plan built.",
  expected_output: "Unit tests that fail without the change; their files and their number.",
} as const;

const REVIEW_TASK = {
  id: TaskId.parse("review-the-plan"),
  title: "Review the change",
  specialist: "backend-lead",
  mode: "review",
  objective: "Review the whole change against the supplied plan.",
  expected_output: "A spec verdict, then a quality verdict, with file and line.",
} as const;

function hostTask(
  task: typeof TEST_TASK | typeof REVIEW_TASK,
  requirements: readonly Requirement[],
): PlannedTask {
  return {
    ...task,
    inputs: [],
    files: [],
    depends_on: [],
    ...(requirements.length > 0 ? { requirements: requirements.map((one) => one.id) } : {}),
  };
}

/** The author's order is kept: within a phase each task waits for the one before it. */
function chain(placed: readonly Placed[]): Placed[] {
  const last = new Map<Phase, TaskId>();
  return placed.map(({ phase, task }) => {
    const before = last.get(phase);
    last.set(phase, task.id);
    return { phase, task: { ...task, depends_on: before === undefined ? [] : [before] } };
  });
}
