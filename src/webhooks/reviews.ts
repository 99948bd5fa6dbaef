import type { Probot } from "probot";
import type { CommandPorts } from "../commands/handle.ts";
import { ignored } from "../commands/outcome.ts";
import { HandedReviews, handleReview } from "../commands/review.ts";
import { heard } from "./heard.ts";
import type { Outcomes } from "./outcomes.ts";
import { ReviewCommentCreated, ReviewSubmitted, repoOf } from "./payloads.ts";

/**
 * Reviews of pull requests. GitHub makes a review of every comment on the diff, also of a single one and of a reply, so
 * that both events lead to the review; whichever comes first hands it over.
 */
export function onReviews(probot: Probot, ports: CommandPorts, outcomes: Outcomes): void {
  const handing = { ...ports, reviews: new HandedReviews() };
  probot.on("pull_request_review.submitted", async ({ id, payload }) => {
    await heard(outcomes, { id, payload, shape: ReviewSubmitted }, async (read) => {
      const { review, pull_request: pull, repository, sender } = read;
      return await handleReview(handing, {
        deliveryId: id,
        repo: repoOf(read),
        archived: repository.archived,
        sender,
        author: review.user ?? undefined,
        pullRequest: pull.number,
        reviewId: review.id,
      });
    });
  });
  probot.on("pull_request_review_comment.created", async ({ id, payload }) => {
    await heard(outcomes, { id, payload, shape: ReviewCommentCreated }, async (read) => {
      const { comment, pull_request: pull, repository, sender } = read;
      const reviewId = comment.pull_request_review_id;
      if (!reviewId) return ignored("it belongs to no review");
      return await handleReview(handing, {
        deliveryId: id,
        repo: repoOf(read),
        archived: repository.archived,
        sender,
        author: comment.user ?? undefined,
        pullRequest: pull.number,
        reviewId,
      });
    });
  });
}
