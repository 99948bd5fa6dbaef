import type { Limits } from "../limits.ts";
import { PHASES } from "../phase.ts";
import type { LedgerFact } from "./ledger-event.ts";

/** Why a run is given up: dispatching stops, branches and report stay. */
export interface Abort {
  readonly kind: "escalations" | "security" | "crashes";
  readonly why: string;
}

/**
 * The first reason to give a run up, by its ledger: too many escalations in one phase, a critical security finding
 * that its fix did not remove, or crashed dispatches. Undefined while it may go on. What lies
 * before a person let the run go on again does not count any more.
 */
export function abortReason(
  facts: readonly LedgerFact[],
  limits: Pick<Limits, "escalationsPerPhase" | "crashes" | "criticalReviews">,
): Abort | undefined {
  const since = facts.slice(facts.findLastIndex((fact) => fact.type === "reopened") + 1);
  for (const phase of PHASES) {
    const n = since.filter((fact) => fact.type === "escalated" && fact.phase === phase).length;
    if (n >= limits.escalationsPerPhase)
      return {
        kind: "escalations",
        why: `phase ${phase} needed the decision of people ${n} times`,
      };
  }
  const crashed = since.filter(
    (fact) => fact.type === "dispatch-ended" && fact.status === "crashed",
  ).length;
  if (crashed >= limits.crashes) return { kind: "crashes", why: `${crashed} dispatches crashed` };
  return criticalFinding(since, limits.criticalReviews);
}

/** A critical finding goes back to the developer first; it ends the run when reviews keep on finding one. */
function criticalFinding(facts: readonly LedgerFact[], allowed: number): Abort | undefined {
  const reviews = new Map<string, string>();
  for (const fact of facts)
    if (fact.type === "finding" && fact.severity === "CRITICAL")
      reviews.set(fact.dispatchId ?? fact.taskId, fact.text);
  const texts = [...reviews.values()];
  if (texts.length < allowed) return undefined;
  return {
    kind: "security",
    why: `${texts.length} security reviews found something critical; last: ${texts.at(-1) ?? ""}`,
  };
}
