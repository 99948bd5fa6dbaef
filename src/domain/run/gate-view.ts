import type { GateFact } from "./gate-facts.ts";

type Fact<T extends GateFact["type"]> = Extract<GateFact, { type: T }>;

/** What a run's ledger says about its gates: a part of `RunView`. */
export interface GateView {
  readonly setAside: readonly Fact<"set-aside">[];
  readonly scopeApprovals: readonly Fact<"scope-approved">[];
  readonly sequenced: readonly Fact<"sequenced">[];
  readonly brokenBy: readonly Fact<"suite-broken-by">[];
  /** Dependencies and dot-files of the whole change, as last accounted for. */
  readonly worthALook: readonly string[];
}

export const NO_GATES: GateView = {
  setAside: [],
  scopeApprovals: [],
  sequenced: [],
  brokenBy: [],
  worthALook: [],
};

type Handlers = {
  readonly [T in GateFact["type"]]: (view: GateView, fact: Fact<T>) => Partial<GateView>;
};

/** How each fact of the gates changes the view. */
export const GATE_HANDLERS: Handlers = {
  "set-aside": (view, fact) => ({ setAside: [...view.setAside, fact] }),
  "scope-approved": (view, fact) => ({ scopeApprovals: [...view.scopeApprovals, fact] }),
  sequenced: (view, fact) => ({ sequenced: [...view.sequenced, fact] }),
  "suite-broken-by": (view, fact) => ({ brokenBy: [...view.brokenBy, fact] }),
  "worth-a-look": (_view, { files }) => ({ worthALook: files }),
};
