import type { Issue } from "../../github/store/issue-records.ts";
import type { Review, ReviewState } from "../../github/store/pull-records.ts";
import { type Html, html } from "../html.ts";
import { type IconName, icon } from "../icons.ts";
import type { TimelineItem } from "../issues/timeline.ts";
import { avatar, personLink } from "../parts/people.ts";
import { moment } from "../parts/time.ts";
import { backField } from "../posts/forms.ts";
import { renderText } from "../text.ts";
import { hasRole, type RepoVisit } from "../visit.ts";
import { threadBox } from "./thread-box.ts";

const LOOKS: Readonly<Record<ReviewState, { icon: IconName; tone: string; words: string }>> = {
  APPROVED: { icon: "check", tone: "event-open", words: "approved these changes" },
  CHANGES_REQUESTED: { icon: "cross", tone: "event-closed", words: "requested changes" },
  COMMENTED: { icon: "eye", tone: "", words: "reviewed" },
  DISMISSED: { icon: "minus", tone: "", words: "reviewed (dismissed)" },
  PENDING: { icon: "dot", tone: "", words: "started a review" },
};

/** Submitted reviews with the conversations each opened. */
export function reviewItems(visit: RepoVisit, issue: Issue): TimelineItem[] {
  return visit.hub.store
    .reviewsOf(issue.id)
    .filter((review) => review.submittedAt !== null && !isReplyOnly(visit, review))
    .map((review) => ({
      at: review.submittedAt ?? "",
      show: () => reviewItem(visit, review),
    }));
}

/** A reply to a conversation is kept as a review of its own; it shows in its conversation alone. */
function isReplyOnly(visit: RepoVisit, review: Review): boolean {
  const comments = visit.hub.store.reviewComments.filter((c) => c.reviewId === review.id);
  const bare = review.state === "COMMENTED" && review.body.trim() === "";
  return bare && comments.every((comment) => comment.inReplyToId !== null);
}

async function reviewItem(visit: RepoVisit, review: Review): Promise<Html> {
  const { store } = visit.hub;
  const look = LOOKS[review.state];
  const author = store.accounts.must(review.authorId);
  const threads = store
    .threadsOf(review.issueId)
    .filter((thread) => store.commentsOfThread(thread.id)[0]?.reviewId === review.id);
  const boxes = await Promise.all(threads.map((t) => threadBox(visit, t, { withCode: true })));
  const text = review.body.trim() === "" ? "" : await reviewText(visit, review);
  return html`<section class="review" id="pullrequestreview-${review.id}" data-live>
    <div class="event ${look.tone}"><span class="event-icon">${icon(look.icon)}</span>
      <span>${avatar(author)} ${personLink(author)} ${look.words} <span class="note">${moment(review.submittedAt ?? review.updatedAt)}</span></span>
      <span class="spacer"></span>${dismissForm(visit, review)}</div>
    ${text}${boxes}</section>`;
}

async function reviewText(visit: RepoVisit, review: Review): Promise<Html> {
  return html`<div class="post-box review-text"><div class="post-body">${await renderText(visit, review.body)}</div></div>`;
}

function dismissForm(visit: RepoVisit, review: Review): Html {
  const canGo = review.state === "APPROVED" || review.state === "CHANGES_REQUESTED";
  if (!canGo || !hasRole(visit, "write")) return html``;
  const issue = visit.hub.store.issues.must(review.issueId);
  return html`<details class="menu"><summary class="quiet-link">Dismiss</summary><form class="menu-box" method="post" action="${visit.base}/pull/${issue.number}/reviews/${review.id}/dismiss">${backField(visit)}
    <label for="dismiss-${review.id}">Reason</label><input id="dismiss-${review.id}" name="message" required> <button class="danger">Dismiss review</button></form></details>`;
}
