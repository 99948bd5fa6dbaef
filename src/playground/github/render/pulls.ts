import { gitOf, type Hub, repoPage, repoUrl } from "../context.ts";
import { diffFiles } from "../git/diff.ts";
import { aheadBehind, mergeBase } from "../git/read.ts";
import { mergeability } from "../pulls/mergeability.ts";
import type { Pull } from "../store/pull-records.ts";
import type { Repository } from "../store/records.ts";
import { association, userById, userOrNull } from "./accounts.ts";
import { labelReply } from "./issues.ts";
import { nodeId } from "./node-id.ts";
import { repository } from "./repositories.ts";

function links(api: string, page: string, repo: string): Record<string, unknown> {
  const issue = api.replace(/\/pulls\/(\d+)$/, "/issues/$1");
  return {
    self: { href: api },
    html: { href: page },
    issue: { href: issue },
    comments: { href: `${issue}/comments` },
    review_comments: { href: `${api}/comments` },
    review_comment: { href: `${repo}/pulls/comments{/number}` },
    commits: { href: `${api}/commits` },
  };
}

function branch(hub: Hub, repo: Repository, at: { ref: string; sha: string }): object {
  const owner = hub.store.accounts.must(repo.ownerId);
  return {
    label: `${owner.login}:${at.ref}`,
    ref: at.ref,
    sha: at.sha,
    user: userById(hub, owner.id),
    repo: repository(hub, repo),
  };
}

/** The form of lists ("pull-request-simple"): nothing that needs a merge to be tried. */
export function pullSimple(hub: Hub, pull: Pull): Record<string, unknown> {
  const repo = hub.store.repositories.must(pull.repoId);
  const issue = hub.store.issues.must(pull.issueId);
  const base = repoUrl(hub, repo);
  const api = `${base}/pulls/${issue.number}`;
  const page = `${repoPage(hub, repo)}/pull/${issue.number}`;
  const assignees = issue.assigneeIds.map((id) => userById(hub, id));
  return {
    url: api,
    id: pull.id,
    node_id: nodeId("PR", pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: `${base}/issues/${issue.number}`,
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: userById(hub, issue.authorId),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: pull.requestedReviewerIds.map((id) => userById(hub, id)),
    requested_teams: [],
    labels: hub.store.labelsOf(issue).map((l) => labelReply(hub, l)),
    milestone: null,
    draft: pull.draft,
    commits_url: `${api}/commits`,
    review_comments_url: `${api}/comments`,
    review_comment_url: `${base}/pulls/comments{/number}`,
    comments_url: `${base}/issues/${issue.number}/comments`,
    statuses_url: `${base}/statuses/${pull.headSha}`,
    head: branch(hub, repo, { ref: pull.headRef, sha: pull.headSha }),
    base: branch(hub, repo, { ref: pull.baseRef, sha: pull.baseSha }),
    _links: {
      ...links(api, page, base),
      statuses: { href: `${base}/statuses/${pull.headSha}` },
    },
    author_association: association(hub, repo, issue.authorId),
    auto_merge: null,
    active_lock_reason: issue.lockReason,
  };
}

/** The form of `GET .../pulls/{n}` and of `pull_request` webhooks. */
export async function pullFull(hub: Hub, pull: Pull): Promise<Record<string, unknown>> {
  const { mergeable, state } = await mergeability(hub, pull);
  const comments = hub.store.commentsOf(pull.issueId).length;
  const reviewComments = hub.store.reviewComments.filter((c) => c.issueId === pull.issueId);
  return {
    ...pullSimple(hub, pull),
    merged: pull.mergedAt !== null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: state,
    merged_by: userOrNull(hub, pull.mergedById),
    comments,
    review_comments: reviewComments.length,
    maintainer_can_modify: pull.maintainerCanModify,
    ...(await sizes(hub, pull)),
  };
}

async function sizes(hub: Hub, pull: Pull): Promise<Record<string, number>> {
  const git = gitOf(hub, hub.store.repositories.must(pull.repoId));
  const from = await mergeBase(git, pull.baseSha, pull.headSha);
  if (from === undefined) return { commits: 0, additions: 0, deletions: 0, changed_files: 0 };
  const [files, { ahead }] = await Promise.all([
    diffFiles(git, from, pull.headSha),
    aheadBehind(git, pull.baseSha, pull.headSha),
  ]);
  return {
    commits: ahead,
    additions: files.reduce((sum, f) => sum + f.additions, 0),
    deletions: files.reduce((sum, f) => sum + f.deletions, 0),
    changed_files: files.length,
  };
}
