import { DispatchId, TaskId } from "../../../../src/domain/ids.ts";
import { PHASES } from "../../../../src/domain/phase.ts";
import type { LedgerFact } from "../../../../src/domain/run/ledger-event.ts";
import type { RoundOf } from "../../../../src/domain/run/pull-facts.ts";
import type { QueuePlace } from "../../../../src/domain/run/queue.ts";
import type { RunView } from "../../../../src/domain/run/run.ts";
import type { WaitReason } from "../../../../src/domain/run/wait-facts.ts";
import { checkRun, SUPERSEDED } from "../../../../src/reports/check-run.ts";
import { estimateWords, forecastWords } from "../../../../src/reports/estimate.ts";
import { evidenceMatrix, gapsSection } from "../../../../src/reports/evidence-matrix.ts";
import { evidenceTable, failedOutput } from "../../../../src/reports/evidence-table.ts";
import { instructionList } from "../../../../src/reports/instructions.ts";
import { overview, spentLine } from "../../../../src/reports/overview.ts";
import { phaseTable } from "../../../../src/reports/phase-table.ts";
import { progressWords } from "../../../../src/reports/progress.ts";
import { pullRequestBody, pullRequestTitle } from "../../../../src/reports/pull-request-body.ts";
import { stateSentence } from "../../../../src/reports/state.ts";
import { movedComment, statusComment } from "../../../../src/reports/status-comment.ts";
import { statusReply } from "../../../../src/reports/status-reply.ts";
import { triageLines } from "../../../../src/reports/triage.ts";
import * as waits from "../../../../src/reports/waits.ts";
import { whatIsWanted } from "../../../../src/reports/wanted.ts";
import { evidenceOf, plannedTask, sha, viewOf } from "../../../helpers/run-facts.ts";
import { BLOCKED, COMPLETED, OPENED, PLANNED, QUESTION } from "./examples.ts";
import { type Said, type Situation, said, saidAs } from "./said.ts";

const TRIAGED: LedgerFact = {
  type: "triaged",
  mode: "orchestrate",
  concerns: ["implementation", "testing"],
  reason: "Code and tests are asked for.",
};
const CANCELLED: LedgerFact = { type: "run-cancelled", by: "bob", reason: "asked to stop" };
const FAILED: LedgerFact = { type: "run-failed", reason: "The disk is full." };

const MERGED: LedgerFact = { type: "pull-request-closed", number: 14, merged: true, by: "alice" };
const ASKED: LedgerFact = {
  type: "question-asked",
  number: 2,
  question: QUESTION,
  mayAnswer: "alice",
  commentUrl: "https://github.com/acme/assets/issues/12#issuecomment-1",
};
const AT_WORK: LedgerFact = {
  type: "dispatch-started",
  dispatchId: DispatchId.parse("7-12-r1.unit.1"),
  taskId: TaskId.parse("unit"),
  role: "backend-tester",
  attempt: 1,
  baseSha: sha("0"),
};

const READING: LedgerFact = {
  type: "review-received",
  reviewId: 5,
  by: "bob",
  state: "changes_requested",
  comments: 3,
};

/** The host adds a task, and somebody works on it. */
function added(id: string, reason: string): LedgerFact {
  return { type: "task-added", phase: "quality", task: plannedTask(id), reason };
}

function mending(reason: string): LedgerFact {
  return added("fix-1", reason);
}

const MENDING: LedgerFact = { ...AT_WORK, taskId: TaskId.parse("fix-1") };
const ASKED_LEAD = added("feedback-5", "bob reviewed");
const READS: LedgerFact = { ...AT_WORK, taskId: TaskId.parse("feedback-5") };
const PROVING: readonly LedgerFact[] = PHASES.map((phase) => ({
  type: "phase-completed",
  phase,
  sha: sha("a"),
}));

/** A round after the end that bob is the cause of. */
function round(of: RoundOf, ...facts: LedgerFact[]): RunView {
  const reopened: LedgerFact = { type: "reopened", by: "bob", reason: "", phases: [], round: of };
  return viewOf(...OPENED, COMPLETED, reopened, ...facts);
}

function waitFor(wait: WaitReason): LedgerFact {
  return { type: "waiting", wait };
}

function waiting(wait: WaitReason): Said {
  return said(stateSentence, viewOf(PLANNED, waitFor(wait)));
}

function wanted(wait: WaitReason): Said {
  return said(whatIsWanted, viewOf(PLANNED, waitFor(wait)));
}

const CONTEXT = {
  webUrl: "https://github.com",
  requests: { total: 42, contentCreating: 5, edits: 9 },
};

function stillAtWork(...roles: string[]): LedgerFact {
  const atWork = roles.map((role) => ({ role, mode: "unit", since: "2026-01-01T11:34:00.000Z" }));
  return { type: "heartbeat", quietSince: "2026-01-01T11:35:00.000Z", atWork };
}

const QUEUED: QueuePlace = { place: 3, of: 4, before: [13, 14], atWork: [12] };

/** Title and summary of a check run, as GitHub shows them. */
function check(...facts: LedgerFact[]): Said {
  const shown = checkRun(viewOf(...OPENED, ...facts));
  const buttons = shown?.actions.map(({ label, description }) => `[${label}: ${description}]`);
  const text = `${shown?.conclusion ?? shown?.status}: ${shown?.title}\n\n${shown?.summary}\n\n${buttons?.join(" ")}`;
  return saidAs(checkRun, text);
}

/** A status comment without its blocks for machines. */
function status(view: RunView): Said {
  const text = statusComment(view, CONTEXT);
  return saidAs(statusComment, text.replace(/(`{3,})(json|mermaid)\n[\s\S]*?\n\1/g, "($2)"));
}

/** Where a run stands. */
export const REPORT_SITUATIONS: readonly Situation[] = [
  {
    heading: "The state of a run, in one sentence",
    said: [
      said(stateSentence, viewOf()),
      said(stateSentence, viewOf(PLANNED)),
      said(stateSentence, viewOf(PLANNED, { type: "phase-started", phase: "testing" })),
      said(stateSentence, viewOf(PLANNED, { type: "phase-started", phase: "testing" }, AT_WORK)),
      said(progressWords, viewOf(PLANNED, { type: "phase-started", phase: "testing" })),
      said(stateSentence, viewOf(PLANNED, mending('the required check "ci" failed'), MENDING)),
      said(stateSentence, viewOf(...OPENED, ...PROVING)),
      said(stateSentence, viewOf(...OPENED, COMPLETED, READING, ASKED_LEAD, READS)),
      said(stateSentence, round({ kind: "review", comments: 2 })),
      said(stateSentence, round({ kind: "review", comments: 2 }, mending("bob asked"), MENDING)),
      said(
        stateSentence,
        round({ kind: "review", comments: 1 }, { type: "phase-started", phase: "quality" }),
      ),
      said(stateSentence, round({ kind: "request" })),
      said(stateSentence, round({ kind: "push" })),
      said(stateSentence, round({ kind: "half" })),
      said(stateSentence, round({ kind: "base" })),
      said(stateSentence, viewOf(), QUEUED),
      said(progressWords, viewOf(PLANNED), QUEUED),
      said(stateSentence, viewOf(PLANNED, ASKED, waitFor({ for: "person", detail: "" }))),
      waiting({ for: "ci", detail: waits.checksAwaited(["build", "lint"]) }),
      waiting({ for: "rate-limit", detail: "GitHub asked to wait.", until: "14:05 UTC" }),
      waiting({ for: "github", detail: "GitHub does not answer." }),
      waiting({ for: "machine", detail: waits.roomAwaited("ENOSPC: no space left on device") }),
      waiting({ for: "budget", detail: "the limit of $20.00 is used up" }),
      said(stateSentence, viewOf(PLANNED, { type: "stop-ordered", by: "bob", how: "pause" })),
      said(
        stateSentence,
        viewOf(PLANNED, AT_WORK, { type: "stop-ordered", by: "bob", how: "pause" }),
      ),
      waiting({ for: "paused", detail: waits.pausedBy("bob"), by: "bob" }),
      said(stateSentence, viewOf(PLANNED, { type: "stop-ordered", by: "bob", how: "cancel" })),
      said(stateSentence, viewOf(...OPENED, COMPLETED)),
      said(stateSentence, viewOf(...OPENED, COMPLETED, MERGED)),
      said(stateSentence, viewOf(...OPENED, BLOCKED)),
      said(stateSentence, viewOf(...OPENED, FAILED)),
      said(stateSentence, viewOf(...OPENED, CANCELLED)),
    ],
  },
  {
    heading: "What people are wanted for",
    said: [
      said(whatIsWanted, viewOf(PLANNED), QUEUED),
      said(whatIsWanted, viewOf(PLANNED), { place: 1, of: 1, before: [], atWork: [] }),
      said(whatIsWanted, viewOf(PLANNED, stillAtWork("backend-tester", "backend-developer"))),
      said(whatIsWanted, viewOf(PLANNED, stillAtWork())),
      said(whatIsWanted, viewOf(PLANNED, ASKED, waitFor({ for: "person", detail: "" }))),
      said(
        whatIsWanted,
        viewOf(
          PLANNED,
          ASKED,
          { type: "reminded", number: 2, times: 2 },
          waitFor({ for: "person", detail: "" }),
        ),
      ),
      wanted({ for: "ci", detail: waits.checksAwaited(["build", "lint"]) }),
      wanted({ for: "rate-limit", detail: "GitHub asked to wait.", until: "14:05 UTC" }),
      wanted({ for: "github", detail: "GitHub did not answer to GET /repos/acme/assets." }),
      wanted({ for: "machine", detail: "git gc was stopped: no end or no progress in time" }),
      wanted({ for: "budget", detail: "the limit of $20.00 is used up" }),
      wanted({ for: "paused", detail: waits.pausedBy("bob") }),
      said(whatIsWanted, viewOf(...OPENED, COMPLETED)),
      said(whatIsWanted, viewOf(...OPENED, BLOCKED)),
      said(whatIsWanted, viewOf(...OPENED, FAILED)),
      said(whatIsWanted, viewOf(...OPENED, CANCELLED)),
      said(waits.answerAwaited, 2),
      said(waits.pausedBy, "bob"),
      said(waits.checksAwaited, ["build", "lint"]),
      said(waits.roomAwaited, "ENOSPC: no space left on device"),
    ],
  },
  {
    heading: "Parts of the report",
    said: [
      said(triageLines, viewOf(TRIAGED)),
      said(overview, viewOf(TRIAGED, ...OPENED), CONTEXT),
      said(spentLine, viewOf(...OPENED, COMPLETED), CONTEXT),
      said(phaseTable, viewOf(PLANNED, AT_WORK)),
      said(estimateWords, {
        basis: "measured",
        n: 7,
        medianMs: 240_000,
        p90Ms: 540_000,
        from: "repository",
      }),
      said(estimateWords, { basis: "prior", ms: 300_000, humanMinutes: 60, divisor: 12 }),
      said(forecastWords, {
        basis: "prior",
        ms: 1_200_000,
        tokens: 400_000,
        usd: null,
        tasks: 6,
        measuredTasks: 0,
        times: {},
      }),
      said(
        instructionList,
        viewOf(
          { type: "steered", by: "bob", text: "Use Postgres, please.", id: "1" },
          { type: "steered", by: "bob", text: "And keep it short.", id: "2" },
          {
            type: "steering-taken",
            id: "1",
            dispatchId: DispatchId.parse("7-12-r1.unit.1"),
            role: "backend-tester",
            how: "conversation",
          },
        ),
      ),
      said(evidenceTable, viewOf(...OPENED)),
      said(evidenceMatrix, viewOf(...OPENED)),
      said(gapsSection, viewOf(...OPENED)),
      said(
        failedOutput,
        viewOf(...OPENED, {
          type: "evidence",
          purpose: "final",
          evidence: evidenceOf({ exitCode: 1, outputTail: "expected 201, got 500" }),
        }),
      ),
    ],
  },
  {
    heading: "The status comment",
    said: [
      status(viewOf(TRIAGED, ...OPENED, { type: "phase-started", phase: "testing" })),
      said(movedComment, "7-12-r1", 14),
    ],
  },
  {
    heading: "The answer to /orchestrate status",
    said: [said(statusReply, viewOf(TRIAGED, ...OPENED, AT_WORK), CONTEXT)],
  },
  {
    heading: "The pull request",
    said: [said(pullRequestTitle, viewOf(...OPENED)), said(pullRequestBody, viewOf(...OPENED))],
  },
  {
    heading: "The check run",
    said: [
      check({ type: "phase-started", phase: "testing" }),
      check(COMPLETED),
      check(BLOCKED),
      check(FAILED),
      check(CANCELLED),
      {
        sentence: SUPERSEDED,
        name: "SUPERSEDED",
        text: `${SUPERSEDED.title}\n\n${SUPERSEDED.summary}`,
      },
    ],
  },
];
