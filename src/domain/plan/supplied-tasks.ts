import { TaskId } from "../ids.ts";
import { PHASES, type Phase } from "../phase.ts";
import type { TaskView } from "../run/run.ts";
import type { TestMode } from "../specialist/results.ts";
import { stems } from "../stems.ts";
import { ofFrontend } from "../triage/full-stack.ts";
import type { Triage } from "../triage/mode.ts";
import { triage } from "../triage/triage.ts";
import type { Plan, PlannedTask, Requirement } from "./plan.ts";
import type { SuppliedPlan, SuppliedTask } from "./supplied-plan.ts";

const MOST_TASKS = 20;
/** So much of a task's text stands in its objective; the specialist is given all of it as data. */
const MOST_WORDS = 1_500;

interface Placed {
  readonly phase: Phase;
  readonly task: PlannedTask;
}

/** What a supplied plan is made into a plan of the run for. */
export interface SuppliedFor {
  readonly title: string;
  readonly requirements: readonly Requirement[];
  /** The other half is handed over: its tasks are left out, and the contract is agreed first. */
  readonly fullStack?: boolean;
  /** The phases that a person asked for; tasks of others are left out. */
  readonly phases?: readonly Phase[];
  /** The author's tasks in the plan before this one. What is accepted of it is not done again. */
  readonly before?: readonly TaskView[];
}

/** A supplied plan as a plan of the run. */
export interface MadePlan {
  readonly plan: Plan;
  /** The author's tasks with their own words, in the order in which they stand in the plan. */
  readonly authored: readonly {
    readonly id: TaskId;
    readonly phase: Phase;
    readonly text: string;
  }[];
  /** Titles of tasks that this run does not carry out. */
  readonly leftOut: readonly string[];
}

/**
 * A supplied plan as a plan of the run: each task goes to the specialist whose work it is, in the plan's order within
 * its phase; a test task and a review that code needs are added when the author left them out. Requirements are the
 * request's, else the tasks' titles. Reviews are told what to do by the host alone.
 */
export function planFromSupplied(supplied: SuppliedPlan, request: SuppliedFor): MadePlan {
  const { before = [] } = request;
  const requirements =
    request.requirements.length > 0
      ? [...request.requirements]
      : supplied.tasks.map((task) => ({ id: `R${task.n}`, text: task.title }));
  const done = before.filter(({ state }) => state === "accepted");
  const doneTitles = new Set(done.map(({ task }) => task.title.toLowerCase()));
  const open = supplied.tasks.filter(({ title }) => !doneTitles.has(titleOf(title).toLowerCase()));
  const fresh = open.map((task) => ({ of: task, ...place(task, before) }));
  const ours = fresh.filter(({ phase, of }) => isOurs(of, phase, request));
  const authored: Placed[] = [...done, ...ours].map(({ phase, task }) => ({ phase, task }));
  const sorted = reviewsFirst([...authored, ...missing(authored, request)]);
  const here = requirements.filter(({ text }) => !request.fullStack || !ofFrontend(text));
  const inOrder = chain(withRequirements(sorted, here));
  const plan = {
    summary: fit(supplied.goal ?? request.title).slice(0, 2_000),
    concerns: [...new Set(inOrder.map((one) => one.phase))],
    requirements,
    phases: PHASES.map((phase) => {
      const tasks = inOrder.filter((one) => one.phase === phase).map((one) => one.task);
      return tasks.length > 0
        ? { phase, tasks: tasks.slice(0, MOST_TASKS) }
        : { phase, tasks: [], skip_reason: "the supplied plan has no task for it" };
    }),
  };
  return {
    plan,
    authored: [
      ...done.map(({ task, phase }) => ({ id: task.id, phase, text: task.objective })),
      ...ours.map(({ task, phase, of }) => ({ id: task.id, phase, text: of.text })),
    ],
    leftOut: fresh.filter((one) => !ours.includes(one)).map(({ of }) => of.title),
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

function aboutOf({ title }: SuppliedTask): Triage {
  return triage({ title, body: "", labels: [], command: "" });
}

function isOurs(task: SuppliedTask, phase: Phase, { fullStack, phases }: SuppliedFor): boolean {
  if (fullStack && aboutOf(task).mode === "frontend-hand-off") return false;
  return phases === undefined || phases.includes(phase);
}

function place(task: SuppliedTask, before: readonly TaskView[]): Placed {
  const about = aboutOf(task);
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
    return { phase, task: planned(task, delegate, before) };
  }
  const specialist = integrates ? "integration-developer" : "backend-developer";
  return {
    phase: "implementation",
    task: planned(task, { specialist, mode: "implementation" }, before),
  };
}

function testing(mode: string): mode is TestMode {
  return mode === "unit" || mode === "integration" || mode === "acceptance";
}

function planned(
  task: SuppliedTask,
  who: Pick<PlannedTask, "specialist" | "mode">,
  before: readonly TaskView[],
): PlannedTask {
  const commands = task.commands.filter((command) => command.expect !== "");
  const words = [task.title, task.text].filter((text) => text !== "").join("\n\n");
  const own: Omit<PlannedTask, "id"> = {
    title: titleOf(task.title),
    ...who,
    objective: words.length > MOST_WORDS ? `${fit(words).slice(0, MOST_WORDS)} …` : fit(words),
    inputs: [],
    files: [...task.files],
    expected_output:
      fit(commands.map((one) => `${one.run}: ${one.expect}`).join("; ")).slice(0, 4_000) ||
      `${titleOf(task.title)}: done`,
    depends_on: [],
    ...(commands.length > 0 ? { commands } : {}),
  };
  return { id: idOf(task.n, own, before), ...own, ...judged(own) };
}

/** What a review looks at and how it ends is not for those to say whose work is reviewed. */
function judged({ mode, title }: Pick<PlannedTask, "mode" | "title">): Partial<PlannedTask> {
  const [review] = [REVIEW_TASK, SECURITY_TASK].filter((task) => task.mode === mode);
  if (!review) return {};
  const { objective, expected_output } = review;
  return { objective, expected_output, commands: [], inputs: [`The plan calls this: ${title}`] };
}

/** The number in the plan, unless a task with other words had it before. */
function idOf(n: number, own: Omit<PlannedTask, "id">, before: readonly TaskView[]): TaskId {
  for (let version = 1; ; version++) {
    const id = TaskId.parse(version === 1 ? `task-${n}` : `task-${n}-v${version}`);
    const known = before.find(({ task }) => task.id === id);
    const same = known?.task.title === own.title && known.task.objective === own.objective;
    if (!known || (same && known.state !== "accepted")) return id;
  }
}

function titleOf(title: string): string {
  return fit(title).slice(0, 120);
}

function fit(text: string): string {
  const short = text.trim();
  return short !== "" && short.length < 3 ? `Do: ${short}` : short;
}

function reviewsFirst(placed: readonly Placed[]): Placed[] {
  const security = placed.filter(({ task }) => task.mode === "security");
  return [...placed.filter((one) => !security.includes(one)), ...security];
}

const SAME = 0.6;

/**
 * Every requirement is worked on: by the tasks that speak of it, else by all that write code, and by the tests in any
 * case. A plan whose requirements are its tasks' titles has them where they stand.
 */
function withRequirements(
  placed: readonly Placed[],
  requirements: readonly Requirement[],
): Placed[] {
  const spoken = placed.map(({ task }) => {
    const words = stems(`${task.title} ${task.objective}`);
    return requirements.filter(({ text }) => {
      const wanted = [...stems(text)];
      return (
        wanted.length > 0 && wanted.filter((one) => words.has(one)).length / wanted.length >= SAME
      );
    });
  });
  const writers = placed.some(({ phase }) => phase === "implementation")
    ? "implementation"
    : "testing";
  const claimed = new Set(spoken.filter((_, at) => placed[at]?.phase === writers).flat());
  return placed.map(({ phase, task }, at) => {
    const own = requirements.filter(
      (one) =>
        spoken[at]?.includes(one) ||
        phase === "testing" ||
        (phase === writers && !claimed.has(one)),
    );
    const ids = phase === "quality" ? [] : own.map(({ id }) => id);
    return { phase, task: ids.length === 0 ? task : { ...task, requirements: ids } };
  });
}

/** What written code needs and the author did not plan. */
function missing(placed: readonly Placed[], { fullStack }: SuppliedFor): Placed[] {
  function has(phase: Phase): boolean {
    return placed.some((one) => one.phase === phase);
  }
  const added: Placed[] = [];
  if (fullStack && !has("architecture"))
    added.push({ phase: "architecture", task: hostTask(CONTRACT_TASK) });
  if (!has("implementation")) return added;
  if (!has("testing")) added.push({ phase: "testing", task: hostTask(TEST_TASK) });
  if (!placed.some((one) => one.task.mode === "review"))
    added.push({ phase: "quality", task: hostTask(REVIEW_TASK) });
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

const SECURITY_TASK = {
  mode: "security",
  objective: "Review the whole change for vulnerabilities.",
  expected_output: "Findings with severity, file and line, and a verdict.",
} as const;

const CONTRACT_TASK = {
  id: TaskId.parse("agree-the-contract"),
  title: "Agree the API contract",
  specialist: "backend-lead",
  mode: "architecture",
  objective: "Decide the API contract between both halves for what the supplied plan builds.",
  expected_output:
    "One decision with at least two alternatives, their trade-offs, the rationale, boundaries, schema and contracts.",
} as const;

function hostTask(task: Omit<PlannedTask, "inputs" | "files" | "depends_on">): PlannedTask {
  return { ...task, inputs: [], files: [], depends_on: [] };
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
