import * as budget from "../../../../src/reports/budget.ts";
import * as words from "../../../../src/reports/plan-words.ts";
import { blockedSentence } from "../../../../src/reports/replies.ts";
import { QUESTION } from "./examples.ts";
import { type Situation, said, saidAs } from "./said.ts";

const USED = "the run has used 82 % of the limit of $5.00";

/** What is said about plans, designs and money. */
export const PLANNING_SITUATIONS: readonly Situation[] = [
  {
    heading: "Plans and designs that wait for people",
    said: [
      saidAs(words.undecidedTradeOff, blockedSentence(words.undecidedTradeOff(QUESTION.text))),
    ],
  },
  {
    heading: "The budget of a run",
    said: [
      said(
        budget.planNearLimit,
        "the run would use 85 % of the limit of $5.00",
        "Shall this plan be carried out?",
      ),
      said(budget.budgetSpent, "the limit of $5.00 is used up"),
      saidAs(budget.stoppedForBudget, blockedSentence(budget.stoppedForBudget(USED, "bob"))),
      saidAs(budget.stoppedForBudget, blockedSentence(budget.stoppedForBudget(USED, undefined))),
      saidAs(
        budget.nobodyRaised,
        blockedSentence(budget.nobodyRaised("the limit of $5.00 is used up")),
      ),
    ],
  },
];
