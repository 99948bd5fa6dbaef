import { checkBody, refuseArchived, refuseIfLocked, touch } from "../acts/subject.ts";
import { requireAuthorOr, requireRole } from "../auth/roles.ts";
import { type Act, stamp } from "../context.ts";
import { notFound, unprocessable } from "../errors.ts";
import { pullSimple } from "../render/pulls.ts";
import { reviewReply } from "../render/reviews.ts";
import type { Pull, Review, ReviewState } from "../store/pull-records.ts";
import { addThread, announceComment, type LineComment, placeComment } from "./threads.ts";

export type ReviewEvent = "APPROVE" | "REQUEST_CHANGES" | "COMMENT";

const STATES: Readonly<Record<ReviewEvent, ReviewState>> = {
  APPROVE: "APPROVED",
  REQUEST_CHANGES: "CHANGES_REQUESTED",
  COMMENT: "COMMENTED",
};

export interface NewReview {
  /** Absent: the review stays pending. */
  event?: ReviewEvent;
  body?: string;
  commitSha?: string;
  comments?: readonly LineComment[];
}

export async function createReview(act: Act, pull: Pull, input: NewReview): Promise<Review> {
  const issue = act.hub.store.issues.must(pull.issueId);
  refuseArchived(act);
  requireRole(act, "read");
  refuseIfLocked(act, issue);
  checkBody("PullRequestReview", input.body ?? "", "allowed");
  if (input.event !== undefined) {
    const hasComments = (input.comments ?? []).length > 0;
    checkEvent(act, pull, { event: input.event, body: input.body ?? "", hasComments });
  } else if (pendingOf(act, pull) !== undefined) {
    throw unprocessable("User can only have one pending review per pull request");
  }
  // All comments find their lines before anything is written: one that does not refuses them all.
  const commitSha = input.commitSha ?? pull.headSha;
  const places = [];
  for (const comment of input.comments ?? []) {
    places.push(await placeComment(act, pull, { ...comment, commitSha }));
  }
  const review = insertReview(act, pull, { body: input.body ?? "", commitSha });
  for (const place of places) addThread(act, pull, { place, reviewId: review.id });
  touch(act, issue);
  if (input.event !== undefined) await submit(act, pull, { review, event: input.event });
  return review;
}

function checkEvent(
  act: Act,
  pull: Pull,
  input: { event: ReviewEvent; body: string; hasComments: boolean },
): void {
  const { authorId } = act.hub.store.issues.must(pull.issueId);
  if (authorId === act.by.account.id && input.event !== "COMMENT") {
    const verb = input.event === "APPROVE" ? "approve" : "request changes on";
    throw unprocessable(`Can not ${verb} your own pull request`);
  }
  if (input.event === "APPROVE" || input.body.trim() !== "" || input.hasComments) return;
  // docs.github.com/rest/pulls/reviews: "body … Required when using REQUEST_CHANGES or COMMENT".
  throw unprocessable("Unprocessable Entity: a body is required for this review event");
}

function pendingOf(act: Act, pull: Pull): Review | undefined {
  return act.hub.store
    .reviewsOf(pull.issueId)
    .find((r) => r.state === "PENDING" && r.authorId === act.by.account.id);
}

/** Adds the row of a review that nobody has heard of yet. */
export function insertReview(
  act: Act,
  pull: Pull,
  input: { body: string; commitSha: string; state?: ReviewState },
): Review {
  const at = stamp(act.hub);
  const state = input.state ?? "PENDING";
  return act.hub.store.reviews.insert({
    repoId: act.repo.id,
    issueId: pull.issueId,
    authorId: act.by.account.id,
    body: input.body,
    state,
    commitSha: input.commitSha,
    submittedAt: state === "PENDING" ? null : at,
    updatedAt: at,
  });
}

async function submit(
  act: Act,
  pull: Pull,
  what: { review: Review; event: ReviewEvent },
): Promise<void> {
  const { review } = what;
  review.state = STATES[what.event];
  review.submittedAt = stamp(act.hub);
  // Who has reviewed is no longer asked to.
  pull.requestedReviewerIds = pull.requestedReviewerIds.filter((id) => id !== review.authorId);
  announceReview(act, pull, { review, action: "submitted" });
  for (const comment of act.hub.store.reviewComments.filter((c) => c.reviewId === review.id)) {
    announceComment(act, comment, { action: "created" });
  }
}

export async function submitReview(
  act: Act,
  pull: Pull,
  what: { review: Review; event: ReviewEvent; body?: string },
): Promise<Review> {
  const { review } = what;
  if (review.authorId !== act.by.account.id) throw notFound();
  if (review.state !== "PENDING")
    throw unprocessable("Can not submit a review that is not pending");
  const hasComments =
    act.hub.store.reviewComments.filter((c) => c.reviewId === review.id).length > 0;
  if (what.body !== undefined) review.body = what.body;
  checkEvent(act, pull, { event: what.event, body: review.body, hasComments });
  await submit(act, pull, what);
  return review;
}

export function updateReview(act: Act, pull: Pull, at: { review: Review; body: string }): Review {
  const { review, body } = at;
  requireAuthorOr(act, review.authorId, "write");
  checkBody("PullRequestReview", body, "refused");
  const extra = { changes: { body: { from: review.body } } };
  review.body = body;
  review.updatedAt = stamp(act.hub);
  announceReview(act, pull, { review, action: "edited", extra });
  return review;
}

export function dismissReview(
  act: Act,
  pull: Pull,
  at: { review: Review; message: string },
): Review {
  const { review } = at;
  requireRole(act, "write");
  if (review.state !== "APPROVED" && review.state !== "CHANGES_REQUESTED") {
    throw unprocessable("Can not dismiss a commented pull request review");
  }
  review.state = "DISMISSED";
  review.updatedAt = stamp(act.hub);
  announceReview(act, pull, { review, action: "dismissed" });
  return review;
}

/** Takes back a review that was never submitted, with its comments. */
export function deletePending(act: Act, review: Review): void {
  if (review.state !== "PENDING" || review.authorId !== act.by.account.id) {
    throw unprocessable("Can not delete a non-pending pull request review");
  }
  const { store } = act.hub;
  for (const comment of store.reviewComments.filter((c) => c.reviewId === review.id)) {
    store.reviewComments.delete(comment.id);
    if (store.commentsOfThread(comment.threadId).length === 0) {
      store.reviewThreads.delete(comment.threadId);
    }
  }
  store.reviews.delete(review.id);
}

export function announceReview(
  act: Act,
  pull: Pull,
  what: { review: Review; action: string; extra?: Record<string, unknown> },
): void {
  const review = reviewReply(act.hub, what.review);
  act.hub.emit({
    event: "pull_request_review",
    action: what.action,
    sender: act.by.account,
    repo: act.repo,
    payload: {
      // The webhook says the state in small letters, REST in capitals.
      review: { ...review, state: what.review.state.toLowerCase() },
      pull_request: pullSimple(act.hub, pull),
      ...what.extra,
    },
  });
}
