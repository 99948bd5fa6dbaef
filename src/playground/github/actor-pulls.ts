import type { Actor, Lines } from "./actor.ts";
import type { ActIn } from "./actor-of.ts";
import { pullOf } from "./acts/subject.ts";
import type { Act } from "./context.ts";
import { notFound } from "./errors.ts";
import { mergePull, updateBranch } from "./pulls/merge.ts";
import { openPull, setDraft } from "./pulls/open.ts";
import {
  createReviewComment,
  deleteReviewComment,
  replyToComment,
  reviewCommentOf,
  updateReviewComment,
} from "./pulls/review-comments.ts";
import { requestReviewers } from "./pulls/reviewers.ts";
import { createReview, dismissReview } from "./pulls/reviews.ts";
import { type LineComment, setResolved, threadById } from "./pulls/threads.ts";
import type { Pull } from "./store/pull-records.ts";

type LifeActs = Pick<
  Actor,
  "openPull" | "markReady" | "convertToDraft" | "requestReview" | "merge" | "updateBranch"
>;

type ReviewActs = Pick<
  Actor,
  | "review"
  | "dismissReview"
  | "commentOnLine"
  | "replyToReviewComment"
  | "editReviewComment"
  | "deleteReviewComment"
  | "resolveThread"
  | "unresolveThread"
>;

export function pullActs(at: ActIn): LifeActs & ReviewActs {
  return { ...lifeActs(at), ...reviewActs(at) };
}

function lifeActs(at: ActIn): LifeActs {
  return {
    openPull: async (repo, input) => {
      const act = at(repo);
      const base = input.base ?? act.repo.defaultBranch;
      return (await openPull(act, { ...input, base })).issue;
    },
    markReady: async (repo, number) => setDraft(at(repo), pullOf(at(repo), number).pull, false),
    convertToDraft: async (repo, number) => setDraft(at(repo), pullOf(at(repo), number).pull, true),
    requestReview: async (repo, number, logins) =>
      requestReviewers(at(repo), pullOf(at(repo), number).pull, logins),
    merge: async (repo, number, options = {}) =>
      mergePull(at(repo), pullOf(at(repo), number).pull, options),
    updateBranch: async (repo, number) => updateBranch(at(repo), pullOf(at(repo), number).pull),
  };
}

function onLine(comment: Lines & { body: string }): LineComment {
  return { ...comment };
}

function reviewActs(at: ActIn): ReviewActs {
  return {
    review: async (repo, number, input) =>
      createReview(at(repo), pullOf(at(repo), number).pull, {
        event: input.event,
        body: input.body ?? "",
        comments: (input.comments ?? []).map(onLine),
      }),
    dismissReview: async (repo, reviewId, message) => {
      const act = at(repo);
      const review = act.hub.store.reviews.get(reviewId);
      if (review === undefined || review.repoId !== act.repo.id) throw notFound();
      return dismissReview(act, pullOfIssue(act, review.issueId), { review, message });
    },
    commentOnLine: async (repo, number, input) => {
      const { pull } = pullOf(at(repo), number);
      return createReviewComment(at(repo), pull, { ...onLine(input), commitSha: pull.headSha });
    },
    replyToReviewComment: async (repo, commentId, body) => {
      const act = at(repo);
      const { issueId } = reviewCommentOf(act, commentId);
      return replyToComment(act, pullOfIssue(act, issueId), { commentId, body });
    },
    editReviewComment: async (repo, id, body) =>
      updateReviewComment(at(repo), reviewCommentOf(at(repo), id), body),
    deleteReviewComment: async (repo, id) =>
      deleteReviewComment(at(repo), reviewCommentOf(at(repo), id)),
    resolveThread: async (repo, id) => setResolved(at(repo), threadById(at(repo), id), true),
    unresolveThread: async (repo, id) => setResolved(at(repo), threadById(at(repo), id), false),
  };
}

function pullOfIssue(act: Act, issueId: number): Pull {
  return act.hub.store.pulls.must(act.hub.store.issues.must(issueId).pullId ?? 0);
}
