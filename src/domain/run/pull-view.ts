import type { Sha } from "../ids.ts";
import type { PullFact, RoundOf } from "./pull-facts.ts";

type Fact<T extends PullFact["type"]> = Extract<PullFact, { type: T }>;

/** What a run's ledger says about reviews, CI and the base branch: a part of `RunView`. */
export interface PullView {
  readonly reviews: readonly Fact<"review-classed">[];
  readonly adopted: readonly Fact<"adopted">[];
  /** What the required checks said last. */
  readonly checks?: Fact<"checks-read">;
  /** Tip of the base branch that was merged in last; absent while the run stands on the base it began with. */
  readonly mergedBase?: Sha;
  readonly closed?: { readonly merged: boolean; readonly by: string };
  /** The review that is being read, if an agent is at work on that. */
  readonly reading: { readonly by: string; readonly comments: number } | undefined;
  /** What the present round after the end is for, and whose it is. */
  readonly round: (RoundOf & { readonly by: string }) | undefined;
}

export const NO_PULL: PullView = {
  reviews: [],
  adopted: [],
  reading: undefined,
  round: undefined,
};

type Handlers = {
  readonly [T in Exclude<PullFact["type"], "adopted">]?: (
    view: PullView,
    fact: Fact<T>,
  ) => Partial<PullView>;
};

/** How each of these facts changes the view; what is adopted also moves the run's head, see the fold. */
export const PULL_HANDLERS: Handlers = {
  "review-received": (_view, { by, comments }) => ({ reading: { by, comments } }),
  "review-classed": (view, fact) => ({ reviews: [...view.reviews, fact], reading: undefined }),
  "checks-read": (_view, fact) => ({ checks: fact }),
  "base-merged": (_view, { base }) => ({ mergedBase: base }),
  "pull-request-closed": (_view, { merged, by }) => ({ closed: { merged, by } }),
};
