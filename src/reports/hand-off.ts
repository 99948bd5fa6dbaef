import { z } from "zod";
import type { HandOffView } from "../domain/run/method-view.ts";
import type { RunView } from "../domain/run/run.ts";
import {
  HandOff,
  HandOffReply,
  handOffMarker,
  handOffReplyMarker,
} from "../domain/triage/hand-off.ts";
import { details, fence, inert } from "./markdown.ts";

/** The comment that hands work to another orchestrator: for people first, for machines in a fenced record. */
export function handOffComment(record: HandOff): string {
  return [
    `<!-- ${handOffMarker(record.run, record.to)} -->`,
    `### For ${inert(record.to)}`,
    inert(record.reason),
    list("Wanted", record.wanted),
    record.contracts.length > 0
      ? list("Contracts that both sides keep to", record.contracts)
      : "No contract is agreed for this.",
    ...(record.context.length > 0 ? [list("What was decided here", record.context)] : []),
    ...(record.required
      ? [
          "The whole request is not complete before this part is; say so in a reply with the record's run.",
        ]
      : []),
    details("Hand-off record (JSON)", fence(JSON.stringify(record, null, 2), "json")),
  ].join("\n\n");
}

/** What people are told on the issue of a request that is frontend work only. Nothing was dispatched. */
export function frontendNotice(record: HandOff): string {
  return [
    `This request concerns the frontend only, so nothing was done here: it belongs to ${inert(record.to)}.`,
    `Its hand-off record is below; ${inert(record.to)} picks it up by the label of this issue, or ask it yourself.`,
  ].join(" ");
}

/** How far the other half is, in one line for this run's report; undefined when nothing was handed over. */
export function otherHalves(view: RunView): string | undefined {
  if (view.handOffs.length === 0) return undefined;
  return view.handOffs.map(halfLine).join("\n");
}

function halfLine(half: HandOffView): string {
  const { record, state, by, url, commentUrl } = half;
  const words = {
    open: "not taken up yet",
    accepted: "under way",
    complete: "complete",
    declined: "declined",
  };
  const who = by === undefined ? "" : `, said by ${inert(by)}`;
  const links = [
    ...(commentUrl === undefined ? [] : [`[record](${commentUrl})`]),
    ...(url === undefined || !/^https?:\/\/[^\s()<>]+$/.test(url) ? [] : [`[its report](${url})`]),
  ];
  const where = links.length > 0 ? ` · ${links.join(" · ")}` : "";
  return `**Other half:** ${inert(record.to)}: ${words[state]}${who}${record.required ? " (required)" : ""}${where}`;
}

/** The record in a comment that `handOffComment` made; undefined for any other text. Checked like any foreign input. */
export function readHandOff(body: string): HandOff | undefined {
  const record = jsonIn(body, HandOff);
  return record && body.includes(`<!-- ${handOffMarker(record.run, record.to)} -->`)
    ? record
    : undefined;
}

/** What another orchestrator answered about `run`; undefined for any other text. */
export function readHandOffReply(body: string, run: string): HandOffReply | undefined {
  const reply = jsonIn(body, HandOffReply);
  if (reply?.run !== run) return undefined;
  return body.includes(`<!-- ${handOffReplyMarker(run, reply.from)} -->`) ? reply : undefined;
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
