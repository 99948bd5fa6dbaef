import type { Forecast } from "../budget/estimate.ts";
import type { HandOff, HandOffState } from "../triage/hand-off.ts";
import type { MethodFact } from "./method-facts.ts";

type Fact<T extends MethodFact["type"]> = Extract<MethodFact, { type: T }>;

export interface HandOffView {
  readonly record: HandOff;
  readonly state: HandOffState;
  readonly commentUrl?: string;
  /** Where the other side reports. */
  readonly url?: string;
  readonly by?: string;
}

/** What a run's ledger says about the method: a part of `RunView`. */
export interface MethodView {
  readonly gates: readonly (Fact<"gate-failed"> | Fact<"gate-passed">)[];
  /** What the counters of loops are folded from, in its order. */
  readonly loopFacts: readonly Fact<"gate-failed" | "gate-passed" | "loop-decided">[];
  readonly escalations: readonly Fact<"escalated">[];
  readonly decisions: readonly Fact<"loop-decided">[];
  readonly forecast?: Forecast;
  /** A person agreed to go on beyond 80 % of the budget. */
  readonly budgetAgreed: boolean;
  readonly clarifications: readonly Fact<"clarified">[];
  readonly routed: readonly Fact<"routed">[];
  readonly proofs: readonly Fact<"test-proof">[];
  readonly tests?: Fact<"tests-compared">;
  readonly scopeFlags: readonly Fact<"scope-flagged">[];
  readonly counted: readonly Fact<"counted">[];
  readonly handOffs: readonly HandOffView[];
  /** How far the other half is that handed us ours, as far as it said anything. */
  readonly giver?: { readonly name: string; readonly state: HandOffState; readonly by: string };
}

export const NO_METHOD: MethodView = {
  gates: [],
  loopFacts: [],
  escalations: [],
  decisions: [],
  budgetAgreed: false,
  clarifications: [],
  routed: [],
  proofs: [],
  scopeFlags: [],
  counted: [],
  handOffs: [],
};

type Handlers = {
  readonly [T in MethodFact["type"]]: (view: MethodView, fact: Fact<T>) => Partial<MethodView>;
};

/** How each fact of the method changes the view. */
export const METHOD_HANDLERS: Handlers = {
  "gate-failed": gateFact,
  "gate-passed": gateFact,
  escalated: (view, fact) => ({ escalations: [...view.escalations, fact] }),
  "loop-decided": (view, fact) => ({
    decisions: [...view.decisions, fact],
    loopFacts: [...view.loopFacts, fact],
  }),
  estimated: (_view, { forecast }) => ({ forecast }),
  "budget-agreed": () => ({ budgetAgreed: true }),
  clarified: (view, fact) => ({ clarifications: [...view.clarifications, fact] }),
  routed: (view, fact) => ({ routed: [...view.routed, fact] }),
  "test-proof": (view, fact) => ({
    proofs: [...view.proofs.filter((proof) => proof.taskId !== fact.taskId), fact],
  }),
  "tests-compared": (_view, fact) => ({ tests: fact }),
  "scope-flagged": (view, fact) => ({ scopeFlags: [...view.scopeFlags, fact] }),
  counted: (view, fact) => ({
    counted: [...view.counted.filter((one) => one.requirement !== fact.requirement), fact],
  }),
  "handed-off": (view, { record, commentUrl }) => ({
    handOffs: [
      ...view.handOffs.filter((one) => one.record.to !== record.to),
      {
        ...view.handOffs.find((one) => one.record.to === record.to && one.state === "accepted"),
        record,
        state: stateAgain(view, record.to),
        ...(commentUrl === undefined ? {} : { commentUrl }),
      },
    ],
  }),
  "hand-off-updated": (view, fact) => {
    const { to, state, by, url } = fact;
    if (!view.handOffs.some((one) => one.record.to === to))
      return { giver: { name: to, state, by } };
    const said = { state, by, ...(url === undefined ? {} : { url }) };
    return {
      handOffs: view.handOffs.map((one) => (one.record.to === to ? { ...one, ...said } : one)),
    };
  },
};

function gateFact(
  view: MethodView,
  fact: Fact<"gate-failed"> | Fact<"gate-passed">,
): Partial<MethodView> {
  return { gates: [...view.gates, fact], loopFacts: [...view.loopFacts, fact] };
}

/** A record that says more than before is under way where the other side is at work, and open everywhere else. */
function stateAgain(view: MethodView, to: string): HandOffState {
  const before = view.handOffs.find((one) => one.record.to === to)?.state;
  return before === "accepted" ? "accepted" : "open";
}
