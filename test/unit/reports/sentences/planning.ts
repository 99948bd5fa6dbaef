import * as budget from "../../../../src/reports/budget.ts";
import * as words from "../../../../src/reports/plan-words.ts";
import { QUESTION } from "./examples.ts";
import { asked, blocked, type Situation, said } from "./said.ts";

const USED = "the run has used 82 % of the limit of $5.00";

/** What is said about plans, designs and money. */
export const PLANNING_SITUATIONS: readonly Situation[] = [
  {
    heading: "Plans and designs that wait for people",
    said: [
      asked(words.approvalQuestion, words.approvalQuestion(undefined)),
      asked(
        words.approvalQuestion,
        words.approvalQuestion("the run would use 85 % of the limit of $5.00"),
      ),
      blocked(words.planNotApproved, words.planNotApproved(undefined)),
      blocked(
        words.planNotApproved,
        words.planNotApproved({ by: "bob", text: "keep the old endpoint" }),
      ),
      blocked(words.undecidedTradeOff, words.undecidedTradeOff(QUESTION.text)),
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
      blocked(budget.stoppedForBudget, budget.stoppedForBudget(USED, "bob")),
      blocked(budget.stoppedForBudget, budget.stoppedForBudget(USED, undefined)),
      blocked(budget.nobodyRaised, budget.nobodyRaised("the limit of $5.00 is used up")),
    ],
  },
];
