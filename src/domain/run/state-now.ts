import {
  type PhaseView,
  type RunState,
  type RunView,
  type TaskView,
  TERMINAL_STATES,
} from "./run.ts";

/** A run waits when the whole run does, or everybody who is dispatched; an end stays an end. */
export function stateNow(view: RunView): RunState {
  if (TERMINAL_STATES.includes(view.state)) return view.state;
  if (view.waits.length === 0) return "working";
  if (view.waits.some(({ dispatchId }) => dispatchId === undefined)) return "waiting";
  const waiting = new Set(view.waits.map(({ dispatchId }) => dispatchId));
  const busy = dispatchesAtWork(view).some(({ dispatchId }) => !waiting.has(dispatchId));
  return busy ? "working" : "waiting";
}

/** Dispatches that have begun and not ended, the orchestrator agent's included. */
export function dispatchesAtWork(view: RunView): RunView["planning"] {
  return [...view.planning, ...view.tasks.flatMap((task) => task.dispatches)].filter(
    (dispatch) => dispatch.endedAt === undefined,
  );
}

/**
 * The same run as people are to see it: nobody is at work in a run that has ended, and a phase that got another task
 * after its end (a review's, a red check's) is open again until that task is settled. The gates go by the view itself.
 */
export function shownNow(view: RunView): RunView {
  const over = TERMINAL_STATES.includes(view.state);
  const tasks = view.tasks.map(
    (task): TaskView => (over && task.state === "running" ? { ...task, state: "pending" } : task),
  );
  if (view.state === "complete") return { ...view, tasks };
  const open = new Set(tasks.filter(isUnsettled).map(({ phase }) => phase));
  const phases = view.phases.map(({ endedAt, ...phase }): PhaseView => {
    const reopened = phase.state === "completed" && open.has(phase.phase);
    if (reopened || (over && phase.state === "running"))
      return { ...phase, state: over ? "pending" : "running" };
    return endedAt === undefined ? phase : { ...phase, endedAt };
  });
  return { ...view, tasks, phases };
}

function isUnsettled({ state }: TaskView): boolean {
  return state === "pending" || state === "running";
}
