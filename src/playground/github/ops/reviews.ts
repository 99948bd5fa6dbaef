import { notFound, unprocessable } from "../errors.ts";
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
import {
  createReviewComment,
  deleteReviewComment,
  replyToComment,
  reviewCommentOf,
  updateReviewComment,
} from "../pulls/review-comments.ts";
import {
  createReview,
  deletePending,
  dismissReview,
  type ReviewEvent,
  submitReview,
  updateReview,
} from "../pulls/reviews.ts";
import type { LineComment } from "../pulls/threads.ts";
import { reviewCommentReply, reviewReply } from "../render/reviews.ts";
import type { Review, ReviewComment, Side } from "../store/pull-records.ts";
import { pullAt } from "./pulls.ts";

export const REVIEWS: Handlers = {
  "pulls/create-review": create,
  "pulls/list-reviews": (call) => {
    const reviews = call.hub.store.reviewsOf(pullAt(call).issue.id).filter((r) => visible(call, r));
    return list(reviews, (r) => reviewReply(call.hub, r));
  },
  "pulls/get-review": (call) => ok(reviewReply(call.hub, reviewAt(call))),
  "pulls/update-review": (call) => {
    const at = { review: reviewAt(call), body: textOf(call) };
    return ok(reviewReply(call.hub, updateReview(actOf(call), pullAt(call).pull, at)));
  },
  "pulls/delete-pending-review": (call) => {
    const review = reviewAt(call);
    const reply = reviewReply(call.hub, review);
    deletePending(actOf(call), review);
    return ok(reply);
  },
  "pulls/submit-review": async (call) => {
    const { event, body } = call.body as { event: ReviewEvent; body?: string };
    const what = { review: reviewAt(call), event, ...(body === undefined ? {} : { body }) };
    return ok(reviewReply(call.hub, await submitReview(actOf(call), pullAt(call).pull, what)));
  },
  "pulls/dismiss-review": (call) => {
    const { message } = call.body as { message: string };
    const at = { review: reviewAt(call), message };
    return ok(reviewReply(call.hub, dismissReview(actOf(call), pullAt(call).pull, at)));
  },
  "pulls/list-comments-for-review": (call) => {
    const review = reviewAt(call);
    const comments = call.hub.store.reviewComments.filter((c) => c.reviewId === review.id);
    return list(comments, (c) => reviewCommentReply(call.hub, c));
  },
  "pulls/create-review-comment": createComment,
  "pulls/create-reply-for-review-comment": (call) =>
    reply(call, idParam(call, "comment_id"), textOf(call)),
  "pulls/list-review-comments": (call) => {
    const { id } = pullAt(call).issue;
    return listed(
      call,
      call.hub.store.reviewComments.filter((c) => c.issueId === id && sent(call, c)),
    );
  },
  "pulls/list-review-comments-for-repo": (call) => {
    const { id } = repoOf(call);
    return listed(
      call,
      call.hub.store.reviewComments.filter((c) => c.repoId === id && sent(call, c)),
    );
  },
  "pulls/get-review-comment": (call) => ok(reviewCommentReply(call.hub, commentAt(call))),
  "pulls/update-review-comment": (call) => {
    const comment = updateReviewComment(actOf(call), commentAt(call), textOf(call));
    return ok(reviewCommentReply(call.hub, comment));
  },
  "pulls/delete-review-comment": (call) => {
    deleteReviewComment(actOf(call), commentAt(call));
    return noContent();
  },
};

function textOf(call: Call): string {
  return (call.body as { body?: string }).body ?? "";
}

function visible(call: Call, review: Review): boolean {
  if (review.state !== "PENDING") return true;
  return "account" in call.by && call.by.account.id === review.authorId;
}

/** Comments of a pending review are nobody's business yet. */
function sent(call: Call, comment: ReviewComment): boolean {
  return call.hub.store.reviews.must(comment.reviewId).state !== "PENDING";
}

function reviewAt(call: Call): Review {
  const { pull } = pullAt(call);
  const review = call.hub.store.reviews.get(idParam(call, "review_id"));
  if (review === undefined || review.issueId !== pull.issueId || !visible(call, review)) {
    throw notFound();
  }
  return review;
}

function commentAt(call: Call): ReviewComment {
  return reviewCommentOf({ hub: call.hub, repo: repoOf(call) }, idParam(call, "comment_id"));
}

interface CommentBody {
  path: string;
  body: string;
  line?: number;
  side?: Side;
  start_line?: number;
  start_side?: Side | "side";
  position?: number;
  subject_type?: "line" | "file";
}

function lineComment(input: CommentBody): LineComment {
  const { path, body, line, side, position } = input;
  const startSide = input.start_side === "side" ? side : input.start_side;
  return {
    path,
    body,
    ...(line === undefined ? {} : { line }),
    ...(side === undefined ? {} : { side }),
    ...(position === undefined ? {} : { position }),
    ...(input.start_line === undefined ? {} : { startLine: input.start_line }),
    ...(startSide === undefined ? {} : { startSide }),
    ...(input.subject_type === undefined ? {} : { subjectType: input.subject_type }),
  };
}

async function create(call: Call): Promise<Reply> {
  const { event, body, commit_id, comments } = call.body as {
    event?: ReviewEvent;
    body?: string;
    commit_id?: string;
    comments?: CommentBody[];
  };
  const review = await createReview(actOf(call), pullAt(call).pull, {
    ...(event === undefined ? {} : { event }),
    ...(body === undefined ? {} : { body }),
    ...(commit_id === undefined ? {} : { commitSha: commit_id }),
    comments: (comments ?? []).map(lineComment),
  });
  return ok(reviewReply(call.hub, review));
}

async function createComment(call: Call): Promise<Reply> {
  const input = call.body as CommentBody & { commit_id: string; in_reply_to?: number };
  if (input.in_reply_to !== undefined) return reply(call, input.in_reply_to, input.body);
  const { pull } = pullAt(call);
  if (input.line === undefined && input.position === undefined && input.subject_type !== "file") {
    throw unprocessable("Pull request review comment needs a line or a position.");
  }
  const comment = await createReviewComment(actOf(call), pull, {
    ...lineComment(input),
    commitSha: input.commit_id,
  });
  return created(reviewCommentReply(call.hub, comment));
}

function reply(call: Call, commentId: number, body: string): Reply {
  const comment = replyToComment(actOf(call), pullAt(call).pull, { commentId, body });
  return created(reviewCommentReply(call.hub, comment));
}

function listed(call: Call, comments: ReviewComment[]): Reply {
  const since = textQuery(call, "since");
  const by = textQuery(call, "sort") === "updated" ? "updatedAt" : "createdAt";
  const recent = comments
    .filter((c) => since === undefined || Date.parse(c.updatedAt) >= Date.parse(since))
    .toSorted((a, b) => a[by].localeCompare(b[by]) || a.id - b.id);
  const shown = textQuery(call, "direction") === "desc" ? recent.reverse() : recent;
  return list(shown, (c) => reviewCommentReply(call.hub, c));
}
