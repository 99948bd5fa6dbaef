import type { LedgerEvent } from "../src/domain/run/ledger-event.ts";
import type { Turn } from "../src/playground/scripted-model/script.ts";
import type { Happening } from "./happenings.ts";
import { type Sample, sampleOf } from "./measure.ts";

/** What dispatches take beyond their agent's own time, in milliseconds. */
export interface DispatchCosts {
  /** From the dispatch's start in the ledger to its first question to the model: instructions, clone, jail, agent. */
  readonly starting: Sample;
  /** From one answer of the model to the next question: gateway, agent, one tool. */
  readonly betweenTurns: Sample;
  /** From the last answer to the dispatch's end in the ledger: submission, end of the agent, commit, bundle. */
  readonly ending: Sample;
}

/** Costs of all dispatches of one run; `turns` are the questions to the model during that run. */
export function dispatchCosts(of: {
  facts: readonly Happening<{ event: LedgerEvent }>[];
  turns: readonly Happening<Turn>[];
  turnMs: number;
}): DispatchCosts {
  const starting: number[] = [];
  const betweenTurns: number[] = [];
  const ending: number[] = [];
  for (const { at, value } of of.facts) {
    const { fact } = value.event;
    if (fact.type !== "dispatch-started") continue;
    const asked = of.turns.filter(
      ({ value: turn }) => turn.task === fact.taskId && turn.attempt === fact.attempt,
    );
    const first = asked.at(0);
    const last = asked.at(-1);
    const end = of.facts.find(
      ({ value: { event } }) =>
        event.fact.type === "dispatch-ended" && event.fact.dispatchId === fact.dispatchId,
    );
    if (!first || !last || !end) throw new Error(`Dispatch ${fact.dispatchId} is not whole.`);
    starting.push(first.at - at);
    ending.push(end.at - last.at - of.turnMs);
    for (const [n, turn] of asked.entries()) {
      const before = asked[n - 1];
      if (before) betweenTurns.push(turn.at - before.at - of.turnMs);
    }
  }
  return {
    starting: sampleOf(starting),
    betweenTurns: sampleOf(betweenTurns),
    ending: sampleOf(ending),
  };
}
