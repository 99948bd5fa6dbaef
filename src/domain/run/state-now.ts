import { type RunState, type RunView, TERMINAL_STATES } from "./run.ts";

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
