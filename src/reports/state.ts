import { openQuestions } from "../domain/run/question-view.ts";
import type { QueuePlace } from "../domain/run/queue.ts";
import type { RunView } from "../domain/run/run.ts";
import { dispatchesAtWork } from "../domain/run/state-now.ts";
import type { OpenWait } from "../domain/run/wait-view.ts";
import { awaitedHalf } from "../domain/triage/full-stack.ts";
import { clip, inert } from "./markdown.ts";
import { clock, count, listed, ordinal, shortSha } from "./words.ts";

/** A reason in the headline is cut here. */
const BECAUSE_SHOWN = 120;

/**
 * One true sentence about where the run stands. The words of success come only from the state `complete`. `queue` is
 * given while nobody works for the run because all places are taken.
 */
export function stateSentence(view: RunView, queue?: QueuePlace): string {
  switch (view.state) {
    case "complete":
      return `${completeSentence(view)}${readingWords(view)}`;
    case "blocked":
      return `${halfSentence(view) ?? "⛔ Blocked: this run needs a person"}${readingWords(view)}`;
    case "failed":
      return "❌ Failed: this run ended without a result";
    case "cancelled":
      return "🚫 Cancelled";
    default:
      return openSentence(view, queue);
  }
}

/** A run whose own half is done needs no person: it waits for the other side. */
function halfSentence(view: RunView): string | undefined {
  const half = awaitedHalf(view);
  if (half) return `⏳ Waiting for ${half.record.to}: this side is done and verified`;
  const whole = view.triage?.mode === "frontend-hand-off" ? view.handOffs[0] : undefined;
  return whole && `↪️ Handed to ${whole.record.to}: nothing of it is done here`;
}

/** A question stays in sight while a pause is on its way: answering it is what people can do. */
function openSentence(view: RunView, queue: QueuePlace | undefined): string {
  const { stopping, wait } = view;
  const waits = view.state === "waiting" ? wait : undefined;
  if (stopping && (stopping.how === "cancel" || waits?.for !== "person"))
    return stoppingSentence(view, stopping);
  return waits ? waitSentence(view, waits) : workSentence(view, queue);
}

function completeSentence(view: RunView): string {
  const proof = `build and tests passed on ${view.headSha.slice(0, 7)}`;
  if (!view.closed) return `✅ Complete: ${proof}`;
  const done = view.closed.merged ? "merged" : "closed without merging";
  return `✅ Complete, and ${done} by ${inert(view.closed.by)}: ${proof}`;
}

function stoppingSentence(view: RunView, { by, how }: NonNullable<RunView["stopping"]>): string {
  if (how === "cancel") return `🛑 Stopping, as ${inert(by)} asked`;
  const atWork = dispatchesAtWork(view).length;
  return atWork === 0
    ? `⏸️ Pausing, as ${inert(by)} asked`
    : `⏸️ Pausing, as ${inert(by)} asked: ${count(atWork, "specialist")} still at work`;
}

function waitSentence(view: RunView, wait: OpenWait): string {
  switch (wait.for) {
    case "person": {
      const numbers = openQuestions(view).map(({ number }) => `Q${number}`);
      return `❓ Waiting for your answer${numbers.length === 0 ? "" : ` to ${listed(numbers)}`}`;
    }
    case "ci":
      return "⏳ Waiting for the required checks of this repository";
    case "rate-limit":
      return `⏳ Waiting for GitHub's rate limit${wait.until ? ` until ${wait.until}` : ""}`;
    case "github":
      return `⏳ GitHub cannot be reached since ${clock(wait.since)}; trying again`;
    case "machine":
      return `⏳ A step fails on this machine since ${clock(wait.since)}; trying again`;
    case "budget":
      return "💰 Stopped: the budget of this run is spent";
    case "paused":
      return `⏸️ Paused${wait.by === undefined ? "" : ` by ${inert(wait.by)}`}`;
  }
}

/** What the run works on at this moment: a phase, a round after the end, or what it mends or proves at the end. */
function workSentence(view: RunView, queue: QueuePlace | undefined): string {
  if (queue)
    return `🕒 Queued: ${ordinal(queue.place)} of ${queue.of} waiting in this repository, ${queue.atWork.length} at work`;
  if (!view.plan) return "🧭 Planning";
  const phase = view.phases.find(({ state }) => state === "running")?.phase;
  const active = view.tasks.filter((task) => task.state === "running");
  const atWork = active.length === 0 ? [] : [`${count(active.length, "specialist")} at work`];
  if (view.round) return `🔧 ${roundWords(view, view.round)}${beside([phase, ...atWork])}`;
  if (phase !== undefined) return `🔧 Working on ${phase}${beside(atWork)}`;
  const because = active.find(({ addedBecause }) => addedBecause !== undefined)?.addedBecause;
  if (because !== undefined)
    return `🔧 Working, because ${clip(inert(because), BECAUSE_SHOWN)}${beside(atWork)}`;
  const proving = view.phases.every(({ state }) => state === "completed" || state === "skipped");
  return proving ? `🔧 Running the build and the tests on ${shortSha(view.headSha)}` : "🔧 Working";
}

function beside(words: readonly (string | undefined)[]): string {
  const known = words.filter((word) => word !== undefined);
  return known.length === 0 ? "" : ` (${known.join(", ")})`;
}

function roundWords(view: RunView, round: NonNullable<RunView["round"]>): string {
  const by = inert(round.by);
  switch (round.kind) {
    case "review":
      return `Working on ${by}'s review: ${count(round.comments, "comment")}`;
    case "request":
      return `Working on what ${by} asked for`;
    case "push":
      return `Verifying what ${by} pushed`;
    case "half":
      return `Verifying both halves, since ${by} reported the other one`;
    case "base":
      return `Working on a conflict with ${inert(view.started.baseBranch)}`;
  }
}

/** While a review is read the run stands as it stood, and says that, too. */
function readingWords(view: RunView): string {
  const { reading } = view;
  if (reading === undefined || dispatchesAtWork(view).length === 0) return "";
  return `; reading ${inert(reading.by)}'s review of ${count(reading.comments, "comment")}`;
}
