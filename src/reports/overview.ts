import { fullName } from "../domain/ids.ts";
import type { QueuePlace } from "../domain/run/queue.ts";
import type { RunView } from "../domain/run/run.ts";
import { forecastWords } from "./estimate.ts";
import { otherHalves } from "./hand-off.ts";
import { clip, code, inert } from "./markdown.ts";
import { suppliedLine } from "./supplied-words.ts";
import { triageLines } from "./triage.ts";
import { count, duration, money, shortSha } from "./words.ts";

/** What a report needs to know beside the ledger. */
export interface StatusContext {
  /** Where people read the repository, without a slash at the end. */
  readonly webUrl: string;
  readonly requests?: {
    readonly total: number;
    readonly contentCreating: number;
    readonly edits: number;
  };
  /** Given while nobody works for the run because all places are taken. */
  readonly queue?: QueuePlace | undefined;
}

const TASK_SHOWN = 1_000;

/** What is worked on, for whom, where, how, and what it has used so far. */
export function overview(view: RunView, context: StatusContext): string {
  const { started } = view;
  const tree = `${context.webUrl}/${fullName(view.repo)}/tree/${started.runBranch}`;
  const lines = [
    `**Task:** ${clip(inert(started.task || started.issueTitle), TASK_SHOWN)}`,
    `**Requested by:** ${inert(started.requestedBy)} · **Branch:** [${code(started.runBranch)}](${tree}) · **Base:** ${code(`${started.baseBranch}@${shortSha(started.baseSha)}`)}`,
  ];
  const approach = triageLines(view);
  if (approach) lines.push(approach);
  const supplied = suppliedLine(view, `${context.webUrl}/${fullName(view.repo)}`);
  if (supplied) lines.push(supplied);
  const plan = planLine(view, context);
  if (plan) lines.push(plan);
  if (view.forecast) lines.push(`**Forecast:** ${forecastWords(view.forecast)}`);
  if (view.pullRequest)
    lines.push(
      `**Pull request:** #${view.pullRequest.number}${view.pullRequest.draft ? " (draft)" : ""}`,
    );
  const halves = otherHalves(view);
  if (halves) lines.push(halves);
  lines.push(spentLine(view, context));
  return lines.join("\n");
}

/** Where the plan document stands, at the commit in which it was written. */
function planLine(view: RunView, context: StatusContext): string | undefined {
  if (!view.planDocument) return undefined;
  const { path, sha } = view.planDocument;
  return `**Plan:** [${code(path)}](${context.webUrl}/${fullName(view.repo)}/blob/${sha}/${path})`;
}

/** Time, tokens, money and requests to GitHub. */
export function spentLine(view: RunView, context: StatusContext): string {
  const tokens = view.usage.inputTokens + view.usage.outputTokens;
  const time = Date.parse(view.endedAt ?? view.updatedAt) - Date.parse(view.startedAt);
  const figures = [
    `${duration(time)}${view.endedAt ? "" : " so far"}`,
    `${count(tokens, "token")} (${money(view.usage.usd)})`,
  ];
  if (context.requests) {
    const { total, contentCreating, edits } = context.requests;
    figures.push(
      `${count(total, "GitHub request")} (${contentCreating} creating content, ${count(edits, "edit")})`,
    );
  }
  return `**Spent:** ${figures.join(" · ")}`;
}
