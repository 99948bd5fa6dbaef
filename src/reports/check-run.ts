import type { RunId, Sha } from "../domain/ids.ts";
import type { QueuePlace } from "../domain/run/queue.ts";
import type { FindingView, RunView } from "../domain/run/run.ts";
import { awaitedHalf } from "../domain/triage/full-stack.ts";
import { gapsSection } from "./evidence-matrix.ts";
import { evidenceTable, failedOutput } from "./evidence-table.ts";
import { clip, fit, inert, type Section } from "./markdown.ts";
import { phaseTable } from "./phase-table.ts";
import { progressWords } from "./progress.ts";
import { whatIsWanted } from "./wanted.ts";

/** What a run's check run says. */
export interface CheckReport {
  readonly runId: RunId;
  readonly headSha: Sha;
  readonly status: "in_progress" | "completed";
  readonly conclusion?: "success" | "failure" | "neutral" | "cancelled" | "action_required";
  readonly title: string;
  readonly summary: string;
  readonly annotations?: readonly Annotation[];
  readonly actions: readonly Button[];
}

interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly level: "warning" | "failure";
  readonly message: string;
}

interface Button {
  readonly label: string;
  readonly description: string;
  readonly identifier: "cancel" | "retry";
}

/** GitHub's limit for the summary of a check run, in characters. */
const SUMMARY_LIMIT = 65_535;
/** More annotations than this help nobody. */
const MOST_ANNOTATIONS = 200;

const CANCEL: Button = {
  label: "Cancel",
  description: "Stop this run; its branches are kept",
  identifier: "cancel",
};
const RETRY: Button = {
  label: "Retry",
  description: "Carry out again what is not done",
  identifier: "retry",
};

/** What a check run says on a commit that is the run's head no more. */
export const SUPERSEDED = {
  title: "Superseded by a newer commit",
  summary: "The run goes on: how it stands is shown on the newest commit of its branch.",
} as const;

/**
 * The run's check run on its present head: where it stands, the evidence, and at the end the findings that stay open at
 * their file and line. Undefined before there is a pull request to show it on.
 */
export function checkRun(view: RunView, queue?: QueuePlace): CheckReport | undefined {
  if (!view.pullRequest) return undefined;
  const conclusion = conclusionOf(view);
  return {
    runId: view.runId,
    headSha: view.headSha,
    title: progressWords(view, queue),
    summary: fit(sections(view, queue), SUMMARY_LIMIT),
    ...(conclusion === undefined
      ? { status: "in_progress", actions: [CANCEL, RETRY] }
      : {
          status: "completed",
          conclusion,
          annotations: annotations(view),
          actions: view.state === "cancelled" || view.closed ? [] : [RETRY],
        }),
  };
}

function conclusionOf(view: RunView): CheckReport["conclusion"] {
  switch (view.state) {
    case "complete":
      return "success";
    case "blocked":
      return awaitedHalf(view) ? "neutral" : "action_required";
    case "failed":
      return "failure";
    case "cancelled":
      return "cancelled";
    default:
      return undefined;
  }
}

function sections(view: RunView, queue: QueuePlace | undefined): Section[] {
  const report = `The whole report stands in the comments of #${view.pullRequest?.number ?? view.started.issue}.`;
  return [
    { text: inert(view.plan?.summary ?? view.started.issueTitle), importance: 0 },
    ...optional(whatIsWanted(view, queue), 0),
    { text: phaseTable(view), importance: 1 },
    ...optional(evidenceTable(view), 1),
    ...optional(view.endedAt ? gapsSection(view) : undefined, 2),
    ...optional(failedOutput(view), 3),
    { text: report, importance: 0 },
  ];
}

function optional(text: string | undefined, importance: number): Section[] {
  return text === undefined ? [] : [{ text, importance }];
}

/** Findings that nobody had to fix, and those that were to be fixed and are not. */
function annotations(view: RunView): Annotation[] {
  const accepted = new Set<string>(
    view.tasks.filter((task) => task.state === "accepted").map((task) => task.task.id),
  );
  const seen = new Set<string>();
  return view.findings
    .filter((finding) => isPlaced(finding) && (!finding.blocking || !accepted.has(finding.taskId)))
    .filter((finding) => {
      const key = `${finding.file}:${finding.line}: ${finding.text}`;
      return seen.has(key) ? false : seen.add(key);
    })
    .slice(0, MOST_ANNOTATIONS)
    .map((finding) => ({
      path: finding.file.replace(/^\.\//, ""),
      line: Math.max(1, Math.trunc(finding.line)),
      level: finding.blocking ? "failure" : "warning",
      message: clip(`${finding.severity}: ${finding.text}`, 4_000),
    }));
}

/** Annotations stand at files inside the repository. */
function isPlaced({ file }: FindingView): boolean {
  return file !== "" && !file.startsWith("/") && !file.split("/").includes("..");
}
