import { openQuestions } from "../domain/run/question-view.ts";
import type { QueuePlace } from "../domain/run/queue.ts";
import type { BlockedView, QuestionView, RunView } from "../domain/run/run.ts";
import type { OpenWait } from "../domain/run/wait-view.ts";
import { awaitedHalf } from "../domain/triage/full-stack.ts";
import { clip, code, inert } from "./markdown.ts";
import { blockedSentence } from "./replies.ts";
import { clock, duration, listed, moment } from "./words.ts";

const QUESTION_SHOWN = 300;
const REASON_SHOWN = 2_000;
const ISSUES_NAMED = 10;

/** What a person is wanted for, or what will happen without one; undefined while the run simply works. */
export function whatIsWanted(view: RunView, queue?: QueuePlace): string | undefined {
  switch (view.state) {
    case "complete":
      return view.pullRequest && !view.closed
        ? `Pull request #${view.pullRequest.number} is ready for you. A review of it, or \`/orchestrate\` and what is missing, begins another round.`
        : undefined;
    case "blocked":
      return view.blocked && blockedBy(view, view.blocked);
    case "failed":
    case "cancelled":
      return `${sentence(view.failure ?? "The reason is not known")} Comment \`/orchestrate\` to start again.`;
    case "waiting":
      return view.wait && waitedFor(view, view.wait);
    case "working":
      return queue ? queued(queue) : view.heartbeat && stillAtWork(view.heartbeat);
  }
}

/** Issues are named as code: a link would leave a mark on each of them. */
function queued({ atWork, before }: QueuePlace): string {
  const now =
    atWork.length === 0
      ? "This machine is at work for other repositories."
      : `At work now: ${issues(atWork)}.`;
  const ahead = before.length === 0 ? "" : ` Before it: ${issues(before)}.`;
  return `Nobody has to do anything: it goes on by itself when its turn comes. ${now}${ahead} Whoever has several runs here lets the first ones of others pass.`;
}

/** What is at work and since when, as of the heartbeat: `backend-tester (unit) for 26 min`. */
function stillAtWork({ at, quietSince, atWork }: NonNullable<RunView["heartbeat"]>): string {
  const who = atWork.map(
    ({ role, mode, since }) =>
      `${inert(role)}${mode === undefined ? "" : ` (${inert(mode)})`} for ${minutes(since, at)}`,
  );
  const what = who.length === 0 ? `a step of the host for ${minutes(quietSince, at)}` : listed(who);
  return `Nobody has to do anything. Still at work at ${clock(at)}: ${what}.`;
}

function minutes(from: string, to: string): string {
  const whole = Math.floor((Date.parse(to) - Date.parse(from)) / 60_000);
  return duration(whole * 60_000);
}

function issues(numbers: readonly number[]): string {
  const named = numbers.slice(0, ISSUES_NAMED).map((number) => code(`#${number}`));
  const more = numbers.length - named.length;
  return listed(more > 0 ? [...named, `${more} more`] : named);
}

function blockedBy(view: RunView, blocked: BlockedView): string {
  const half = awaitedHalf(view);
  if (half)
    return `Nobody has to do anything here: the run is complete when ${inert(half.record.to)} says that its half is.`;
  const said = blockedSentence(blocked);
  if (view.triage?.mode === "frontend-hand-off") return said;
  return `${said}\n\nWhen that is settled, comment \`/orchestrate retry\`.`;
}

function waitedFor(view: RunView, wait: OpenWait): string {
  switch (wait.for) {
    case "person":
      return openQuestions(view).map(asked).join("\n") || inert(wait.detail);
    case "ci":
      return clip(inert(wait.detail), REASON_SHOWN);
    case "rate-limit":
      return "Nobody has to do anything: the run goes on by itself.";
    case "github":
    case "machine":
      return `Nobody has to do anything: it is tried again, and work that is done is kept. ${sentence(wait.detail)}`;
    case "budget":
      return `${sentence(wait.detail)} Comment \`/orchestrate budget <US dollars>\` to allow more, or \`/orchestrate cancel\` to stop.`;
    case "paused":
      return "Comment `/orchestrate resume` to go on, or `/orchestrate cancel` to stop.";
  }
}

function asked({ number, question, askedAt, reminders, commentUrl }: QuestionView): string {
  const name = commentUrl === undefined ? `Q${number}` : `[Q${number}](${commentUrl})`;
  const times =
    ["", ", reminded once", ", reminded twice"][reminders] ?? `, reminded ${reminders} times`;
  return `${name}: ${clip(inert(question.text), QUESTION_SHOWN)} (asked ${moment(askedAt)}${times})`;
}

/** Text as one inert sentence with a full stop. */
function sentence(text: string): string {
  const plain = clip(inert(text), REASON_SHOWN);
  const begun = plain.charAt(0).toUpperCase() + plain.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
