import { fullName } from "../domain/ids.ts";
import type { RunView, TaskView } from "../domain/run/run.ts";
import { statusReport } from "../domain/status-schema.ts";
import { evidenceMatrix, gapsSection } from "./evidence-matrix.ts";
import { evidenceTable, failedOutput } from "./evidence-table.ts";
import { gateSection } from "./gate-section.ts";
import { otherHalves } from "./hand-off.ts";
import { cell, code, details, fence, fit, inert, type Section } from "./markdown.ts";
import { phaseGraph } from "./mermaid.ts";
import { runDetails } from "./run-details.ts";
import { stateSentence } from "./state.ts";
import { triageLines } from "./triage.ts";
import { count, duration, money, shortSha } from "./words.ts";

/** What the status comment needs to know beside the ledger. */
export interface StatusContext {
  /** Where people read the repository, without a slash at the end. */
  readonly webUrl: string;
  readonly requests?: {
    readonly total: number;
    readonly contentCreating: number;
    readonly edits: number;
  };
}

/** What the hidden line of a run's one status comment says; by it the comment is found again. */
export function statusMarkerName(runId: string): string {
  return `orchestrate:status:${runId}`;
}

/** What stands on the issue once the report has moved to the pull request. */
export function movedComment(runId: string, pullRequest: number): string {
  return `<!-- ${statusMarkerName(runId)} -->\nThis run has opened pull request #${pullRequest}; its report stands there and is kept up to date.`;
}

/** The whole status comment of a run, at most 65,536 characters; the least important detail is trimmed first. */
export function statusComment(view: RunView, context: StatusContext): string {
  const sections: Section[] = [
    { text: `<!-- ${statusMarkerName(view.runId)} -->\n### ${stateSentence(view)}`, importance: 0 },
    { text: overview(view, context), importance: 0 },
    { text: fence(phaseGraph(view), "mermaid"), importance: 3 },
    { text: taskList(view), importance: 1, shorter: `${count(view.tasks.length, "task")}.` },
    ...optional(requirements(view), 4),
    ...optional(view.endedAt && gapsSection(view), 3),
    ...optional(evidenceTable(view), 1),
    ...optional(failedOutput(view), 2),
    ...optional(gateSection(view), 3),
    ...optional(errorLog(view), 4),
    ...optional(noteList(view), 5),
    { text: details("Tasks: branch, time, tokens, cost", taskTable(view, context)), importance: 5 },
    ...optional(provenance(view), 6),
    {
      text: details(
        "Status report (JSON)",
        fence(JSON.stringify(statusReport(view), null, 2), "json"),
      ),
      importance: 0,
    },
    {
      text: details("Run details (JSON)", fence(JSON.stringify(runDetails(view), null, 2), "json")),
      importance: 7,
    },
  ];
  return fit(sections);
}

function optional(text: string | false | undefined, importance: number): Section[] {
  return text ? [{ text, importance }] : [];
}

function overview(view: RunView, context: StatusContext): string {
  const { started } = view;
  const tree = `${context.webUrl}/${fullName(view.repo)}/tree/${started.runBranch}`;
  const lines = [
    `**Task:** ${inert(started.task || started.issueTitle)}`,
    `**Requested by:** ${inert(started.requestedBy)} · **Branch:** [${code(started.runBranch)}](${tree}) · **Base:** ${code(`${started.baseBranch}@${shortSha(started.baseSha)}`)}`,
  ];
  const approach = triageLines(view);
  if (approach) lines.push(approach);
  if (view.pullRequest)
    lines.push(
      `**Pull request:** #${view.pullRequest.number}${view.pullRequest.draft ? " (draft)" : ""}`,
    );
  const halves = otherHalves(view);
  if (halves) lines.push(halves);
  const tokens = view.usage.inputTokens + view.usage.outputTokens;
  const time = Date.parse(view.endedAt ?? view.updatedAt) - Date.parse(view.startedAt);
  const figures = [`${duration(time)} so far`.replace(" so far", view.endedAt ? "" : " so far")];
  figures.push(`${count(tokens, "token")} (${money(view.usage.usd)})`);
  if (context.requests)
    figures.push(
      `${count(context.requests.total, "GitHub request")} (${context.requests.contentCreating} creating content, ${context.requests.edits} edits)`,
    );
  lines.push(`**Spent:** ${figures.join(" · ")}`);
  return lines.join("\n");
}

function taskList(view: RunView): string {
  if (view.tasks.length === 0) return "The plan is being made; its tasks will be listed here.";
  const lines: string[] = [];
  for (const phase of view.phases) {
    const tasks = view.tasks.filter((task) => task.phase === phase.phase);
    const reason = phase.reason ? `: ${inert(phase.reason)}` : "";
    lines.push(
      `- [${phase.state === "completed" ? "x" : " "}] **${phase.phase}** (${phase.state}${reason})`,
    );
    for (const task of tasks)
      lines.push(`  - [${task.state === "accepted" ? "x" : " "}] ${taskLine(task)}`);
  }
  return lines.join("\n");
}

function taskLine(task: TaskView): string {
  const mode = task.task.mode ? `, ${task.task.mode}` : "";
  const attempts = task.dispatches.length > 1 ? `, attempt ${task.dispatches.length}` : "";
  const added = task.addedBecause ? ` (added: ${inert(task.addedBecause)})` : "";
  return `${inert(task.task.title)} — ${code(task.task.specialist)}${mode} · ${task.state}${attempts}${added}`;
}

function requirements(view: RunView): string | undefined {
  const matrix = evidenceMatrix(view);
  return (
    matrix &&
    details(`Requirements and what proves them (${view.plan?.requirements.length ?? 0})`, matrix)
  );
}

function errorLog(view: RunView): string | undefined {
  if (view.errors.length === 0) return undefined;
  const rows = view.errors.map(
    (e) =>
      `| ${e.phase ?? ""} | ${inert(e.agent ?? "")} | ${inert(e.error).slice(0, 500)} | ${inert(e.resolution)} |`,
  );
  const table = [
    "| Phase | Agent | What went wrong | What was done |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
  return details(`What went wrong on the way (${rows.length})`, table);
}

function noteList(view: RunView): string | undefined {
  if (view.notes.length === 0) return undefined;
  const items = view.notes.map((note) => `- ${inert(note)}`);
  return details(`Notes of the host (${items.length})`, items.join("\n"));
}

function taskTable(view: RunView, context: StatusContext): string {
  const rows = view.tasks.map((task) => {
    const ms = task.dispatches.reduce((sum, d) => sum + (d.durationMs ?? 0), 0);
    const tokens = task.dispatches.reduce(
      (sum, d) => sum + (d.usage?.inputTokens ?? 0) + (d.usage?.outputTokens ?? 0),
      0,
    );
    const prices = task.dispatches.map((d) => (d.usage ? d.usage.usd : 0));
    const usd = prices.some((price) => price === null)
      ? null
      : prices.reduce<number>((sum, p) => sum + (p ?? 0), 0);
    const commit = task.sha
      ? `[${code(shortSha(task.sha))}](${context.webUrl}/${fullName(view.repo)}/commit/${task.sha})`
      : "";
    const branch = task.branch ? code(task.branch.split("/").at(-1) ?? "") : "";
    const time = task.dispatches.some((d) => d.durationMs !== undefined)
      ? `${duration(ms)} (measured)`
      : "";
    return `| ${code(task.task.id)} | ${branch} ${commit} | ${time} | ${tokens.toLocaleString("en-US")} | ${money(usd)} |`;
  });
  return [
    "| Task | Branch and commit | Time | Tokens | Cost |",
    "| --- | --- | --- | ---: | ---: |",
    ...rows,
  ].join("\n");
}

function provenance(view: RunView): string | undefined {
  if (view.loads.length === 0) return undefined;
  const rows = view.loads.map(
    (l) =>
      `| ${inert(l.scope)} | ${l.kind} | ${cell(l.path)} | ${inert(l.source)} | ${code(l.sha256.slice(0, 12))} | ${inert(l.reason)} |`,
  );
  const table = [
    "| For | Kind | Path | From | sha256 | Why |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
  const dropped =
    view.droppedClaims.length > 0
      ? `\n\nClaimed by a model but never loaded: ${view.droppedClaims.map(code).join(", ")}.`
      : "";
  return details(`Definitions and skills that shaped this run (${rows.length})`, table + dropped);
}
