import {
  type BudgetDecision,
  budgetDecision,
  budgetQuestion,
  type Spending,
  spendingOf,
} from "../../domain/budget/budget.ts";
import { workedMs } from "../../domain/budget/run-budget.ts";
import { budgetSpent, nobodyRaised, stoppedForBudget } from "../../reports/budget.ts";
import type { RunContext } from "../context.ts";
import { ask, block } from "../people/escalate.ts";
import { awaitBudget } from "../people/orders.ts";

/** Thrown when a run ends in the middle of its work; why stands in the ledger already. */
export class RunStopped extends Error {
  override readonly name = "RunStopped";
}

/** What the run has used, by the facts that it has taken in. */
export function usedBy(run: RunContext): Spending {
  return spendingOf(run.view, workedMs(run.events));
}

/** Why people are asked before so much more is used; undefined while they are not. */
export function nearLimit(run: RunContext, ahead: Spending | undefined): string | undefined {
  const decision = decide(run, ahead);
  return decision.kind === "ask" ? decision.because : undefined;
}

function decide(run: RunContext, ahead: Spending | undefined): BudgetDecision {
  return budgetDecision({
    budget: run.budget,
    used: usedBy(run),
    agreed: run.view.budgetAgreed,
    ...(ahead === undefined ? {} : { ahead }),
  });
}

/**
 * Lets the run go on only within its budget, before every dispatch: a warning at half of it is noted, at 80 % (with
 * what lies `ahead`) people are asked once, and a limit that is used up stops the run until somebody allows more.
 * Throws `RunStopped` when people stop it or nobody allows more in time.
 */
export async function withinBudget(run: RunContext, ahead?: Spending): Promise<void> {
  for (;;) {
    const decision = decide(run, ahead);
    if (decision.kind === "go") return;
    if (decision.kind === "warn") return warn(run, decision.because);
    if (decision.kind === "ask") await agree(run, decision.because);
    else await moreBudget(run, decision.because);
  }
}

/** Said once for each budget. */
async function warn(run: RunContext, because: string): Promise<void> {
  if (!run.takeWarning()) return;
  await run.record(`budget warning ${run.nextOrderKey()}`, { type: "note", text: because });
}

async function agree(run: RunContext, because: string): Promise<void> {
  const key = run.nextOrderKey();
  const answer = await ask(run, `budget ${key}`, { question: budgetQuestion(because) });
  if (answer?.option !== "a") {
    await block(run, stoppedForBudget(because, answer?.by));
    throw new RunStopped(because);
  }
  const by = answer.by;
  await run.record(`budget agreed ${key}`, { type: "budget-agreed", by, because });
}

/** Who allows more money after tokens or minutes were used up means that the run goes on: it gets those once more. */
export function grantMore(run: RunContext): void {
  const { usd: _money, ...rest } = run.budget;
  const decision = budgetDecision({ budget: rest, used: usedBy(run), agreed: true });
  if (decision.kind === "spent") run.grant();
}

async function moreBudget(run: RunContext, because: string): Promise<void> {
  const given = await awaitBudget(run, budgetSpent(because));
  if (given === "raised") return grantMore(run);
  if (given === "nobody") await block(run, nobodyRaised(because));
  else await block(run, stoppedForBudget(because, undefined));
  throw new RunStopped(because);
}
