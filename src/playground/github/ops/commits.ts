import { gitOf, repoPage, repoUrl } from "../context.ts";
import { ApiError, notFound } from "../errors.ts";
import type { CommitInfo, FileDiff } from "../git/code-view.ts";
import { diffFiles, diffText, EMPTY_TREE } from "../git/diff.ts";
import { aheadBehind, logCommits, mergeBase, readCommit, resolveCommit } from "../git/read.ts";
import {
  type Call,
  type Handlers,
  list,
  ok,
  param,
  type Reply,
  repoOf,
  textQuery,
} from "../http/call.ts";
import { commitReply, diffEntry } from "../render/code.ts";
import { commitOf } from "./checks.ts";
import { MEDIA } from "./pulls.ts";

export const COMMITS: Handlers = {
  "repos/list-commits": listCommits,
  "repos/get-commit": getCommit,
  "repos/compare-commits-with-basehead": compare,
  "repos/list-branches-for-head-commit": branchesWhereHead,
};

async function listCommits(call: Call): Promise<Reply> {
  const repo = repoOf(call);
  const git = gitOf(call.hub, repo);
  const start = textQuery(call, "sha") ?? repo.defaultBranch;
  const sha = await resolveCommit(git, start);
  if (sha === undefined) {
    if (textQuery(call, "sha") === undefined) throw new ApiError(409, "Git Repository is empty.");
    throw notFound();
  }
  const path = textQuery(call, "path");
  const commits = await logCommits(git, [sha], path === undefined ? {} : { path });
  const found = commits.filter((c) => matches(call, c));
  return list(found, (c) => commitReply(call.hub, repo, c));
}

function matches(call: Call, commit: CommitInfo): boolean {
  const since = textQuery(call, "since");
  const until = textQuery(call, "until");
  const author = textQuery(call, "author");
  const at = Date.parse(commit.committer.date);
  if (since !== undefined && at < Date.parse(since)) return false;
  if (until !== undefined && at > Date.parse(until)) return false;
  if (author === undefined) return true;
  const { email } = commit.author;
  return email === author || email.includes(`+${author}@`);
}

async function getCommit(call: Call): Promise<Reply> {
  const repo = repoOf(call);
  const git = gitOf(call.hub, repo);
  const sha = await commitOf(call);
  const commit = await readCommit(git, sha);
  if (commit === undefined) throw notFound();
  const from = commit.parents[0] ?? EMPTY_TREE;
  // The media type "sha": only the commit's name.
  if (/vnd\.github\.(v3\.)?sha/.test(call.accept)) {
    return { status: 200, raw: sha, type: "application/vnd.github.sha; charset=utf-8" };
  }
  if (/\bdiff\b/.test(call.accept)) {
    return { status: 200, raw: await diffText(git, from, sha), type: MEDIA.diff };
  }
  const files = await diffFiles(git, from, sha);
  return ok({
    ...commitReply(call.hub, repo, commit),
    stats: totals(files),
    files: files.map((file) => diffEntry(call.hub, repo, { file, sha })),
  });
}

function totals(files: readonly FileDiff[]): Record<string, number> {
  const additions = files.reduce((sum, f) => sum + f.additions, 0);
  const deletions = files.reduce((sum, f) => sum + f.deletions, 0);
  return { total: additions + deletions, additions, deletions };
}

interface Ends {
  base: CommitInfo;
  head: CommitInfo;
}

async function endsOf(call: Call): Promise<Ends & { names: [string, string] }> {
  const git = gitOf(call.hub, repoOf(call));
  const [base = "", head = ""] = param(call, "basehead").split("...");
  // "owner:branch" names a branch of the same network; here there is only this repository.
  const names: [string, string] = [base.replace(/^[^:]+:/, ""), head.replace(/^[^:]+:/, "")];
  const [b, h] = await Promise.all(names.map((name) => resolveCommit(git, name)));
  const found = [b && (await readCommit(git, b)), h && (await readCommit(git, h))] as const;
  if (!found[0] || !found[1]) throw notFound();
  return { base: found[0], head: found[1], names };
}

async function compare(call: Call): Promise<Reply> {
  const repo = repoOf(call);
  const git = gitOf(call.hub, repo);
  const { base, head, names } = await endsOf(call);
  const shared = await mergeBase(git, base.sha, head.sha);
  const merge = shared === undefined ? undefined : await readCommit(git, shared);
  if (merge === undefined)
    throw new ApiError(404, `No common ancestor between ${names.join(" and ")}.`);
  if (/\bdiff\b/.test(call.accept)) {
    return { status: 200, raw: await diffText(git, merge.sha, head.sha), type: MEDIA.diff };
  }
  const { ahead, behind } = await aheadBehind(git, base.sha, head.sha);
  const commits = await logCommits(git, [`${base.sha}..${head.sha}`], { reverse: true });
  const files = await diffFiles(git, merge.sha, head.sha);
  const url = `${repoUrl(call.hub, repo)}/compare/${names.join("...")}`;
  const page = `${repoPage(call.hub, repo)}/compare`;
  return ok({
    url,
    html_url: `${page}/${names.join("...")}`,
    permalink_url: `${page}/${base.sha}...${head.sha}`,
    diff_url: `${page}/${names.join("...")}.diff`,
    patch_url: `${page}/${names.join("...")}.patch`,
    base_commit: commitReply(call.hub, repo, base),
    merge_base_commit: commitReply(call.hub, repo, merge),
    status: relation(ahead, behind),
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    // docs.github.com/rest/commits/commits: up to 250 commits and 300 files.
    commits: pageOf(call, commits).map((c) => commitReply(call.hub, repo, c)),
    files: files.slice(0, 300).map((file) => diffEntry(call.hub, repo, { file, sha: head.sha })),
  });
}

function pageOf(call: Call, commits: readonly CommitInfo[]): readonly CommitInfo[] {
  const size = Math.min(250, Number(call.query["per_page"] ?? 250));
  const page = Number(call.query["page"] ?? 1);
  return commits.slice((page - 1) * size, page * size);
}

function relation(ahead: number, behind: number): string {
  if (ahead > 0 && behind > 0) return "diverged";
  if (ahead > 0) return "ahead";
  return behind > 0 ? "behind" : "identical";
}

function branchesWhereHead(call: Call): Reply {
  const repo = repoOf(call);
  const sha = param(call, "commit_sha");
  const refs = call.hub.refs.get(repo.id) ?? new Map<string, string>();
  const heads = [...refs].filter(([ref, at]) => ref.startsWith("refs/heads/") && at === sha);
  return ok(
    heads.map(([ref]) => {
      const name = ref.slice("refs/heads/".length);
      const url = `${repoUrl(call.hub, repo)}/commits/${sha}`;
      return { name, commit: { sha, url }, protected: repo.protection[name] !== undefined };
    }),
  );
}
