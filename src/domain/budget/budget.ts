import type { RunView } from "../run/run.ts";
import type { QuestionDraft } from "../specialist/results.ts";

/** The share of a budget at which people are asked before it is overspent. */
const ASK_AT = 0.8;

/** The share at which the report begins to warn. */
const WARN_AT = 0.5;

/** What a run may use; what is absent is not limited. */
export interface Budget {
  readonly tokens?: number;
  readonly usd?: number;
  /** Wall-clock milliseconds of the whole run. */
  readonly ms?: number;
}

/** What was used, or is expected to be. `usd` null is unknown, and unknown is never zero. */
export interface Spending {
  readonly tokens: number;
  readonly usd: number | null;
  /** The part of the cost that is known where the whole is not: at least this much was spent. */
  readonly knownUsd?: number;
  readonly ms?: number;
}

/** `spent` stops the run as a state of its own; `ask` waits for a person. */
export type BudgetDecision =
  | { readonly kind: "go" }
  | { readonly kind: "warn"; readonly because: string }
  | { readonly kind: "ask"; readonly because: string }
  | { readonly kind: "spent"; readonly because: string };

/** What a run has used by its ledger; `ms` is how long it has been running, waiting for people not counted. */
export function spendingOf(view: RunView, ms?: number): Spending {
  const dispatches = [...view.planning, ...view.tasks.flatMap((task) => task.dispatches)];
  const known = dispatches.reduce((sum, dispatch) => sum + (dispatch.usage?.usd ?? 0), 0);
  const { inputTokens, outputTokens, usd } = view.usage;
  return {
    tokens: inputTokens + outputTokens,
    usd,
    ...(usd === null ? { knownUsd: known } : {}),
    ...(ms === undefined ? {} : { ms }),
  };
}

/** What was used and what lies ahead, together. */
export function plus(a: Spending, b: Spending): Spending {
  const ms = a.ms === undefined && b.ms === undefined ? undefined : (a.ms ?? 0) + (b.ms ?? 0);
  const usd = a.usd === null || b.usd === null ? null : a.usd + b.usd;
  return {
    tokens: a.tokens + b.tokens,
    usd,
    ...(usd === null ? { knownUsd: atLeast(a) + atLeast(b) } : {}),
    ...(ms === undefined ? {} : { ms }),
  };
}

function atLeast(spending: Spending): number {
  return spending.usd ?? spending.knownUsd ?? 0;
}

/**
 * Decides over a run's budget before the next dispatch: stopped when any limit is used up, asked when use (with what
 * lies `ahead`) reaches 80 % of one, warned at half. A limit in money with an unknown cost is asked about, because
 * nothing shows that it is kept. `agreed` says that a person has agreed to go on up to the limit.
 */
export function budgetDecision(state: {
  readonly budget: Budget;
  readonly used: Spending;
  readonly ahead?: Spending;
  readonly agreed: boolean;
}): BudgetDecision {
  const { budget, used, ahead, agreed } = state;
  const now = shares(budget, used);
  const spent = now.find((one) => one.share >= 1);
  if (spent) return { kind: "spent", because: `${spent.words} is used up` };
  const soon = shares(budget, ahead ? plus(used, ahead) : used);
  const near = soon.find((one) => one.share >= ASK_AT);
  if (near && !agreed) {
    const verb = ahead ? "would use" : "has used";
    return { kind: "ask", because: `the run ${verb} ${percent(near.share)} of ${near.words}` };
  }
  if (budget.usd !== undefined && used.usd === null && !agreed)
    return {
      kind: "ask",
      because: `the cost so far is unknown, so nothing shows that the limit of $${budget.usd.toFixed(2)} is kept`,
    };
  const half = now.find((one) => one.share >= WARN_AT);
  return half
    ? { kind: "warn", because: `${percent(half.share)} of ${half.words} is used` }
    : { kind: "go" };
}

function shares(budget: Budget, used: Spending): { share: number; words: string }[] {
  const rows: { share: number; words: string }[] = [];
  if (budget.tokens !== undefined)
    rows.push({
      share: share(used.tokens, budget.tokens),
      words: `the limit of ${budget.tokens.toLocaleString("en-US")} tokens`,
    });
  if (budget.usd !== undefined)
    rows.push({
      share: share(atLeast(used), budget.usd),
      words: `the limit of $${budget.usd.toFixed(2)}`,
    });
  if (budget.ms !== undefined && used.ms !== undefined)
    rows.push({
      share: share(used.ms, budget.ms),
      words: `the limit of ${Math.round(budget.ms / 60_000)} minutes`,
    });
  return rows.toSorted((a, b) => b.share - a.share);
}

function share(used: number, limit: number): number {
  return limit <= 0 ? 1 : used / limit;
}

function percent(value: number): string {
  return `${Math.floor(value * 100)} %`;
}

/** Asks people before a budget is overspent. */
export function budgetQuestion(because: string): QuestionDraft {
  const reason = because.charAt(0).toUpperCase() + because.slice(1);
  return {
    text: `${reason}. Shall the run go on?`,
    options: [
      {
        key: "a",
        label: "Go on",
        consequence: "the run goes on and stops when the limit is used up",
        approves: true,
      },
      {
        key: "b",
        label: "Stop here",
        consequence: "the run stops; its branches and its report stay",
      },
    ],
    recommended: "b",
  };
}
