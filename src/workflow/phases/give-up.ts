import { abortReason } from "../../domain/run/abort.ts";
import { givenUp as givenUpBlocks } from "../../reports/blocked-words.ts";
import { endedWords, madeAPlan } from "../../reports/reasons.ts";
import type { RunContext } from "../context.ts";
import { block } from "../people/escalate.ts";

/**
 * Ends the run when its ledger says that going on is no use: too many escalations, crashes, a critical finding that
 * stays. A used-up budget is a stop of its own (`within-budget.ts`). Asked before each round of dispatches. True when the run has ended.
 */
export async function givenUp(run: RunContext): Promise<boolean> {
  const { limits } = run.ports;
  const reason = abortReason(run.facts, limits);
  if (!reason) return false;
  await block(run, givenUpBlocks(reason.why, attemptsOf(run)));
  return true;
}

/** Who was dispatched so far, the latest last, in a few words each. */
function attemptsOf(run: RunContext): string[] {
  const ended = run.facts.flatMap((fact) =>
    fact.type === "dispatch-ended" ? [endedWords(fact)] : [],
  );
  return ended.length === 0 ? [madeAPlan()] : ended.slice(-ATTEMPTS_SHOWN);
}

const ATTEMPTS_SHOWN = 5;
