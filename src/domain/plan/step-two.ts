import type { LedgerFact } from "../run/ledger-event.ts";
import { planMention } from "./plan-source.ts";

/** What the run's state says about the orchestrator's Step 2. */
export interface Situation {
  /** A plan for specialists is about to be made. */
  readonly planForAgents: boolean;
  /** The issue or a comment brings its own plan. */
  readonly planSupplied: boolean;
  /** Phases of the accepted plan that have tasks. */
  readonly phases: number;
  /** The run waits, or may have to. */
  readonly mayPause: boolean;
  /** Groups of failures with separate causes. */
  readonly independentFailures: number;
  /** Something is about to be called complete. */
  readonly finishing: boolean;
}

/** The core skills of Step 2 that a situation demands, in the protocol's order, each with its trigger. */
export function stepTwoSkills(situation: Situation): { name: string; reason: string }[] {
  const rules: readonly (readonly [holds: boolean, name: string, reason: string])[] = [
    [situation.planForAgents, "writing-plans", "a plan is made for agents"],
    [situation.planSupplied, "executing-plans", "a plan was supplied"],
    [
      situation.phases >= 3 || situation.mayPause,
      "persisting-progress-across-sessions",
      situation.phases >= 3 ? `${situation.phases} phases are planned` : "the run may pause",
    ],
    [
      situation.independentFailures >= 3,
      "dispatching-parallel-agents",
      `${situation.independentFailures} independent failures`,
    ],
    [situation.phases >= 2, "using-todowrite", `${situation.phases} phases are planned`],
    [situation.finishing, "verifying-before-completion", "always before completion"],
  ];
  return rules.filter(([holds]) => holds).map(([, name, reason]) => ({ name, reason }));
}

/**
 * Computes a situation from a run's facts. What the ledger cannot know is given: whether the request brings a plan,
 * how many independent groups of failures there are, and whether the run is about to finish.
 */
export function situationOf(
  facts: readonly LedgerFact[],
  given: { planSupplied: boolean; independentFailures: number; finishing: boolean },
): Situation {
  const accepted = facts.findLast((fact) => fact.type === "plan-accepted");
  const plan = accepted?.plan;
  const asked = facts.filter((fact) => fact.type === "question-asked").map((fact) => fact.number);
  const answered = new Set(
    facts.filter((fact) => fact.type === "question-answered").map((fact) => fact.number),
  );
  const lastWait = facts.findLastIndex((fact) => fact.type === "waiting");
  const lastResume = facts.findLastIndex((fact) => fact.type === "resumed");
  return {
    ...given,
    planForAgents: !given.planSupplied && (plan === undefined || accepted?.supplied !== undefined),
    phases: plan?.phases.filter((phase) => phase.tasks.length > 0).length ?? 0,
    mayPause: asked.some((number) => !answered.has(number)) || lastWait > lastResume,
  };
}

/** True when a request brings a plan of its own, or refers to a plan document. */
export function suppliesPlan(text: string): boolean {
  return planMention({ command: "", issue: text }) !== undefined;
}
