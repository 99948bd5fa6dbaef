import { TaskId } from "../../../../src/domain/ids.ts";
import { checkpointQuestion } from "../../../../src/domain/plan/supplied-plan.ts";
import * as budget from "../../../../src/reports/budget.ts";
import * as words from "../../../../src/reports/plan-words.ts";
import * as supplied from "../../../../src/reports/supplied-words.ts";
import { sha, soundPlan, viewOf } from "../../../helpers/run-facts.ts";
import { QUESTION } from "./examples.ts";
import { asked, blocked, type Situation, said } from "./said.ts";

const FILE = { from: "file" as const, path: "docs/plans/lists.md", sha: sha("b") };
const CONCERNS = [
  'Task 2 (Add a list) leaves work open: "TBD".',
  "Task 3 (Test it): nothing says what `npm test` must show.",
];
const CHECKS = [{ command: "npm test", exitCode: 0, passed: 12 }];
const [HANDLER, STORE] = [TaskId.parse("handler"), TaskId.parse("store")];
const SUPPLIED = viewOf(
  {
    type: "plan-accepted",
    plan: soundPlan(),
    supplied: { source: FILE, tasks: [HANDLER, STORE], batches: [[HANDLER], [STORE]] },
  },
  {
    type: "checkpoint-passed",
    batch: 1,
    of: 2,
    sha: sha("a"),
    verified: [{ command: "npm test", exitCode: 0, passed: 12 }],
    by: "bob",
  },
);

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
    heading: "A plan that somebody supplies",
    said: [
      said(supplied.sourceWords, FILE),
      said(supplied.sourceWords, { from: "issue" }),
      said(supplied.suppliedReason, "docs/plans/lists.md at bbbbbbb"),
      said(supplied.planNotTaken),
      said(supplied.missingPlan, FILE.path, "bbbbbbb"),
      said(supplied.severalPlans, [FILE.path, "docs/plans/maps.md"]),
      said(supplied.noPlanLeft),
      asked(
        supplied.suppliedPlanQuestion,
        supplied.suppliedPlanQuestion("the issue", CONCERNS, [
          "read again",
          "plan here",
          "as it is",
          "stop",
        ]),
      ),
      asked(
        supplied.suppliedPlanQuestion,
        supplied.suppliedPlanQuestion("the issue", CONCERNS, ["read again", "as before", "stop"]),
      ),
      blocked(supplied.suppliedPlanBlocks, supplied.suppliedPlanBlocks("the issue", CONCERNS)),
      said(supplied.tasksLeftNote, ["Build the form"]),
      said(supplied.suppliedLine, SUPPLIED, "https://github.com/acme/assets"),
    ],
  },
  {
    heading: "A checkpoint between two batches of a supplied plan",
    said: [
      said(supplied.doneLine, "Add a list", sha("a")),
      said(supplied.verifiedWords, CHECKS),
      said(supplied.verifiedWords, []),
      asked(
        checkpointQuestion,
        checkpointQuestion({
          batch: 1,
          of: 2,
          done: [
            supplied.doneLine("Add a list", sha("a")),
            supplied.doneLine(supplied.verifiedWords(CHECKS), sha("a")),
          ],
        }),
      ),
      said(supplied.checkpointLine, SUPPLIED, "handler"),
      said(supplied.checkpointLine, SUPPLIED, "store"),
      said(supplied.readAnewNote, "the issue", 2, true),
      said(supplied.readAnewNote, "the issue", 0, false),
      blocked(
        supplied.stoppedAtCheckpoint,
        supplied.stoppedAtCheckpoint({ batch: 1, of: 2, by: "bob" }),
      ),
      blocked(supplied.stoppedAtCheckpoint, supplied.stoppedAtCheckpoint({ batch: 1, of: 2 })),
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
