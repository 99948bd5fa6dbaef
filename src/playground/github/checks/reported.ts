import { createHash } from "node:crypto";
import { type Hub, repoPage } from "../context.ts";
import type { ReportedCheck } from "../hub.ts";
import { createApp } from "../owner/apps.ts";
import type { CheckRun } from "../store/check-records.ts";
import type { App, Repository } from "../store/records.ts";
import { type AppAct, createRun, updateRun } from "./runs.ts";

/** GitHub's own app, whose check runs are jobs of workflows. */
const ACTIONS = "github-actions";

/** What somebody's CI says of a commit: a check run of its own app, or a job of a workflow with its log. */
export async function reportCheck(
  hub: Hub,
  repo: Repository,
  check: ReportedCheck,
): Promise<CheckRun> {
  const slug = check.app ?? ACTIONS;
  const app = hub.store.app(slug) ?? madeApp(hub, slug);
  const act: AppAct = { hub, repo, by: { app, account: hub.store.accounts.must(app.botId) } };
  const head = { sha: check.sha, branch: branchAt(hub, repo, check.sha), before: null };
  const { title, summary = "", annotations = [] } = check;
  const output = {
    summary,
    ...(title === undefined ? {} : { title }),
    annotations: annotations.map((one) => ({
      ...one,
      endLine: one.startLine,
      startColumn: null,
      endColumn: null,
      title: null,
      rawDetails: null,
    })),
  };
  const run = await createRun(act, head, { name: check.name, status: "in_progress", output });
  if (slug === ACTIONS) {
    run.log = check.log ?? "";
    run.detailsUrl = `${repoPage(hub, repo)}/actions/runs/${run.suiteId}/job/${run.id}`;
  }
  return check.conclusion === undefined
    ? run
    : await updateRun(act, run, { conclusion: check.conclusion });
}

function madeApp(hub: Hub, slug: string): App {
  return hub.store.apps.must(createApp(hub, { slug, permissions: {}, events: [] }).appId);
}

function branchAt(hub: Hub, repo: Repository, sha: string): string | null {
  const refs = hub.refs.get(repo.id) ?? new Map<string, string>();
  const ref = [...refs].find(([name, at]) => at === sha && name.startsWith("refs/heads/"));
  return ref?.[0].slice("refs/heads/".length) ?? null;
}

/** Where the log of a job can be read for a while, without a token: the address is the secret. */
export function logAddress(hub: Hub, run: CheckRun): string {
  const repo = hub.store.repositories.must(run.repoId);
  return `${repoPage(hub, repo)}/job-logs/${run.id}/${signature(hub, run)}`;
}

export function logAt(hub: Hub, repo: Repository, path: readonly string[]): string | undefined {
  const [id, signed] = path;
  const run = hub.store.checkRuns.get(Number(id));
  if (run?.repoId !== repo.id || signed !== signature(hub, run)) return undefined;
  return run.log;
}

function signature(hub: Hub, run: CheckRun): string {
  const secret = hub.store.apps.must(run.appId).clientSecret;
  return createHash("sha256").update(`${run.id} ${secret}`).digest("hex");
}
