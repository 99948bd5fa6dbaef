import type { BudgetDecision } from "../budget/budget.ts";
import type { Limits } from "../limits.ts";
import { PHASES } from "../phase.ts";
import type { RunView } from "./run.ts";

/** Why a run is given up: dispatching stops, branches and report stay. */
export interface Abort {
  readonly kind: "escalations" | "security" | "crashes" | "budget";
  readonly why: string;
}

/**
 * The first reason to give a run up, by its ledger: too many escalations in one phase, a critical security finding
 * that its fix did not remove, crashed dispatches, or a used-up budget or time. Undefined while it may go on.
 */
export function abortReason(
  view: RunView,
  given: {
    readonly limits: Pick<Limits, "escalationsPerPhase" | "crashes" | "criticalReviews">;
    readonly budget: BudgetDecision;
  },
): Abort | undefined {
  const { limits, budget } = given;
  if (budget.kind === "spent") return { kind: "budget", why: budget.because };
  for (const phase of PHASES) {
    const n = view.escalations.filter((one) => one.phase === phase).length;
    if (n >= limits.escalationsPerPhase)
      return { kind: "escalations", why: `phase ${phase} had to be decided by people ${n} times` };
  }
  const dispatches = [...view.planning, ...view.tasks.flatMap((task) => task.dispatches)];
  const crashed = dispatches.filter((dispatch) => dispatch.status === "crashed").length;
  if (crashed >= limits.crashes) return { kind: "crashes", why: `${crashed} dispatches crashed` };
  return criticalFinding(view, limits.criticalReviews);
}

/** A critical finding goes back to the developer first; it ends the run when reviews keep on finding one. */
function criticalFinding(view: RunView, allowed: number): Abort | undefined {
  const reviews = new Map<string, string>();
  for (const finding of view.findings)
    if (finding.severity === "CRITICAL")
      reviews.set(finding.dispatchId ?? finding.taskId, finding.text);
  const texts = [...reviews.values()];
  if (texts.length < allowed) return undefined;
  return {
    kind: "security",
    why: `${texts.length} security reviews found something critical; last: ${texts.at(-1) ?? ""}`,
  };
}
