import type { Limits } from "../limits.ts";
import type { RepoConfig } from "../repo-config.ts";
import type { LedgerEvent } from "../run/ledger-event.ts";
import type { Budget, Spending } from "./budget.ts";

/** What sets the limits of a run, beside a person's word. */
export interface BudgetSources {
  readonly limits: Pick<Limits, "maxTokens" | "maxUsd" | "maxMinutes">;
  /** The repository narrows the operator's limits, and never widens them. */
  readonly profile: RepoConfig["budget"] | undefined;
  /** The option of the command that started the run. */
  readonly askedUsd: number | undefined;
  /** What a person set by a command since then. */
  readonly setUsd: number | undefined;
  /** How often a person allowed more after a limit was used up: each time tokens and minutes are given once more. */
  readonly grants: number;
}

/** The limits that hold for a run now. */
export function budgetOf(of: BudgetSources): Budget & { readonly tokens: number } {
  const { limits, profile, askedUsd, setUsd, grants } = of;
  const usd = setUsd ?? least([askedUsd, limits.maxUsd, profile?.usd]);
  const minutes = least([limits.maxMinutes, profile?.minutes]);
  return {
    tokens: (least([limits.maxTokens, profile?.tokens]) ?? limits.maxTokens) * (grants + 1),
    ...(usd === undefined ? {} : { usd }),
    ...(minutes === undefined ? {} : { ms: minutes * 60_000 * (grants + 1) }),
  };
}

function least(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}

/** What each of `together` dispatches that start at the same time may use, so that all of them keep the limit. */
export function shareOf(
  budget: Budget & { readonly tokens: number },
  used: Spending,
  together: number,
): { readonly tokens: number; readonly usd?: number } {
  const tokens = Math.floor(Math.max(0, budget.tokens - used.tokens) / together);
  if (budget.usd === undefined) return { tokens };
  const left = Math.max(0, budget.usd - (used.usd ?? used.knownUsd ?? 0));
  return { tokens, usd: left / together };
}

/** Milliseconds that a run was at work by its ledger's own times: waits for people and its rest after an end are out. */
export function workedMs(events: readonly LedgerEvent[]): number {
  let worked = 0;
  let since: number | undefined;
  const waits = new Set<string>();
  for (const { fact, at } of events) {
    const time = Date.parse(at);
    if (since !== undefined) worked += time - since;
    if (fact.type === "waiting" && PEOPLE.has(fact.wait.for)) waits.add(fact.id ?? "");
    if (fact.type === "resumed")
      if (fact.id === undefined) waits.clear();
      else waits.delete(fact.id);
    if (ENDS.has(fact.type)) waits.add("end");
    if (fact.type === "reopened") waits.delete("end");
    since = waits.size > 0 ? undefined : time;
  }
  return worked;
}

const PEOPLE: ReadonlySet<string> = new Set(["person", "paused", "budget"]);
const ENDS: ReadonlySet<string> = new Set(["run-completed", "run-failed", "blocked"]);
