import { foldRun } from "./fold.ts";
import type { LedgerEvent } from "./ledger-event.ts";
import { dispatchesAtWork } from "./state-now.ts";
import type { Heartbeat } from "./wait-facts.ts";

/** A working run that has said nothing for so long says what is still at work. */
const SILENT_MS = 25 * 60_000;
/** More in a row, 40 hours, are no long piece of work any more, and a ledger is not filled with them. */
const MOST_IN_A_ROW = 96;
const NAMED = 20;

/**
 * The heartbeat that is due in a run with this ledger, with the key under which it is appended: whoever finds it due,
 * of several replicas too, appends the same one. Undefined while the run is not silent, waits or has ended.
 */
export function heartbeatDue(
  events: readonly LedgerEvent[],
  now: number,
): { readonly key: string; readonly fact: Heartbeat } | undefined {
  const last = events.at(-1);
  if (!last || now - Date.parse(last.at) < SILENT_MS) return undefined;
  const news = events.findLast(({ fact }) => fact.type !== "heartbeat");
  if (!news || last.seq - news.seq >= MOST_IN_A_ROW) return undefined;
  const view = foldRun(events);
  if (view.state !== "working") return undefined;
  const atWork = dispatchesAtWork(view).map(({ role, mode, startedAt }) => ({
    role,
    since: startedAt,
    ...(mode === undefined ? {} : { mode }),
  }));
  const fact = { type: "heartbeat", quietSince: news.at, atWork: atWork.slice(0, NAMED) } as const;
  return { key: `heartbeat/${last.seq}`, fact };
}
