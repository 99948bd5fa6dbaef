import { checkBody } from "../acts/subject.ts";
import { requireAuthorOr, requireRole } from "../auth/roles.ts";
import { type Act, gitOf, stamp } from "../context.ts";
import { invalid, notFound } from "../errors.ts";
import { type DiffLine, diffFiles, diffLines } from "../git/diff.ts";
import { mergeBase } from "../git/read.ts";
import { viaAppId } from "../principal.ts";
import { pullSimple } from "../render/pulls.ts";
import { reviewCommentReply, threadInWebhook } from "../render/reviews.ts";
import type { Pull, ReviewComment, ReviewThread, Side } from "../store/pull-records.ts";

/** A comment on the diff, as asked for. */
export interface LineComment {
  path: string;
  body: string;
  line?: number;
  side?: Side;
  startLine?: number;
  startSide?: Side;
  /** Older way to name the line: its distance from the first hunk header. */
  position?: number;
  subjectType?: "line" | "file";
}

/** A comment that has found its place in the diff. */
export interface Placed {
  comment: LineComment & { commitSha: string };
  at: { line: DiffLine; side: Side } | null;
}

/** Finds the commented line in the pull request's diff; 422 when it is not part of it. */
export async function placeComment(
  act: Act,
  pull: Pull,
  comment: LineComment & { commitSha: string },
): Promise<Placed> {
  checkBody("PullRequestReviewComment", comment.body, "refused");
  const git = gitOf(act.hub, act.repo);
  const from = await mergeBase(git, pull.baseSha, comment.commitSha);
  const files = from === undefined ? [] : await diffFiles(git, from, comment.commitSha);
  const file = files.find((f) => f.path === comment.path);
  if (file === undefined) throw unresolvable("path");
  if (comment.subjectType === "file") return { comment, at: null };
  const side = comment.side ?? "RIGHT";
  const lines = diffLines(file.patch ?? "");
  const line = lines.find((l) =>
    comment.position === undefined
      ? (side === "LEFT" ? l.left : l.right) === comment.line && comment.line !== undefined
      : l.position === comment.position,
  );
  if (line === undefined) throw unresolvable("line");
  const startSide = comment.startSide ?? side;
  const start = comment.startLine;
  if (
    start !== undefined &&
    !lines.some((l) => (startSide === "LEFT" ? l.left : l.right) === start)
  ) {
    throw unresolvable("start_line");
  }
  return { comment, at: { line, side: line.right === null ? "LEFT" : side } };
}

function unresolvable(field: string): Error {
  return invalid({
    resource: "PullRequestReviewComment",
    code: "custom",
    field: `pull_request_review_thread.${field}`,
    message: `pull_request_review_thread.${field} must be part of the diff`,
  });
}

/** Opens a conversation at a place; its first comment belongs to a review. */
export function addThread(
  act: Act,
  pull: Pull,
  input: { place: Placed; reviewId: number },
): ReviewComment {
  const { comment, at } = input.place;
  const number = at === null ? null : at.side === "LEFT" ? at.line.left : at.line.right;
  const start = at === null ? null : (comment.startLine ?? null);
  const thread = act.hub.store.reviewThreads.insert({
    repoId: act.repo.id,
    issueId: pull.issueId,
    path: comment.path,
    subjectType: at === null ? "file" : "line",
    side: at?.side ?? "RIGHT",
    line: number,
    startLine: start,
    startSide: start === null ? null : (comment.startSide ?? comment.side ?? "RIGHT"),
    originalLine: number,
    originalStartLine: start,
    position: at?.line.position ?? 1,
    originalPosition: at?.line.position ?? 1,
    resolvedById: null,
  });
  const { body, commitSha } = comment;
  const diffHunk = at?.line.hunk ?? "";
  return insertComment(act, thread, { body, commitSha, diffHunk, reviewId: input.reviewId });
}

/** Adds the row of a comment to a thread. */
export function insertComment(
  act: Act,
  thread: ReviewThread,
  input: { body: string; commitSha: string; diffHunk: string; reviewId: number },
): ReviewComment {
  const at = stamp(act.hub);
  const first = act.hub.store.commentsOfThread(thread.id)[0];
  return act.hub.store.reviewComments.insert({
    repoId: act.repo.id,
    issueId: thread.issueId,
    reviewId: input.reviewId,
    threadId: thread.id,
    // docs.github.com/rest/pulls/comments: replies to replies are not supported, all name the first.
    inReplyToId: first?.id ?? null,
    authorId: act.by.account.id,
    viaAppId: viaAppId(act.by),
    body: input.body,
    originalCommitSha: input.commitSha,
    diffHunk: input.diffHunk,
    createdAt: at,
    updatedAt: at,
    minimizedReason: null,
  });
}

export function announceComment(
  act: Act,
  comment: ReviewComment,
  what: { action: string; extra?: Record<string, unknown> },
): void {
  const issue = act.hub.store.issues.must(comment.issueId);
  const pull = act.hub.store.pulls.must(issue.pullId ?? 0);
  act.hub.emit({
    event: "pull_request_review_comment",
    action: what.action,
    sender: act.by.account,
    repo: act.repo,
    payload: {
      comment: reviewCommentReply(act.hub, comment),
      pull_request: pullSimple(act.hub, pull),
      ...what.extra,
    },
  });
}

export function threadById(act: Act, threadId: number): ReviewThread {
  const thread = act.hub.store.reviewThreads.get(threadId);
  if (thread === undefined || thread.repoId !== act.repo.id) throw notFound();
  return thread;
}

/** Settles or reopens a conversation: for writers and the pull request's author. */
export function setResolved(act: Act, thread: ReviewThread, resolved: boolean): ReviewThread {
  const issue = act.hub.store.issues.must(thread.issueId);
  requireRole(act, "read");
  requireAuthorOr(act, issue.authorId, "write");
  if ((thread.resolvedById !== null) === resolved) return thread;
  thread.resolvedById = resolved ? act.by.account.id : null;
  const pull = act.hub.store.pulls.must(issue.pullId ?? 0);
  act.hub.emit({
    event: "pull_request_review_thread",
    action: resolved ? "resolved" : "unresolved",
    sender: act.by.account,
    repo: act.repo,
    payload: {
      thread: threadInWebhook(act.hub, thread),
      pull_request: pullSimple(act.hub, pull),
    },
  });
  return thread;
}
