import { ORCHESTRATOR_ROLE } from "../specialist/specialists.ts";
import { doneInBatches } from "./batches.ts";
import { GATE_HANDLERS } from "./gate-view.ts";
import type { LedgerEvent, LedgerFact } from "./ledger-event.ts";
import { METHOD_HANDLERS } from "./method-view.ts";
import { planTasks } from "./plan-tasks.ts";
import { PLAN_HANDLERS } from "./plan-view.ts";
import { PULL_HANDLERS } from "./pull-view.ts";
import { QUESTION_HANDLERS } from "./question-view.ts";
import {
  addUsage,
  beginRun,
  type DispatchView,
  type PhaseView,
  type RunView,
  type TaskView,
} from "./run.ts";
import { stateNow } from "./state-now.ts";
import { STEERING_HANDLERS } from "./steering.ts";
import { NO_WAIT, WAIT_HANDLERS } from "./wait-view.ts";

type Fact<T extends LedgerFact["type"]> = Extract<LedgerFact, { type: T }>;
type Handlers = {
  readonly [T in LedgerFact["type"]]?: (
    view: RunView,
    fact: Fact<T>,
    at: string,
  ) => Partial<RunView>;
};

/** Folds a whole ledger. Throws when it is empty or does not begin with run-started. */
export function foldRun(events: readonly LedgerEvent[]): RunView {
  const [first, ...rest] = events;
  if (!first) throw new Error("This run has an empty ledger.");
  return rest.reduce(applyEvent, beginRun(first));
}

/** Adds one event to a view. Pure: the same view and event always give the same view. */
export function applyEvent(view: RunView, event: LedgerEvent): RunView {
  const handler = HANDLERS[event.fact.type] as
    | ((view: RunView, fact: LedgerFact, at: string) => Partial<RunView>)
    | undefined;
  const change = handler?.(view, event.fact, event.at) ?? {};
  const base = REPLACING.has(event.fact.type)
    ? (change as RunView)
    : { ...view, heartbeat: undefined, ...change };
  return { ...base, state: stateNow(base), updatedAt: event.at };
}

/** Facts whose handler gives the whole view, because they also take something away. */
const REPLACING: ReadonlySet<LedgerFact["type"]> = new Set(["reopened"]);

function changePhase(
  view: RunView,
  phase: string,
  change: Partial<PhaseView>,
): readonly PhaseView[] {
  return view.phases.map((p) => (p.phase === phase ? { ...p, ...change } : p));
}

function changeTask(
  view: RunView,
  id: string,
  change: (task: TaskView) => Partial<TaskView>,
): readonly TaskView[] {
  return view.tasks.map((t) => (t.task.id === id ? { ...t, ...change(t) } : t));
}

function startDispatch(
  view: RunView,
  fact: Fact<"dispatch-started">,
  at: string,
): Partial<RunView> {
  const dispatch: DispatchView = {
    dispatchId: fact.dispatchId,
    attempt: fact.attempt,
    role: fact.role,
    mode: fact.mode,
    startedAt: at,
  };
  if (fact.role === ORCHESTRATOR_ROLE) return { planning: upsert(view.planning, dispatch) };
  return {
    tasks: changeTask(view, fact.taskId, (t) => ({
      state: "running",
      dispatches: upsert(t.dispatches, dispatch),
    })),
  };
}

function upsert(dispatches: readonly DispatchView[], dispatch: DispatchView): DispatchView[] {
  return [...dispatches.filter((d) => d.dispatchId !== dispatch.dispatchId), dispatch];
}

function endDispatch(view: RunView, fact: Fact<"dispatch-ended">, at: string): Partial<RunView> {
  const change = {
    endedAt: at,
    durationMs: fact.durationMs,
    status: fact.status,
    usage: fact.usage,
    ...(fact.detail === undefined ? {} : { detail: fact.detail }),
  };
  function end(dispatches: readonly DispatchView[]): DispatchView[] {
    return dispatches.map((d) => (d.dispatchId === fact.dispatchId ? { ...d, ...change } : d));
  }
  const usage = addUsage(view.usage, fact.usage);
  if (fact.role === ORCHESTRATOR_ROLE) return { usage, planning: end(view.planning) };
  return {
    usage,
    tasks: changeTask(view, fact.taskId, (t) => ({ dispatches: end(t.dispatches) })),
  };
}

function acceptTask(view: RunView, fact: Fact<"task-accepted">): Partial<RunView> {
  const change = {
    state: "accepted" as const,
    summary: fact.summary,
    problems: [],
    ...(fact.sha === undefined ? {} : { sha: fact.sha }),
    ...(fact.result === undefined ? {} : { result: fact.result }),
  };
  return { tasks: changeTask(view, fact.taskId, () => change) };
}

function refuseTask(view: RunView, fact: Fact<"task-refused">, at: string): Partial<RunView> {
  const agent = view.tasks.find((t) => t.task.id === fact.taskId)?.task.specialist;
  const error = {
    at,
    phase: fact.phase,
    error: fact.problems.join("; "),
    resolution: fact.next,
    ...(agent ? { agent } : {}),
  };
  return {
    tasks: changeTask(view, fact.taskId, () => ({ state: "refused", problems: fact.problems })),
    errors: [...view.errors, error],
  };
}

function pushBranch(view: RunView, fact: Fact<"branch-pushed">): Partial<RunView> {
  const branches = new Map(view.branches).set(fact.branch, fact.sha);
  const headSha = fact.branch === view.started.runBranch ? fact.sha : view.headSha;
  if (fact.taskId === undefined) return { branches, headSha };
  return {
    branches,
    headSha,
    tasks: changeTask(view, fact.taskId, () => ({ branch: fact.branch, sha: fact.sha })),
  };
}

function addTask(view: RunView, fact: Fact<"task-added">): Partial<RunView> {
  if (view.tasks.some((t) => t.task.id === fact.task.id)) return {};
  const added: TaskView = {
    task: fact.task,
    phase: fact.phase,
    state: "pending",
    dispatches: [],
    problems: [],
    addedBecause: fact.reason,
    ...(fact.scheduled ? { scheduled: true as const } : {}),
  };
  return { tasks: [...view.tasks, added] };
}

/** The run works again; the named phases and their planned tasks are open, what was done before stays in the record. */
function reopenRun(view: RunView, fact: Fact<"reopened">): Partial<RunView> {
  const {
    blocked: _blocked,
    endedAt: _ended,
    summary: _summary,
    failure: _failure,
    ...rest
  } = view;
  const open = new Set<string>(fact.phases);
  const kept = doneInBatches(view);
  return {
    ...rest,
    ...NO_WAIT,
    state: "working",
    reading: undefined,
    round: fact.round && { ...fact.round, by: fact.by },
    phases: view.phases.map((p) => (open.has(p.phase) ? { phase: p.phase, state: "pending" } : p)),
    tasks: view.tasks.map((t) =>
      open.has(t.phase) && (t.scheduled || !t.addedBecause) && !kept.has(t.task.id)
        ? { ...t, state: "pending" }
        : t,
    ),
  };
}

function ended(state: RunView["state"], at: string): Partial<RunView> {
  return { state, endedAt: at, ...NO_WAIT };
}

const HANDLERS: Handlers = {
  ...METHOD_HANDLERS,
  ...GATE_HANDLERS,
  ...PLAN_HANDLERS,
  // What was agreed to was the budget before.
  "budget-set": (view, fact) => ({
    ...PLAN_HANDLERS["budget-set"](view, fact),
    budgetAgreed: false,
  }),
  "trade-off-decided": (view, fact) => ({
    ...PLAN_HANDLERS["trade-off-decided"](view, fact),
    ...(fact.redesign
      ? { tasks: changeTask(view, fact.taskId, () => ({ state: "pending" })) }
      : {}),
  }),
  ...PULL_HANDLERS,
  ...WAIT_HANDLERS,
  ...STEERING_HANDLERS,
  ...QUESTION_HANDLERS,
  triaged: (_view, { type: _type, phases, ...triage }) => ({
    triage: phases === undefined ? triage : { ...triage, phases },
  }),
  loaded: (view, { scope, dispatchId, load }) => ({
    loads: [...view.loads, { ...load, scope, ...(dispatchId === undefined ? {} : { dispatchId }) }],
  }),
  "skills-required": (view, fact) => ({ required: [...view.required, fact] }),
  "claim-dropped": (view, { names }) => ({
    droppedClaims: [...new Set([...view.droppedClaims, ...names])],
  }),
  "plan-refused": (view, { problems }, at) => ({
    errors: [
      ...view.errors,
      {
        at,
        agent: ORCHESTRATOR_ROLE,
        error: `plan refused: ${problems.join("; ")}`,
        resolution: "asked for a corrected plan",
      },
    ],
  }),
  "plan-accepted": (view, { plan, supplied }) => ({
    plan,
    tasks: planTasks(view, plan),
    supplied,
    // What was passed of an earlier plan says nothing about another one.
    checkpoints: supplied ? view.checkpoints : [],
  }),
  "task-added": addTask,
  "phase-started": (view, { phase }, at) => ({
    phases: changePhase(view, phase, { state: "running", startedAt: at }),
  }),
  "phase-skipped": (view, { phase, reason }) => ({
    phases: changePhase(view, phase, { state: "skipped", reason }),
  }),
  "phase-completed": (view, { phase }, at) => ({
    phases: changePhase(view, phase, { state: "completed", endedAt: at }),
  }),
  "phase-failed": (view, { phase, reason }, at) => ({
    phases: changePhase(view, phase, { state: "failed", reason, endedAt: at }),
  }),
  "dispatch-started": startDispatch,
  "dispatch-ended": endDispatch,
  "task-accepted": acceptTask,
  "task-refused": refuseTask,
  finding: (view, fact) => ({ findings: [...view.findings, fact] }),
  "branch-pushed": pushBranch,
  adopted: (view, fact) => ({
    ...pushBranch(view, { type: "branch-pushed", branch: fact.branch, sha: fact.sha }),
    adopted: [...view.adopted, fact],
  }),
  "integration-conflict": (view, { taskId, files }, at) => {
    const task = view.tasks.find((known) => known.task.id === taskId);
    const error = {
      at,
      ...(task ? { phase: task.phase, agent: task.task.specialist } : {}),
      error: `task ${taskId} conflicts in ${files.join(", ")}`,
      resolution: "re-run on top of the others",
    };
    return { errors: [...view.errors, error] };
  },
  evidence: (view, { purpose, evidence }) => ({
    evidence: [...view.evidence, { purpose, evidence }],
  }),
  "pull-request-opened": (_view, { number, url, draft }) => ({
    pullRequest: { number, url, draft },
  }),
  "pull-request-ready": (view) =>
    view.pullRequest ? { pullRequest: { ...view.pullRequest, draft: false } } : {},
  blocked: (_view, fact, at) => ({ blocked: fact, ...ended("blocked", at) }),
  reopened: reopenRun,
  note: (view, { text }) => ({ notes: [...view.notes, text] }),
  "run-completed": (_view, { summary }, at) => ({ summary, ...ended("complete", at) }),
  "run-failed": (_view, { reason }, at) => ({ failure: reason, ...ended("failed", at) }),
  "run-cancelled": (_view, { by, reason }, at) => ({
    failure: `cancelled by ${by}: ${reason}`,
    ...ended("cancelled", at),
  }),
};
