import { z } from "zod";
import type { HandOffView } from "../domain/run/method-view.ts";
import type { RunView } from "../domain/run/run.ts";
import { awaitedHalf } from "../domain/triage/full-stack.ts";
import {
  HandOff,
  HandOffReply,
  type HandOffState,
  handOffLabel,
  handOffMarker,
  handOffReplyMarker,
} from "../domain/triage/hand-off.ts";
import { code, details, fence, fit, inert } from "./markdown.ts";
import { count } from "./words.ts";

const TICK = "This half is done";
const WORDS: Readonly<Record<HandOffState, string>> = {
  open: "not taken up yet",
  accepted: "under way",
  complete: "complete",
  declined: "declined",
};

/**
 * The comment that hands work to another orchestrator: for people first, for machines in a fenced record. `shown` is how
 * far both halves are; a required half that is not complete has a box by which a person says that it is.
 */
export function handOffComment(
  record: HandOff,
  shown: { readonly theirs: HandOffState; readonly ours: HandOffState | undefined },
): string {
  const open = record.required && shown.ours !== undefined && shown.theirs !== "complete";
  return fit([
    {
      text: [
        `<!-- ${handOffMarker(record.run, record.to)} -->`,
        `### For ${inert(record.to)}`,
        `${inert(record.reason)} It is found by the label ${code(handOffLabel(record.to))}.`,
        states(record, shown),
      ].join("\n\n"),
      importance: 0,
    },
    { text: list("Wanted", record.wanted), importance: 2 },
    {
      text:
        record.contracts.length > 0
          ? list("Contracts that both sides keep to", record.contracts)
          : "No contract is agreed for this.",
      importance: 1,
    },
    ...(record.context.length > 0
      ? [{ text: list("What was decided here", record.context), importance: 3 }]
      : []),
    ...(open ? [{ text: openWords(record), importance: 0 }] : []),
    {
      text: details(
        "Hand-off record (JSON)",
        fence(JSON.stringify({ ...record, state: shown.ours }, null, 2), "json"),
      ),
      importance: 0,
    },
  ]);
}

function states(
  { to, from }: HandOff,
  { theirs, ours }: { readonly theirs: HandOffState; readonly ours: HandOffState | undefined },
): string {
  const own = ours === undefined ? "" : ` · **${inert(from)}:** ${WORDS[ours]}`;
  return `**${inert(to)}:** ${WORDS[theirs]}${own}`;
}

function openWords({ to, from }: HandOff): string {
  return [
    `The whole request is not complete before this half is. ${inert(from)} hears of it when ${inert(to)} reports; where nothing reports, somebody who can write to this repository ticks the box:`,
    "",
    `- [ ] ${TICK}`,
  ].join("\n");
}

/** True when a person ticked the box of a hand-off comment. */
export function halfTicked(body: string): boolean {
  return body.split(/\r?\n/).some((line) => line.trimEnd() === `- [x] ${TICK}`);
}

/** What `name` says when work was handed to it: how to have it done. */
export function offer(record: HandOff, name: string): string {
  const { run, from, wanted } = record;
  const command = `/orchestrate ${name}`;
  return replyComment(
    {
      version: 1,
      run,
      from: name,
      state: "open",
      note: `Handed over by ${from}. Nothing is done before somebody who can write to this repository asks for it.`,
    },
    [
      `Comment \`${command}\` to have this done, with the contracts of the record:`,
      "",
      ...wanted.map((line) => `- ${inert(line)}`),
    ].join("\n"),
  );
}

/** Why there is nothing left of a hand-off to take up, by its record as its giver keeps it; undefined while there is. */
export function offerEnd(body: string, record: HandOff): "complete" | "declined" | undefined {
  if (record.state === "declined") return "declined";
  const done = states(record, { theirs: "complete", ours: undefined });
  return body.includes(done) ? "complete" : undefined;
}

/** In place of an offer that nobody took up, once there is nothing left to take up. */
export function offerOver(record: HandOff, name: string, state: "complete" | "declined"): string {
  const { run, from } = record;
  const note =
    state === "complete"
      ? "This half was done in another way. Nothing is left to take up."
      : `The run of ${from} that handed this over ended without it. Nothing is left to take up.`;
  return replyComment({ version: 1, run, from: name, state, note });
}

/** The request of a run that works on what was handed to it, in place of the issue's body. */
export function handedRequest(record: HandOff): string {
  const { from, wanted, contracts, context } = record;
  return [
    `${record.to} does what ${from} handed to it, and nothing else of the issue.`,
    section("Requirements", wanted, "- [ ] "),
    ...(contracts.length > 0 ? [section("Background: contracts that are agreed", contracts)] : []),
    ...(context.length > 0 ? [section(`Background: what ${from} decided`, context)] : []),
  ].join("\n\n");
}

function section(title: string, lines: readonly string[], mark = "- "): string {
  return [`## ${title}`, "", ...lines.map((one) => mark + one.replace(/\s*\n\s*/g, " "))].join(
    "\n",
  );
}

/** What a person would have to do, as the parts of the escalation sentence. */
export interface BlockedParts {
  readonly issue: string;
  readonly attempted: readonly string[];
  readonly recommend: string;
  readonly capability: string;
}

/** Nothing of the request is done here. */
export function handedOverWhole(record: HandOff, reason: string): BlockedParts {
  return {
    issue: "this is frontend work, which is not done here",
    attempted: [reason],
    recommend: record.to,
    capability: "the frontend changes",
  };
}

/** This side is done on `sha` and the other is not; `half` is missing where nothing could be handed over. */
export function halfMissing(sha: string, problem: string, half?: HandOffView): BlockedParts {
  const contracts = count(half?.record.contracts.length ?? 0, "agreed contract");
  const waits = half !== undefined && half.state !== "declined";
  return {
    issue: `this side is done and verified on ${sha.slice(0, 7)}, but ${problem}`,
    attempted: [`handed the other half over with ${contracts}`],
    recommend: waits ? half.record.to : "user",
    capability: waits
      ? "its half; this run goes on when it reports, or when somebody ticks the box in the hand-off record"
      : "a decision; tick the box in the hand-off record when that half is done in another way",
  };
}

/** In place of what was said to be missing, once it is not missing any more. */
export function halfDone(to: string, by: string): string {
  return `The half of ${inert(to)} is complete, said by ${inert(by)}: this run goes on.`;
}

/** What the label says about itself in the repository's list of labels. */
export function labelDescription(to: string): string {
  return `A half of this issue is handed to ${to}`.slice(0, 100);
}

/** How far this installation's own half is, for the other side; undefined where nothing of it is done here. */
export function ownHalf(view: RunView): HandOffState | undefined {
  if (view.triage?.mode === "frontend-hand-off") return undefined;
  if (view.state === "cancelled" || view.state === "failed") return "declined";
  if (view.closed && !view.closed.merged) return "declined";
  return view.state === "complete" || awaitedHalf(view) ? "complete" : "accepted";
}

/** The run's answer to the orchestrator that handed it its half; undefined for a run that nobody handed anything. */
export function replyOf(view: RunView): HandOffReply | undefined {
  const { handOff, orchestrator } = view.started;
  if (!handOff || orchestrator === undefined) return undefined;
  const url = view.pullRequest?.url;
  return {
    version: 1,
    run: handOff.run,
    from: orchestrator,
    state: ownHalf(view) ?? "accepted",
    ...(url === undefined ? {} : { url }),
    note: noteOf(view).slice(0, 2_000),
  };
}

function noteOf(view: RunView): string {
  if (view.blocked && view.state === "blocked") return `Blocked: ${view.blocked.issue}`;
  if (view.failure !== undefined) return view.failure;
  return `Run ${view.runId}, asked for by ${view.started.requestedBy}.`;
}

/** The comment in which this installation answers a hand-off; `offer` is what people are told to do next. */
export function replyComment(reply: HandOffReply, offer?: string): string {
  const { run, from, state, url, note } = reply;
  return [
    `<!-- ${handOffReplyMarker(run, from)} -->`,
    `### ${inert(from)}, about the hand-off of run ${inert(run)}`,
    `**State:** ${WORDS[state]}${url === undefined ? "" : ` · [pull request](${url})`}`,
    ...(note === undefined ? [] : [inert(note)]),
    ...(offer === undefined ? [] : [offer]),
    details("Reply (JSON)", fence(JSON.stringify(reply, null, 2), "json")),
  ].join("\n\n");
}

/** How far the other half is, in one line for this run's report; undefined when nothing was handed over. */
export function otherHalves(view: RunView): string | undefined {
  const lines = view.handOffs.map(halfLine);
  const { handOff } = view.started;
  if (handOff) lines.push(giverLine(handOff, view));
  return lines.length === 0 ? undefined : lines.join("\n");
}

function giverLine({ from, run }: HandOff, { giver }: RunView): string {
  const state = giver?.name === from ? giver.state : "accepted";
  return `**Other half:** ${inert(from)}, run ${inert(run)}, which handed this one over: ${WORDS[state]}`;
}

function halfLine(half: HandOffView): string {
  const { record, state, by, url, commentUrl } = half;
  const who = by === undefined ? "" : `, said by ${inert(by)}`;
  const links = [
    ...(commentUrl === undefined ? [] : [`[record](${commentUrl})`]),
    ...(url === undefined || !/^https?:\/\/[^\s()<>]+$/.test(url) ? [] : [`[its report](${url})`]),
  ];
  const where = links.length > 0 ? ` · ${links.join(" · ")}` : "";
  return `**Other half:** ${inert(record.to)}: ${WORDS[state]}${who}${record.required ? " (required)" : ""}${where}`;
}

/** The record in a comment that `handOffComment` made; undefined for any other text. Checked like any foreign input. */
export function readHandOff(body: string): HandOff | undefined {
  const record = jsonIn(body, HandOff);
  return record && body.includes(`<!-- ${handOffMarker(record.run, record.to)} -->`)
    ? record
    : undefined;
}

/** What another orchestrator answers about one of our runs; undefined for any other text. */
export function readHandOffReply(body: string): HandOffReply | undefined {
  const reply = jsonIn(body, HandOffReply);
  return reply && body.includes(`<!-- ${handOffReplyMarker(reply.run, reply.from)} -->`)
    ? reply
    : undefined;
}

const MAX_BODY = 70_000;

function jsonIn<T>(body: string, schema: z.ZodType<T>): T | undefined {
  const text = body.slice(0, MAX_BODY);
  const open = /^(`{3,})json\n/m.exec(text);
  if (!open) return undefined;
  const from = open.index + open[0].length;
  const end = text.indexOf(`\n${open[1] ?? ""}`, from);
  if (end < 0) return undefined;
  try {
    const parsed = schema.safeParse(JSON.parse(text.slice(from, end)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function list(title: string, lines: readonly string[]): string {
  return [`**${title}:**`, "", ...lines.map((line) => `- ${inert(line)}`)].join("\n");
}
