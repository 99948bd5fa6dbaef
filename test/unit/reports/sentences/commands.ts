import * as replies from "../../../../src/commands/replies.ts";
import { RunId } from "../../../../src/domain/ids.ts";
import type { LiveRun } from "../../../../src/ports/control.ts";
import * as orders from "../../../../src/reports/order-replies.ts";
import { approvalQuestion } from "../../../../src/reports/plan-words.ts";
import { missingBranch, wrongProfile } from "../../../../src/reports/replies.ts";
import { QUESTION } from "./examples.ts";
import { listed, type Situation, said } from "./said.ts";

const RUN: LiveRun = {
  runId: RunId.parse("7-12-r1"),
  issue: 12,
  pullRequest: 14,
  requestedBy: "alice",
  state: "Working on testing (2 specialists at work), 1 of 6 tasks done",
};

/** What is said to a person's command. */
export const COMMAND_SITUATIONS: readonly Situation[] = [
  {
    heading: "A command that starts nothing",
    said: [
      said(replies.notServed, "other"),
      said(
        replies.refused,
        "olive",
        "`/orchestrate` needs write permission in this repository; you have read.",
      ),
      listed(replies.ACTIONS, "ACTIONS"),
      said(replies.tooMany, "alice"),
      said(replies.closed, 12),
      said(missingBranch, "relase"),
      said(wrongProfile, ".github/orchestrator.yml", "- `commands.test`: expected a text, got 3."),
      said(replies.notLive, "pause"),
      said(replies.noRunYet),
    ],
  },
  {
    heading: "A second command where a run is at work",
    said: [
      said(replies.alreadyLive, RUN),
      said(replies.steered, RUN, orders.told(2)),
      said(
        replies.steered,
        { ...RUN, state: "Complete: build and tests passed on aaaaaaa", standsBy: true },
        orders.nextRound(),
      ),
      said(replies.steered, RUN, undefined),
      said(replies.optionsIgnored),
      said(replies.moreCommands, 1),
      said(replies.moreCommands, 3),
    ],
  },
  {
    heading: "An order to a run",
    said: [
      said(orders.told, 1),
      said(orders.told, 3),
      said(orders.told, 0),
      said(orders.nextRound),
      said(orders.pausing, 0),
      said(orders.pausing, 1),
      said(orders.pausing, 3),
      said(orders.nothingToPause),
      said(orders.resumed),
      said(orders.retried, undefined),
      said(orders.retried, "testing"),
      said(orders.skipped, "quality"),
      said(orders.budgetSet, 40),
      said(orders.cancelled),
      said(orders.noPlanWaits),
      said(orders.unclearAnswer, 1, QUESTION),
      said(orders.aboutToStart),
      said(replies.issueClosed, 12, "pause"),
      said(replies.issueClosed, 12, "cancel"),
    ],
  },
  {
    heading: "An answer, or what was meant as one",
    said: [
      said(orders.answerTaken, 2),
      said(orders.answeredBefore, 2),
      said(orders.whichQuestion, []),
      said(orders.whichQuestion, [1, 2]),
      said(replies.howToAnswer, 2, QUESTION),
      said(orders.notPlainlyApproved, 2, approvalQuestion(undefined)),
      said(replies.whomToAnswer, 2, QUESTION, "/orchestrate frontend-orchestrator"),
      said(replies.severalTicks, 2),
    ],
  },
  { heading: "Help", said: [said(replies.help)] },
];
