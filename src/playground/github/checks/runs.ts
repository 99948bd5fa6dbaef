import { requireRole } from "../auth/roles.ts";
import { characters } from "../characters.ts";
import { type Act, stamp } from "../context.ts";
import { invalid, notFound, unprocessable } from "../errors.ts";
import { checkRunInWebhook, suiteState } from "../render/checks.ts";
import type { CheckAction, CheckAnnotation, CheckRun } from "../store/check-records.ts";
import type { Account, App } from "../store/records.ts";
import { announceSuite, type SuiteAct, type SuiteHead, suiteFor, suiteOf } from "./suites.ts";

/** What an app says of a check run; absent = as it was. */
export interface RunText {
  name?: string;
  status?: CheckRun["status"];
  conclusion?: CheckRun["conclusion"];
  startedAt?: string;
  completedAt?: string;
  detailsUrl?: string;
  externalId?: string;
  output?: { title?: string; summary: string; text?: string; annotations?: CheckAnnotation[] };
  actions?: CheckAction[];
}

/** An act of an app: check runs belong to apps. */
export type AppAct = Pick<Act, "hub" | "repo"> & { by: { account: Account; app: App } };

// docs.github.com/rest/checks/runs: "Maximum length 65535 characters".
const MAX_TEXT = 65_535;

function checkText(text: RunText): void {
  const { summary = "", text: details = "" } = text.output ?? {};
  for (const [field, value] of Object.entries({ summary, text: details })) {
    if (characters(value) <= MAX_TEXT) continue;
    const message = `${field} exceeds a maximum character limit of ${MAX_TEXT}`;
    throw invalid({ resource: "CheckRun", code: "invalid", field, message });
  }
}

export async function createRun(
  act: AppAct,
  head: SuiteHead,
  text: RunText & { name: string },
): Promise<CheckRun> {
  checkText(text);
  const { suite } = suiteFor(act, act.by.app.id, head);
  const run = act.hub.store.checkRuns.insert({
    repoId: act.repo.id,
    suiteId: suite.id,
    appId: act.by.app.id,
    name: text.name,
    headSha: head.sha,
    status: "queued",
    conclusion: null,
    startedAt: text.startedAt ?? stamp(act.hub),
    completedAt: null,
    detailsUrl: null,
    externalId: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
  });
  apply(act, run, text);
  tell(act, run, { action: "created" });
  if (run.status === "completed") await completed(act, run);
  return run;
}

export async function updateRun(act: AppAct, run: CheckRun, text: RunText): Promise<CheckRun> {
  if (run.appId !== act.by.app.id) {
    throw unprocessable(
      "Invalid app_id. You must update check runs with the app that created them.",
    );
  }
  checkText(text);
  const before = run.status;
  apply(act, run, text);
  if (run.status === "completed" && before !== "completed") await completed(act, run);
  return run;
}

function apply(act: AppAct, run: CheckRun, text: RunText): void {
  run.name = text.name ?? run.name;
  run.detailsUrl = text.detailsUrl ?? run.detailsUrl;
  run.externalId = text.externalId ?? run.externalId;
  run.startedAt = text.startedAt ?? run.startedAt;
  run.actions = text.actions ?? run.actions;
  if (text.output !== undefined) applyOutput(run, text.output);
  // docs: "Providing conclusion will automatically set the status parameter to completed".
  const status = text.conclusion === undefined ? text.status : "completed";
  if (status === undefined) return;
  run.status = status;
  run.conclusion = status === "completed" ? (text.conclusion ?? run.conclusion) : null;
  run.completedAt = status === "completed" ? (text.completedAt ?? stamp(act.hub)) : null;
}

function applyOutput(run: CheckRun, output: NonNullable<RunText["output"]>): void {
  run.output = {
    title: output.title ?? run.output.title,
    summary: output.summary,
    text: output.text ?? run.output.text,
  };
  // docs: each request appends its (at most 50) annotations to those already there.
  run.annotations = [...run.annotations, ...(output.annotations ?? [])];
}

async function completed(act: AppAct, run: CheckRun): Promise<void> {
  tell(act, run, { action: "completed" });
  const suite = suiteOf(act, run.suiteId);
  suite.updatedAt = stamp(act.hub);
  if (suiteState(act.hub, suite).status === "completed")
    await announceSuite(act, suite, "completed");
}

export function runOf(act: Pick<Act, "hub" | "repo">, id: number): CheckRun {
  const run = act.hub.store.checkRuns.get(id);
  if (run === undefined || run.repoId !== act.repo.id) throw notFound();
  return run;
}

/** "Re-run": asks the app that made the run to make it anew. */
export function rerequestRun(act: Act, run: CheckRun): void {
  requireRole(act, "write");
  tell(act, run, { action: "rerequested", onlyAppId: run.appId });
}

/** Presses a button of a run: its app is told which. */
export function pressAction(act: Act, run: CheckRun, identifier: string): void {
  requireRole(act, "write");
  if (!run.actions.some((a) => a.identifier === identifier)) {
    throw unprocessable(`The check run has no action "${identifier}".`);
  }
  const extra = { requested_action: { identifier } };
  tell(act, run, { action: "requested_action", onlyAppId: run.appId, extra });
}

function tell(
  act: SuiteAct,
  run: CheckRun,
  what: { action: string; onlyAppId?: number; extra?: Record<string, unknown> },
): void {
  const { hub, repo, by } = act;
  hub.emit({
    event: "check_run",
    action: what.action,
    sender: by.account,
    repo,
    payload: {
      check_run: checkRunInWebhook(hub, run),
      ...what.extra,
    },
    ...(what.onlyAppId === undefined ? {} : { onlyAppId: what.onlyAppId }),
  });
}
