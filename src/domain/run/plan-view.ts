import type { Sha } from "../ids.ts";
import type { PlanFact, Supplied } from "./plan-facts.ts";

type Fact<T extends PlanFact["type"]> = Extract<PlanFact, { type: T }>;

/** What a run's ledger says about its planning: a part of `RunView`. */
export interface PlanView {
  /** The plan as it was committed to the run branch last. */
  readonly planDocument?: { readonly path: string; readonly sha: Sha };
  /** What a person set last, in US dollars. */
  readonly budgetSet?: number;
  readonly tradeOffs: readonly Fact<"trade-off-decided">[];
  /** Where the accepted plan came from, when somebody supplied it. */
  readonly supplied: Supplied | undefined;
  /** Checkpoints of the supplied plan that were passed. */
  readonly checkpoints: readonly Fact<"checkpoint-passed">[];
}

export const NO_PLANNING: PlanView = { tradeOffs: [], supplied: undefined, checkpoints: [] };

type Handlers = {
  readonly [T in PlanFact["type"]]: (view: PlanView, fact: Fact<T>) => Partial<PlanView>;
};

/** How each fact of planning changes the view. */
export const PLAN_HANDLERS: Handlers = {
  "plan-written": (_view, { path, sha }) => ({ planDocument: { path, sha } }),
  "checkpoint-passed": (view, fact) => ({ checkpoints: [...view.checkpoints, fact] }),
  "budget-set": (_view, { usd }) => ({ budgetSet: usd }),
  "trade-off-decided": (view, fact) => ({ tradeOffs: [...view.tradeOffs, fact] }),
};
