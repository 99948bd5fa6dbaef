import { checkBody, refuseArchived, refuseIfLocked, touch } from "../acts/subject.ts";
import { requireAuthorOr, requireRole } from "../auth/roles.ts";
import { type Act, stamp } from "../context.ts";
import { notFound } from "../errors.ts";
import type { Pull, ReviewComment } from "../store/pull-records.ts";
import { announceReview, insertReview } from "./reviews.ts";
import {
  addThread,
  announceComment,
  insertComment,
  type LineComment,
  placeComment,
} from "./threads.ts";

/** A single comment on a line, outside a review of several (GitHub makes a review for it anyway). */
export async function createReviewComment(
  act: Act,
  pull: Pull,
  comment: LineComment & { commitSha: string },
): Promise<ReviewComment> {
  allowed(act, pull);
  const place = await placeComment(act, pull, comment);
  const review = ownReview(act, pull, comment.commitSha);
  const made = addThread(act, pull, { place, reviewId: review });
  tell(act, pull, made);
  return made;
}

export function replyToComment(
  act: Act,
  pull: Pull,
  reply: { commentId: number; body: string },
): ReviewComment {
  allowed(act, pull);
  checkBody("PullRequestReviewComment", reply.body, "refused");
  const to = reviewCommentOf(act, reply.commentId);
  if (to.issueId !== pull.issueId) throw notFound();
  const thread = act.hub.store.reviewThreads.must(to.threadId);
  const made = insertComment(act, thread, {
    body: reply.body,
    commitSha: to.originalCommitSha,
    diffHunk: to.diffHunk,
    reviewId: ownReview(act, pull, pull.headSha),
  });
  tell(act, pull, made);
  return made;
}

function allowed(act: Act, pull: Pull): void {
  refuseArchived(act);
  requireRole(act, "read");
  refuseIfLocked(act, act.hub.store.issues.must(pull.issueId));
}

function ownReview(act: Act, pull: Pull, commitSha: string): number {
  return insertReview(act, pull, { body: "", commitSha, state: "COMMENTED" }).id;
}

function tell(act: Act, pull: Pull, comment: ReviewComment): void {
  touch(act, act.hub.store.issues.must(pull.issueId));
  const review = act.hub.store.reviews.must(comment.reviewId);
  announceReview(act, pull, { review, action: "submitted" });
  announceComment(act, comment, { action: "created" });
}

export function reviewCommentOf(act: Pick<Act, "hub" | "repo">, id: number): ReviewComment {
  const comment = act.hub.store.reviewComments.get(id);
  if (comment === undefined || comment.repoId !== act.repo.id) throw notFound();
  return comment;
}

export function updateReviewComment(act: Act, comment: ReviewComment, body: string): ReviewComment {
  requireAuthorOr(act, comment.authorId, "write");
  checkBody("PullRequestReviewComment", body, "refused");
  const extra = { changes: { body: { from: comment.body } } };
  comment.body = body;
  comment.updatedAt = stamp(act.hub);
  announceComment(act, comment, { action: "edited", extra });
  return comment;
}

/** Deletes a comment; a thread without comments goes, too. */
export function deleteReviewComment(act: Act, comment: ReviewComment): void {
  requireAuthorOr(act, comment.authorId, "write");
  announceComment(act, comment, { action: "deleted" });
  act.hub.store.reviewComments.delete(comment.id);
  if (act.hub.store.commentsOfThread(comment.threadId).length === 0) {
    act.hub.store.reviewThreads.delete(comment.threadId);
  }
}
