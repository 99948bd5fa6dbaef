/** What is said when a run comes to the end of its budget. */
import type { BlockedView } from "../domain/run/run.ts";
import { givenUpWords } from "./loops.ts";

type Blocked = Omit<BlockedView, "type">;

/** The question whether a plan shall be carried out that would come near a limit. */
export function planNearLimit(because: string, question: string): string {
  return `${capital(because)}. ${question}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The state of a run that has used up a limit and waits for more. */
export function budgetSpent(because: string): string {
  return `${capital(because)}; nobody is dispatched until more is allowed.`;
}

/** A person stopped the run before it overspent, or nobody said that it may go on, or its pull request was closed. */
export function stoppedForBudget(because: string, by: string | undefined): Blocked {
  return {
    issue:
      by === undefined
        ? `nobody let the run go on: ${because}`
        : `${by} stopped the run: ${because}`,
    attempted: ["asked before the budget was overspent"],
    recommend: "user",
    capability: "/orchestrate budget with what it may spend, then /orchestrate retry",
  };
}

/** The budget is used up, and nobody allowed more in time. */
export function nobodyRaised(because: string): Blocked {
  return {
    issue: givenUpWords(because),
    attempted: ["stopped and waited for a larger budget"],
    recommend: "user",
    capability: "/orchestrate budget with what it may spend, then /orchestrate retry",
  };
}
