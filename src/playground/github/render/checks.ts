import { type Hub, repoPage, repoUrl } from "../context.ts";
import type { CommitInfo } from "../git/code-view.ts";
import type {
  CheckAnnotation,
  CheckRun,
  CheckSuite,
  CommitStatus,
} from "../store/check-records.ts";
import type { Repository } from "../store/records.ts";
import { appReply, userById } from "./accounts.ts";
import { nodeId } from "./node-id.ts";
import { minimalRepository } from "./repositories.ts";

/** Open pull requests whose head is this commit, in the short form that checks carry. */
function pullsOnCommit(hub: Hub, repo: Repository, sha: string): Record<string, unknown>[] {
  const pulls = hub.store.pulls.filter((p) => p.repoId === repo.id && p.headSha === sha);
  const stub = { id: repo.id, url: repoUrl(hub, repo), name: repo.name };
  return pulls
    .map((pull) => ({ pull, issue: hub.store.issues.must(pull.issueId) }))
    .filter(({ issue }) => issue.state === "open")
    .map(({ pull, issue }) => ({
      id: pull.id,
      number: issue.number,
      url: `${repoUrl(hub, repo)}/pulls/${issue.number}`,
      head: { ref: pull.headRef, sha: pull.headSha, repo: stub },
      base: { ref: pull.baseRef, sha: pull.baseSha, repo: stub },
    }));
}

export function checkRunReply(hub: Hub, run: CheckRun): Record<string, unknown> {
  const repo = hub.store.repositories.must(run.repoId);
  const url = `${repoUrl(hub, repo)}/check-runs/${run.id}`;
  const page = `${repoPage(hub, repo)}/runs/${run.id}`;
  return {
    id: run.id,
    node_id: nodeId("CR", run.id),
    name: run.name,
    head_sha: run.headSha,
    external_id: run.externalId ?? "",
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      ...run.output,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suiteId },
    app: appReply(hub, hub.store.apps.must(run.appId)),
    pull_requests: pullsOnCommit(hub, repo, run.headSha),
  };
}

/** The form in webhooks: the suite whole. */
export function checkRunInWebhook(hub: Hub, run: CheckRun): Record<string, unknown> {
  const suite = hub.store.checkSuites.must(run.suiteId);
  return {
    ...checkRunReply(hub, run),
    check_suite: suiteCore(hub, suite),
  };
}

export function annotationReply(
  hub: Hub,
  run: CheckRun,
  annotation: CheckAnnotation,
): Record<string, unknown> {
  const repo = hub.store.repositories.must(run.repoId);
  return {
    path: annotation.path,
    blob_href: `${repoUrl(hub, repo)}/contents/${annotation.path}?ref=${run.headSha}`,
    start_line: annotation.startLine,
    end_line: annotation.endLine,
    start_column: annotation.startColumn,
    end_column: annotation.endColumn,
    annotation_level: annotation.level,
    title: annotation.title,
    message: annotation.message,
    raw_details: annotation.rawDetails,
  };
}

/** A suite's state follows from the newest run of each name. */
export function suiteState(
  hub: Hub,
  suite: CheckSuite,
): { status: string; conclusion: string | null; runs: CheckRun[] } {
  const newest = new Map<string, CheckRun>();
  for (const run of hub.store.checkRuns.filter((r) => r.suiteId === suite.id)) {
    newest.set(run.name, run);
  }
  const runs = [...newest.values()];
  if (runs.length === 0) return { status: "queued", conclusion: null, runs };
  if (runs.some((r) => r.status !== "completed")) {
    const started = runs.some((r) => r.status === "in_progress" || r.status === "completed");
    return { status: started ? "in_progress" : "queued", conclusion: null, runs };
  }
  return { status: "completed", conclusion: worst(runs), runs };
}

const WORST_FIRST = [
  "failure",
  "timed_out",
  "action_required",
  "cancelled",
  "stale",
  "success",
  "neutral",
  "skipped",
];

function worst(runs: readonly CheckRun[]): string {
  return WORST_FIRST.find((c) => runs.some((r) => r.conclusion === c)) ?? "neutral";
}

function suiteCore(hub: Hub, suite: CheckSuite): Record<string, unknown> {
  const repo = hub.store.repositories.must(suite.repoId);
  const { status, conclusion } = suiteState(hub, suite);
  return {
    id: suite.id,
    node_id: nodeId("CS", suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status,
    conclusion,
    url: `${repoUrl(hub, repo)}/check-suites/${suite.id}`,
    before: suite.beforeSha,
    after: suite.headSha,
    pull_requests: pullsOnCommit(hub, repo, suite.headSha),
    app: appReply(hub, hub.store.apps.must(suite.appId)),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
  };
}

export function suiteReply(
  hub: Hub,
  suite: CheckSuite,
  commit: CommitInfo,
): Record<string, unknown> {
  const repo = hub.store.repositories.must(suite.repoId);
  return { ...suiteInWebhook(hub, suite, commit), repository: minimalRepository(hub, repo) };
}

/** The form in webhooks, which name the repository beside the suite. */
export function suiteInWebhook(
  hub: Hub,
  suite: CheckSuite,
  commit: CommitInfo,
): Record<string, unknown> {
  const repo = hub.store.repositories.must(suite.repoId);
  const { runs } = suiteState(hub, suite);
  return {
    ...suiteCore(hub, suite),
    rerequestable: suite.rerequestable,
    runs_rerequestable: true,
    latest_check_runs_count: runs.length,
    check_runs_url: `${repoUrl(hub, repo)}/check-suites/${suite.id}/check-runs`,
    head_commit: simpleCommit(commit),
  };
}

/** A commit as checks and pushes embed it ("simple-commit"). */
function simpleCommit(commit: CommitInfo): Record<string, unknown> {
  return {
    id: commit.sha,
    tree_id: commit.treeSha,
    message: commit.message,
    timestamp: commit.committer.date,
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}

export function statusReply(hub: Hub, status: CommitStatus): Record<string, unknown> {
  const repo = hub.store.repositories.must(status.repoId);
  const creator = userById(hub, status.creatorId);
  return {
    url: `${repoUrl(hub, repo)}/statuses/${status.sha}`,
    avatar_url: creator["avatar_url"],
    id: status.id,
    node_id: nodeId("SC", status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator,
  };
}
