import { type Hub, repoPage, repoUrl } from "../context.ts";
import type { Review, ReviewComment, ReviewThread } from "../store/pull-records.ts";
import { association, userById } from "./accounts.ts";
import { reactionRollup } from "./issues.ts";
import { nodeId } from "./node-id.ts";

export function reviewReply(hub: Hub, review: Review): Record<string, unknown> {
  const repo = hub.store.repositories.must(review.repoId);
  const { number } = hub.store.issues.must(review.issueId);
  const page = `${repoPage(hub, repo)}/pull/${number}#pullrequestreview-${review.id}`;
  const pull = `${repoUrl(hub, repo)}/pulls/${number}`;
  return {
    id: review.id,
    node_id: nodeId("PRR", review.id),
    user: userById(hub, review.authorId),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: pull,
    author_association: association(hub, repo, review.authorId),
    _links: { html: { href: page }, pull_request: { href: pull } },
    ...(review.submittedAt === null ? {} : { submitted_at: review.submittedAt }),
    commit_id: review.commitSha,
  };
}

export function reviewCommentReply(hub: Hub, comment: ReviewComment): Record<string, unknown> {
  const repo = hub.store.repositories.must(comment.repoId);
  const issue = hub.store.issues.must(comment.issueId);
  const pull = hub.store.pulls.must(issue.pullId ?? 0);
  const thread = hub.store.reviewThreads.must(comment.threadId);
  const url = `${repoUrl(hub, repo)}/pulls/comments/${comment.id}`;
  const page = `${repoPage(hub, repo)}/pull/${issue.number}#discussion_r${comment.id}`;
  const pullUrl = `${repoUrl(hub, repo)}/pulls/${issue.number}`;
  const outdated = thread.subjectType === "line" && thread.line === null;
  return {
    url,
    pull_request_review_id: comment.reviewId,
    id: comment.id,
    node_id: nodeId("PRRC", comment.id),
    diff_hunk: comment.diffHunk,
    path: thread.path,
    // GitHub moves a comment along to the newest head until its line is gone.
    commit_id: outdated ? comment.originalCommitSha : pull.headSha,
    original_commit_id: comment.originalCommitSha,
    user: userById(hub, comment.authorId),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: page,
    pull_request_url: pullUrl,
    author_association: association(hub, repo, comment.authorId),
    _links: { self: { href: url }, html: { href: page }, pull_request: { href: pullUrl } },
    reactions: reactionRollup(hub, { kind: "reviewComment", id: comment.id, url }),
    ...place(thread),
    ...(comment.inReplyToId === null ? {} : { in_reply_to_id: comment.inReplyToId }),
  };
}

function place(thread: ReviewThread): Record<string, unknown> {
  // A comment on a whole file has no line at all; an outdated one has null.
  if (thread.subjectType === "file") return { subject_type: "file", position: 1, side: "RIGHT" };
  return {
    start_line: thread.startLine,
    original_start_line: thread.originalStartLine,
    start_side: thread.startSide,
    line: thread.line,
    original_line: thread.originalLine,
    side: thread.side,
    position: thread.position,
    original_position: thread.originalPosition,
    subject_type: "line",
  };
}

/** The form in `pull_request_review_thread` webhooks. */
export function threadInWebhook(hub: Hub, thread: ReviewThread): Record<string, unknown> {
  return {
    node_id: nodeId("PRRT", thread.id),
    comments: hub.store.commentsOfThread(thread.id).map((c) => reviewCommentReply(hub, c)),
  };
}
