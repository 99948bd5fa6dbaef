import type { Sha } from "../ids.ts";
import type { PlanFact } from "./plan-facts.ts";

type Fact<T extends PlanFact["type"]> = Extract<PlanFact, { type: T }>;

/** What a run's ledger says about its planning: a part of `RunView`. */
export interface PlanView {
  /** The plan as it was committed to the run branch last. */
  readonly planDocument?: { readonly path: string; readonly sha: Sha };
  /** What a person set last, in US dollars. */
  readonly budgetSet?: number;
  readonly tradeOffs: readonly Fact<"trade-off-decided">[];
}

export const NO_PLANNING: PlanView = { tradeOffs: [] };

type Handlers = {
  readonly [T in PlanFact["type"]]: (view: PlanView, fact: Fact<T>) => Partial<PlanView>;
};

/** How each fact of planning changes the view. */
export const PLAN_HANDLERS: Handlers = {
  "plan-written": (_view, { path, sha }) => ({ planDocument: { path, sha } }),
  "budget-set": (_view, { usd }) => ({ budgetSet: usd }),
  "trade-off-decided": (view, fact) => ({ tradeOffs: [...view.tradeOffs, fact] }),
};
