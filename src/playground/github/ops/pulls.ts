import { updateIssue } from "../acts/issues.ts";
import { pullOf } from "../acts/subject.ts";
import { gitOf } from "../context.ts";
import { ApiError, notFound } from "../errors.ts";
import { diffFiles, diffText } from "../git/diff.ts";
import { logCommits, mergeBase } from "../git/read.ts";
import {
  actOf,
  type Call,
  created,
  type Handlers,
  idParam,
  list,
  noContent,
  ok,
  type Reply,
  repoOf,
  textQuery,
} from "../http/call.ts";
import { type MergeInput, mergePull, updateBranch } from "../pulls/merge.ts";
import { changeBase, openPull } from "../pulls/open.ts";
import { removeReviewers, requestReviewers } from "../pulls/reviewers.ts";
import { userById } from "../render/accounts.ts";
import { commitReply, diffEntry } from "../render/code.ts";
import { pullFull, pullSimple } from "../render/pulls.ts";
import type { Issue } from "../store/issue-records.ts";
import type { Pull } from "../store/pull-records.ts";

export const PULLS: Handlers = {
  "pulls/create": createPull,
  "pulls/get": getPull,
  "pulls/list": (call) => list(filtered(call), (p) => pullSimple(call.hub, p)),
  "pulls/update": updatePull,
  "pulls/list-commits": listCommits,
  "pulls/list-files": listFiles,
  "pulls/check-if-merged": (call) => {
    if (pullAt(call).pull.mergedAt === null) throw notFound();
    return noContent();
  },
  "pulls/merge": merge,
  "pulls/update-branch": async (call) => {
    const expected = (call.body as { expected_head_sha?: string }).expected_head_sha;
    const { pull } = pullAt(call);
    await updateBranch(actOf(call), pull, expected);
    const url = pullSimple(call.hub, pull)["url"];
    return { status: 202, body: { message: "Updating pull request branch.", url } };
  },
  "pulls/list-requested-reviewers": (call) => {
    const { pull } = pullAt(call);
    return ok({ users: pull.requestedReviewerIds.map((id) => userById(call.hub, id)), teams: [] });
  },
  "pulls/request-reviewers": async (call) => {
    const { pull } = pullAt(call);
    await requestReviewers(actOf(call), pull, reviewers(call));
    return created(pullSimple(call.hub, pull));
  },
  "pulls/remove-requested-reviewers": async (call) => {
    const { pull } = pullAt(call);
    await removeReviewers(actOf(call), pull, reviewers(call));
    return ok(pullSimple(call.hub, pull));
  },
  "repos/list-pull-requests-associated-with-commit": associated,
};

/** The pull request of the path. */
export function pullAt(call: Call): { issue: Issue; pull: Pull } {
  return pullOf({ hub: call.hub, repo: repoOf(call) }, idParam(call, "pull_number"));
}

function reviewers(call: Call): string[] {
  return (call.body as { reviewers?: string[] }).reviewers ?? [];
}

interface PullBody {
  title?: string;
  head: string;
  base: string;
  body?: string | null;
  draft?: boolean;
  state?: "open" | "closed";
}

async function createPull(call: Call): Promise<Reply> {
  const { title, head, base, body, draft } = call.body as PullBody;
  const input = { title: title ?? "", head, base, body: body ?? null, draft: draft ?? false };
  const { pull } = await openPull(actOf(call), input);
  return created(await pullFull(call.hub, pull));
}

async function getPull(call: Call): Promise<Reply> {
  const { pull } = pullAt(call);
  const git = gitOf(call.hub, repoOf(call));
  if (/\bdiff\b/.test(call.accept)) {
    const from = (await mergeBase(git, pull.baseSha, pull.headSha)) ?? pull.baseSha;
    return { status: 200, raw: await diffText(git, from, pull.headSha), type: MEDIA.diff };
  }
  if (/\bpatch\b/.test(call.accept)) {
    const range = `${pull.baseSha}..${pull.headSha}`;
    const raw = await git.bytes(["format-patch", "--stdout", range]);
    return { status: 200, raw, type: MEDIA.patch };
  }
  return ok(await pullFull(call.hub, pull));
}

export const MEDIA = {
  diff: "application/vnd.github.diff; charset=utf-8",
  patch: "application/vnd.github.patch; charset=utf-8",
} as const;

async function updatePull(call: Call): Promise<Reply> {
  const { issue, pull } = pullAt(call);
  const act = actOf(call);
  const { title, body, base, state } = call.body as Partial<PullBody>;
  if (base !== undefined) await changeBase(act, pull, base);
  await updateIssue(act, issue, {
    ...(title === undefined ? {} : { title }),
    ...(body === undefined ? {} : { body }),
    ...(state === undefined ? {} : { state }),
  });
  return ok(await pullFull(call.hub, pull));
}

function filtered(call: Call): readonly Pull[] {
  const { store } = call.hub;
  const repo = repoOf(call);
  const state = textQuery(call, "state") ?? "open";
  const base = textQuery(call, "base");
  // "user:branch"; GitHub ignores a head without the user.
  const head = /^([^:]+):(.+)$/.exec(textQuery(call, "head") ?? "");
  const owner = store.accounts.must(repo.ownerId).login.toLowerCase();
  const found = store.pulls.filter((p) => {
    if (p.repoId !== repo.id) return false;
    if (state !== "all" && store.issues.must(p.issueId).state !== state) return false;
    if (base !== undefined && p.baseRef !== base) return false;
    return head === null || (head[1]?.toLowerCase() === owner && head[2] === p.headRef);
  });
  return sorted(call, found);
}

function sorted(call: Call, pulls: Pull[]): Pull[] {
  const by = textQuery(call, "sort") ?? "created";
  const ascending = textQuery(call, "direction") ?? (by === "created" ? "desc" : "asc");
  const keyed = pulls.map((pull) => {
    const issue = call.hub.store.issues.must(pull.issueId);
    return { pull, key: by === "updated" ? issue.updatedAt : issue.createdAt };
  });
  keyed.sort((a, b) => a.key.localeCompare(b.key) || a.pull.id - b.pull.id);
  const result = keyed.map((k) => k.pull);
  return ascending === "asc" ? result : result.reverse();
}

async function listCommits(call: Call): Promise<Reply> {
  const { pull } = pullAt(call);
  const git = gitOf(call.hub, repoOf(call));
  const range = [`${pull.baseSha}..${pull.headSha}`];
  // docs.github.com/rest/pulls/pulls: at most 250 commits are listed.
  const commits = (await logCommits(git, range, { reverse: true })).slice(0, 250);
  return list(commits, (c) => commitReply(call.hub, repoOf(call), c));
}

async function listFiles(call: Call): Promise<Reply> {
  const { pull } = pullAt(call);
  const git = gitOf(call.hub, repoOf(call));
  const from = await mergeBase(git, pull.baseSha, pull.headSha);
  const files = from === undefined ? [] : await diffFiles(git, from, pull.headSha);
  // docs: at most 3,000 files.
  return list(files.slice(0, 3000), (file) =>
    diffEntry(call.hub, repoOf(call), { file, sha: pull.headSha }),
  );
}

async function merge(call: Call): Promise<Reply> {
  const body = call.body as {
    merge_method?: "merge" | "squash" | "rebase";
    commit_title?: string;
    commit_message?: string;
    sha?: string;
  };
  const input: MergeInput = {
    method: body.merge_method ?? "merge",
    ...(body.commit_title === undefined ? {} : { title: body.commit_title }),
    ...(body.commit_message === undefined ? {} : { message: body.commit_message }),
    ...(body.sha === undefined ? {} : { sha: body.sha }),
  };
  const sha = await mergePull(actOf(call), pullAt(call).pull, input);
  return ok({ sha, merged: true, message: "Pull Request successfully merged" });
}

async function associated(call: Call): Promise<Reply> {
  const git = gitOf(call.hub, repoOf(call));
  const sha = call.params["commit_sha"] ?? "";
  if (!(await git.succeeds(["cat-file", "-e", `${sha}^{commit}`]))) {
    throw new ApiError(422, `No commit found for SHA: ${sha}`);
  }
  const found: Pull[] = [];
  for (const pull of call.hub.store.pulls.filter((p) => p.repoId === repoOf(call).id)) {
    const commits = await git.text(["rev-list", `${pull.baseSha}..${pull.headSha}`]);
    if (pull.mergeCommitSha === sha || commits.split("\n").includes(sha)) found.push(pull);
  }
  return list(found, (p) => pullSimple(call.hub, p));
}
