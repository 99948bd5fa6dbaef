import { requireRole } from "../auth/roles.ts";
import {
  type AppAct,
  createRun,
  type RunText,
  rerequestRun,
  runOf,
  updateRun,
} from "../checks/runs.ts";
import { announceSuite, suiteFor, suiteOf } from "../checks/suites.ts";
import { gitOf } from "../context.ts";
import { ApiError, forbidden, notFound, unprocessable } from "../errors.ts";
import { readCommit, resolveCommit } from "../git/read.ts";
import {
  actOf,
  type Call,
  created,
  type Handlers,
  idParam,
  list,
  ok,
  param,
  type Reply,
  repoOf,
  textQuery,
} from "../http/call.ts";
import { annotationReply, checkRunReply, suiteReply } from "../render/checks.ts";
import type { CheckAnnotation, CheckRun, CheckSuite } from "../store/check-records.ts";

export const CHECKS: Handlers = {
  "checks/create": create,
  "checks/get": (call) => ok(checkRunReply(call.hub, runAt(call))),
  "checks/update": async (call) => {
    const run = await updateRun(appAct(call), runAt(call), runText(call.body as RunBody));
    return ok(checkRunReply(call.hub, run));
  },
  "checks/list-annotations": (call) => {
    const run = runAt(call);
    return list(run.annotations, (a) => annotationReply(call.hub, run, a));
  },
  "checks/rerequest-run": (call) => {
    rerequestRun(actOf(call), runAt(call));
    return created({});
  },
  "checks/list-for-ref": async (call) => {
    const sha = await commitOf(call);
    return runs(call, call.hub.store.checkRunsOn(repoOf(call).id, sha));
  },
  "checks/list-for-suite": (call) => {
    const suite = suiteAt(call);
    return runs(
      call,
      call.hub.store.checkRuns.filter((r) => r.suiteId === suite.id),
    );
  },
  "checks/create-suite": createSuite,
  "checks/get-suite": async (call) => ok(await wholeSuite(call, suiteAt(call))),
  "checks/list-suites-for-ref": listSuites,
  "checks/rerequest-suite": async (call) => {
    const act = actOf(call);
    requireRole(act, "write");
    await announceSuite(act, suiteAt(call), "rerequested");
    return created({});
  },
};

/** docs.github.com/rest/checks/runs: only GitHub Apps may write checks. */
function appAct(call: Call): AppAct {
  const act = actOf(call);
  if (act.by.kind !== "installation") {
    throw forbidden("You must authenticate via a GitHub App.");
  }
  return { ...act, by: act.by };
}

function runAt(call: Call): CheckRun {
  return runOf({ hub: call.hub, repo: repoOf(call) }, idParam(call, "check_run_id"));
}

function suiteAt(call: Call): CheckSuite {
  return suiteOf({ hub: call.hub, repo: repoOf(call) }, idParam(call, "check_suite_id"));
}

interface RunBody {
  name?: string;
  head_sha: string;
  status?: CheckRun["status"];
  conclusion?: CheckRun["conclusion"];
  started_at?: string;
  completed_at?: string;
  details_url?: string;
  external_id?: string;
  output?: { title?: string; summary?: string; text?: string; annotations?: AnnotationBody[] };
  actions?: CheckRun["actions"];
}

interface AnnotationBody {
  path: string;
  start_line: number;
  end_line: number;
  start_column?: number;
  end_column?: number;
  annotation_level: CheckAnnotation["level"];
  message: string;
  title?: string;
  raw_details?: string;
}

function runText(body: RunBody): RunText {
  const { output } = body;
  return {
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.status === undefined ? {} : { status: body.status }),
    ...(body.conclusion === undefined ? {} : { conclusion: body.conclusion }),
    ...(body.started_at === undefined ? {} : { startedAt: body.started_at }),
    ...(body.completed_at === undefined ? {} : { completedAt: body.completed_at }),
    ...(body.details_url === undefined ? {} : { detailsUrl: body.details_url }),
    ...(body.external_id === undefined ? {} : { externalId: body.external_id }),
    ...(body.actions === undefined ? {} : { actions: body.actions }),
    ...(output === undefined ? {} : { output: outputOf(output) }),
  };
}

function outputOf(output: NonNullable<RunBody["output"]>): NonNullable<RunText["output"]> {
  return {
    summary: output.summary ?? "",
    ...(output.title === undefined ? {} : { title: output.title }),
    ...(output.text === undefined ? {} : { text: output.text }),
    ...(output.annotations === undefined
      ? {}
      : { annotations: output.annotations.map(annotation) }),
  };
}

function annotation(body: AnnotationBody): CheckAnnotation {
  return {
    path: body.path,
    startLine: body.start_line,
    endLine: body.end_line,
    startColumn: body.start_column ?? null,
    endColumn: body.end_column ?? null,
    level: body.annotation_level,
    message: body.message,
    title: body.title ?? null,
    rawDetails: body.raw_details ?? null,
  };
}

async function create(call: Call): Promise<Reply> {
  const act = appAct(call);
  const body = call.body as RunBody;
  const head = await headOf(call, body.head_sha);
  const run = await createRun(act, head, { ...runText(body), name: body.name ?? "" });
  return created(checkRunReply(call.hub, run));
}

async function headOf(
  call: Call,
  sha: string,
): Promise<{ sha: string; branch: string | null; before: string | null }> {
  const commit = await readCommit(gitOf(call.hub, repoOf(call)), sha);
  if (commit === undefined) throw unprocessable(`No commit found for SHA: ${sha}`);
  const refs = call.hub.refs.get(repoOf(call).id) ?? new Map<string, string>();
  const ref = [...refs].find(([name, at]) => at === commit.sha && name.startsWith("refs/heads/"));
  return {
    sha: commit.sha,
    branch: ref?.[0].slice("refs/heads/".length) ?? null,
    before: commit.parents[0] ?? null,
  };
}

/** The commit of the path's `ref`; 422 in GitHub's words when there is none. */
export async function commitOf(call: Call): Promise<string> {
  const ref = param(call, "ref");
  const sha = await resolveCommit(gitOf(call.hub, repoOf(call)), ref);
  if (sha === undefined) throw new ApiError(422, `No commit found for SHA: ${ref}`);
  return sha;
}

function runs(call: Call, all: readonly CheckRun[]): Reply {
  const name = textQuery(call, "check_name");
  const status = textQuery(call, "status");
  const app = call.query["app_id"];
  const found = all.filter(
    (r) =>
      (name === undefined || r.name === name) &&
      (status === undefined || r.status === status) &&
      (app === undefined || r.appId === app),
  );
  const newest = new Map(found.map((r) => [`${r.appId} ${r.name}`, r]));
  const shown = textQuery(call, "filter") === "all" ? found : [...newest.values()];
  return list(
    shown,
    (r) => checkRunReply(call.hub, r),
    (check_runs, total) => ({ total_count: total, check_runs }),
  );
}

async function wholeSuite(call: Call, suite: CheckSuite): Promise<Record<string, unknown>> {
  const commit = await readCommit(gitOf(call.hub, repoOf(call)), suite.headSha);
  if (commit === undefined) throw notFound();
  return suiteReply(call.hub, suite, commit);
}

async function createSuite(call: Call): Promise<Reply> {
  const act = appAct(call);
  const head = await headOf(call, (call.body as { head_sha: string }).head_sha);
  const { suite, created: isNew } = suiteFor(act, act.by.app.id, head);
  return { status: isNew ? 201 : 200, body: await wholeSuite(call, suite) };
}

async function listSuites(call: Call): Promise<Reply> {
  const sha = await commitOf(call);
  const app = call.query["app_id"];
  const suites = call.hub.store.checkSuites.filter(
    (s) =>
      s.repoId === repoOf(call).id && s.headSha === sha && (app === undefined || s.appId === app),
  );
  return list(
    suites,
    (s) => wholeSuite(call, s),
    (check_suites, total) => ({ total_count: total, check_suites }),
  );
}
