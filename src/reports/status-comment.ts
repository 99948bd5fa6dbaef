import { fullName } from "../domain/ids.ts";
import type { RunView, TaskView } from "../domain/run/run.ts";
import { type StatusReport, statusReport } from "../domain/status-schema.ts";
import { estimateWords } from "./estimate.ts";
import { evidenceMatrix, gapsSection } from "./evidence-matrix.ts";
import { evidenceTable, failedOutput } from "./evidence-table.ts";
import { gateSection } from "./gate-section.ts";
import { instructionList } from "./instructions.ts";
import { cell, clip, code, details, fence, fit, inert, type Section } from "./markdown.ts";
import { phaseGraph } from "./mermaid.ts";
import { overview, type StatusContext } from "./overview.ts";
import { runDetails } from "./run-details.ts";
import { stateSentence } from "./state.ts";
import { checkpointLine } from "./supplied-words.ts";
import { testsSection } from "./tests-section.ts";
import { whatIsWanted } from "./wanted.ts";
import { count, duration, money, shortSha } from "./words.ts";

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
    {
      text: `<!-- ${statusMarkerName(view.runId)} -->\n### ${stateSentence(view, context.queue)}`,
      importance: 0,
    },
    ...optional(whatIsWanted(view, context.queue), { importance: 0 }),
    { text: overview(view, context), importance: 0 },
    { name: "graph", text: fence(phaseGraph(view), "mermaid"), importance: 3 },
    {
      name: "tasks",
      text: taskList(view),
      importance: 1,
      shorter: `${count(view.tasks.length, "task")}.`,
    },
    ...optional(requirements(view), { name: "requirements", importance: 4 }),
    ...optional(view.endedAt && gapsSection(view), { name: "gaps", importance: 3 }),
    ...optional(evidenceTable(view), { name: "evidence", importance: 1 }),
    ...optional(failedOutput(view), { name: "output of failed commands", importance: 2 }),
    ...optional(testsSection(view), { name: "tests", importance: 2 }),
    ...optional(gateSection(view), { name: "gates", importance: 3 }),
    ...optional(instructionList(view), { name: "instructions", importance: 4 }),
    ...optional(errorLog(view), { name: "what went wrong on the way", importance: 4 }),
    ...optional(noteList(view), { name: "notes", importance: 5 }),
    {
      name: "branches and cost of each task",
      text: details("Tasks: branch, time, tokens, cost", taskTable(view, context)),
      importance: 5,
    },
    ...optional(provenance(view), { name: "definitions and skills", importance: 6 }),
    jsonReport(view),
    {
      name: "run details",
      text: details("Run details (JSON)", fence(JSON.stringify(runDetails(view), null, 2), "json")),
      importance: 7,
    },
  ];
  return fit(sections);
}

/** Of what grows with a run, so many of the latest are shown. */
const ROWS_SHOWN = 100;

/** So many skills stand in the JSON of a report that would be too long otherwise. */
const SKILLS_KEPT = 50;

/** The nine keys; the longest lists are cut before anything else of it goes. */
function jsonReport(view: RunView): Section {
  function block(report: StatusReport): string {
    return details("Status report (JSON)", fence(JSON.stringify(report, null, 2), "json"));
  }
  const report = statusReport(view);
  const shorter = {
    ...report,
    skills_invoked: report.skills_invoked.slice(0, SKILLS_KEPT),
    library_skills_read: report.library_skills_read.slice(0, SKILLS_KEPT),
  };
  return {
    name: "skills in the JSON",
    text: block(report),
    importance: 0.5,
    shorter: block(shorter),
  };
}

function optional(
  text: string | false | undefined,
  of: Pick<Section, "name" | "importance">,
): Section[] {
  return text ? [{ text, ...of }] : [];
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
    for (const task of tasks) {
      lines.push(`  - [${task.state === "accepted" ? "x" : " "}] ${taskLine(task)}`);
      const checkpoint = checkpointLine(view, task.task.id);
      if (checkpoint) lines.push(`  - ${checkpoint}`);
    }
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
  const rows = view.errors
    .slice(-ROWS_SHOWN)
    .map(
      (e) =>
        `| ${e.phase ?? ""} | ${inert(e.agent ?? "")} | ${clip(inert(e.error), 500)} | ${clip(inert(e.resolution), 500)} |`,
    );
  const table = [
    "| Phase | Agent | What went wrong | What was done |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
  return details(`What went wrong on the way (${counted(rows, view.errors)})`, table);
}

function noteList(view: RunView): string | undefined {
  if (view.notes.length === 0) return undefined;
  const items = view.notes.slice(-ROWS_SHOWN).map((note) => `- ${clip(inert(note), 1_000)}`);
  return details(`Notes of the host (${counted(items, view.notes)})`, items.join("\n"));
}

/** `7`, or `the latest 100 of 230`. */
function counted(shown: readonly unknown[], all: readonly unknown[]): string {
  return shown.length === all.length
    ? String(all.length)
    : `the latest ${shown.length} of ${all.length}`;
}

/** How long a task that nobody has begun is expected to take. */
function expected(view: RunView, { task }: TaskView): string {
  const estimate = view.forecast?.times[task.id];
  return estimate === undefined ? "" : estimateWords(estimate);
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
    const branch = task.branch
      ? `[${code(task.branch.split("/").at(-1) ?? "")}](${context.webUrl}/${fullName(view.repo)}/tree/${task.branch})`
      : "";
    const time = task.dispatches.some((d) => d.durationMs !== undefined)
      ? `${duration(ms)} (measured)`
      : expected(view, task);
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
