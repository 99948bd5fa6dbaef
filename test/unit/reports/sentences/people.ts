import type { HandOff } from "../../../../src/domain/triage/hand-off.ts";
import * as consulting from "../../../../src/reports/consulting.ts";
import * as halves from "../../../../src/reports/hand-off.ts";
import * as loops from "../../../../src/reports/loops.ts";
import * as notes from "../../../../src/reports/notes.ts";
import {
  answeredQuestion,
  blockedSentence,
  closedQuestion,
  mayAnswerWords,
  questionComment,
  reminderComment,
  reminderDone,
} from "../../../../src/reports/replies.ts";
import * as reviews from "../../../../src/reports/review-replies.ts";
import { sha, viewOf } from "../../../helpers/run-facts.ts";
import { BLOCKED, QUESTION } from "./examples.ts";
import { asked, blocked, type Situation, said } from "./said.ts";

const STUCK = "the gate quality failed 3 times in a row for the same reason";

const ASKED = questionComment("7-12-r1", {
  number: 2,
  question: QUESTION,
  mayAnswer: mayAnswerWords("alice"),
});

const REMINDED = {
  number: 2,
  question: QUESTION,
  askedAt: "2026-01-01T12:00:00.000Z",
  commentUrl: "https://github.com/acme/assets/issues/12#issuecomment-1",
};

const RECORD: HandOff = {
  version: 1,
  from: "backend-orchestrator",
  to: "frontend-orchestrator",
  run: "7-12-r1",
  repository: "acme/assets",
  issue: 12,
  branch: "orchestrate/12-add-an-endpoint-r1/main",
  reason: "The upload form is frontend work.",
  wanted: ["A form that posts to /api/assets"],
  contracts: ["POST /api/assets {name} -> 201 {id, name}"],
  context: ["Names are unique."],
  required: true,
};

const LACKING = {
  specialist: "backend-developer",
  title: "Delete old assets",
  issue: "Nothing says after how many days an asset is old.",
};

const COMMENT = {
  id: "c1",
  class: "actionable" as const,
  text: "Please name this `storeAsset`.",
  path: "src/handler.js",
  line: 3,
};

/** What people are asked and answered. */
export const PEOPLE_SITUATIONS: readonly Situation[] = [
  {
    heading: "A question",
    said: [
      said(mayAnswerWords, "alice"),
      said(questionComment, "7-12-r1", {
        number: 2,
        question: QUESTION,
        mayAnswer: mayAnswerWords("alice"),
      }),
      said(answeredQuestion, ASKED, { by: "bob", text: "In Postgres", option: "b" }),
      said(answeredQuestion, ASKED, { by: "bob", text: "In SQLite, as everything here" }),
      said(reminderComment, "alice", { ...REMINDED, times: 1 }),
      said(reminderComment, "alice", { ...REMINDED, times: 3 }),
      said(reminderDone, 2, "bob"),
      said(closedQuestion, ASKED, 30),
    ],
  },
  { heading: "Blocked", said: [said(blockedSentence, BLOCKED)] },
  {
    heading: "A specialist that could not go on",
    said: [
      said(consulting.questionOf, { id: "handler", specialist: "backend-developer" }),
      said(consulting.helpWith, { id: "handler", specialist: "backend-developer" }),
      said(consulting.clarifiedBy, "plan", undefined),
      said(consulting.clarifiedBy, "research", "README.md"),
      said(consulting.clarifiedBy, "lead", undefined),
      said(consulting.conflictDecided, "src/handler.js:12", "keep the log"),
      asked(
        consulting.missingRequirement,
        consulting.missingRequirement({ ...LACKING, advice: "keep them for a day" }),
      ),
      asked(consulting.missingRequirement, consulting.missingRequirement(LACKING)),
      blocked(consulting.noAnswer, consulting.noAnswer(QUESTION.text)),
    ],
  },
  {
    heading: "A loop that has used up its limit",
    said: [
      said(loops.loopHistoryComment, "orchestrate:history:7-12-r1:Q2", [
        "Round 1, testing, unit: tests failed: test command `npm test` exited with 1",
      ]),
      said(loops.askedAgain, QUESTION.text, "the risk that you accept, in your own words"),
      said(loops.loopEnded, { by: "bob", accepted: false, why: STUCK, last: "no check" }),
      said(loops.loopEnded, { by: "bob", accepted: true, why: STUCK, last: undefined }),
      said(loops.loopEnded, { by: undefined, accepted: false, why: STUCK, last: undefined }),
      said(loops.givenUpWords, "3 dispatches crashed"),
    ],
  },
  {
    heading: "A review",
    said: [
      said(reviews.addressedReply, sha("a"), "renamed to storeAsset"),
      said(reviews.addressedReply, sha("a"), undefined),
      said(reviews.elsewhereReply, sha("a"), "renamed to storeAsset"),
      said(reviews.answerReply, "The name is checked in `src/store.js`, line 12."),
      said(reviews.contestedReply, "Without the lock two requests may store the same name."),
      said(reviews.reviewAnswer, [
        { comment: COMMENT, body: reviews.addressedReply(sha("a"), undefined) },
      ]),
    ],
  },
  {
    heading: "A hand-off",
    said: [
      said(halves.handOffComment, RECORD, { theirs: "open", ours: "accepted" }),
      said(halves.offer, RECORD, RECORD.to),
      said(halves.offerOver, RECORD, RECORD.to, "complete"),
      said(halves.offerOver, RECORD, RECORD.to, "declined"),
      said(halves.labelDescription, RECORD.to),
      blocked(
        halves.handedOverWhole,
        halves.handedOverWhole(RECORD, "The request concerns only frontend."),
      ),
      blocked(
        halves.halfMissing,
        halves.halfMissing(sha("a"), "the half of frontend-orchestrator is not complete", {
          record: RECORD,
          state: "accepted",
        }),
      ),
      blocked(
        halves.halfMissing,
        halves.halfMissing(sha("a"), "the half of frontend-orchestrator is declined", {
          record: RECORD,
          state: "declined",
        }),
      ),
      said(halves.halfDone, RECORD.to, "frontend-orchestrator"),
      said(halves.replyComment, {
        version: 1,
        run: "7-12-r1",
        from: RECORD.to,
        state: "complete",
        url: "http://127.0.0.1/p",
        note: "Run 7-12-r1, asked for by bob.",
      }),
      ...(["open", "accepted", "complete", "declined"] as const).map((state) =>
        said(
          halves.otherHalves,
          viewOf(
            { type: "handed-off", record: RECORD },
            { type: "hand-off-updated", to: RECORD.to, state, by: "frontend-orchestrator" },
          ),
        ),
      ),
    ],
  },
  {
    heading: "Notes of the host",
    said: [
      said(notes.plannedAnew),
      said(notes.skipNote, "bob", "quality", "reviewed by hand"),
      said(notes.skipReason, "bob", "reviewed by hand"),
      said(notes.leftOutNote, "testing", "tests of the whole service took 40 min, measured"),
      said(notes.planNotWritten, "docs/plans is not what docs/plans/x.md needs it to be"),
      said(
        notes.leftOutNote,
        "architecture",
        "such work takes about 9 h (measured, n = 5, median; P90 10 h), and the run had 20 min left",
      ),
      said(notes.budgetNote, "bob", 40),
      said(notes.notTakenNote, "GitHub does not answer"),
      said(notes.hintNote, 2),
      said(notes.longReviewNote, "bob", 60, 75),
      said(notes.reviewNote, "bob", true),
      said(notes.reviewNote, "bob", false),
    ],
  },
];
