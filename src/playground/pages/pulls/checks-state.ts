import type { CheckRun } from "../../github/store/check-records.ts";
import { type Html, html } from "../html.ts";
import { type IconName, icon } from "../icons.ts";
import type { RepoVisit } from "../visit.ts";

export type CheckState = "success" | "failure" | "pending" | "neutral";

const TONES: Readonly<Record<CheckState, { icon: IconName; words: string }>> = {
  success: { icon: "check", words: "Passed" },
  failure: { icon: "cross", words: "Failed" },
  pending: { icon: "dot", words: "In progress" },
  neutral: { icon: "minus", words: "Neutral" },
};

const CONCLUSIONS: Readonly<Record<string, { state: CheckState; words: string }>> = {
  success: { state: "success", words: "Passed" },
  failure: { state: "failure", words: "Failed" },
  timed_out: { state: "failure", words: "Timed out" },
  action_required: { state: "failure", words: "Action required" },
  cancelled: { state: "neutral", words: "Cancelled" },
  neutral: { state: "neutral", words: "Neutral" },
  skipped: { state: "neutral", words: "Skipped" },
  stale: { state: "neutral", words: "Stale" },
};

export interface CheckLine {
  name: string;
  state: CheckState;
  words: string;
  /** Title of the check run, or description of the status. */
  about: string | null;
  run: CheckRun | undefined;
  detailsUrl: string | null;
}

/** What stands of a commit: the newest run of each name and app, and the newest status of each context. */
export function checkLines({ hub, repo }: RepoVisit, sha: string): CheckLine[] {
  const newest = new Map<string, CheckRun>();
  for (const run of hub.store.checkRunsOn(repo.id, sha))
    newest.set(`${run.appId} ${run.name}`, run);
  const runs = [...newest.values()].map((run) => ({ name: run.name, run, ...stateOfRun(run) }));
  const statuses = hub.store.statusesOn(repo.id, sha).map((status) => {
    const state: CheckState = status.state === "error" ? "failure" : status.state;
    return {
      name: status.context,
      state,
      words: TONES[state].words,
      about: status.description,
      run: undefined,
      detailsUrl: status.targetUrl,
    };
  });
  return [...runs, ...statuses];
}

function stateOfRun(run: CheckRun): Omit<CheckLine, "name" | "run"> {
  const found = CONCLUSIONS[run.conclusion ?? ""];
  const waiting = run.status === "in_progress" ? "In progress" : "Queued";
  return {
    state: found?.state ?? "pending",
    words: found?.words ?? waiting,
    about: run.output.title,
    detailsUrl: run.detailsUrl,
  };
}

/** The worst of them all; undefined when there are none. */
export function overallState(lines: readonly CheckLine[]): CheckState | undefined {
  const order: readonly CheckState[] = ["failure", "pending", "success", "neutral"];
  return order.find((state) => lines.some((line) => line.state === state));
}

export function checkIcon(state: CheckState): Html {
  return html`<span class="check-${state}">${icon(TONES[state].icon)}</span>`;
}

/** The small mark beside a commit, with the counts in its title. */
export function checksMark(visit: RepoVisit, sha: string): Html {
  const lines = checkLines(visit, sha);
  const state = overallState(lines);
  if (state === undefined) return html``;
  const passed = lines.filter((line) => line.state === "success").length;
  const words = `${passed} of ${lines.length} checks passed`;
  return html`<span class="checks-mark" title="${words}">${checkIcon(state)}<span class="hidden-words">${words}</span></span>`;
}
