import type { Issue } from "../../github/store/issue-records.ts";
import type { Pull, Review } from "../../github/store/pull-records.ts";
import { type Html, html } from "../html.ts";
import { icon } from "../icons.ts";
import { section, toggleMenu, withAccess } from "../issues/sidebar.ts";
import { avatar, personLink } from "../parts/people.ts";
import { mayEdit, type RepoVisit } from "../visit.ts";

/** The newest review of each person that says something, and who is still asked. */
export function latestReviews(visit: RepoVisit, issue: Issue): Map<number, Review> {
  const newest = new Map<number, Review>();
  for (const review of visit.hub.store.reviewsOf(issue.id)) {
    if (review.submittedAt === null || review.authorId === issue.authorId) continue;
    const known = newest.get(review.authorId);
    if (review.state !== "COMMENTED" || known === undefined) newest.set(review.authorId, review);
  }
  return newest;
}

export function reviewersSection(visit: RepoVisit, issue: Issue, pull: Pull): Html {
  const reviews = latestReviews(visit, issue);
  const ids = new Set([...pull.requestedReviewerIds, ...reviews.keys()]);
  const lines = [...ids].map((id) => {
    const account = visit.hub.store.accounts.must(id);
    const isAsked = pull.requestedReviewerIds.includes(id);
    return html`<li>${avatar(account)} ${personLink(account)} <span class="spacer"></span>${isAsked ? mark("PENDING") : mark(reviews.get(id)?.state ?? "PENDING")}</li>`;
  });
  const list =
    lines.length === 0
      ? html`<p class="note">No one asked</p>`
      : html`<ul class="plain reviewers">${lines}</ul>`;
  return section("Reviewers", list, requestMenu(visit, issue, pull));
}

function mark(state: Review["state"]): Html {
  const looks = {
    APPROVED: ["check", "check-success", "Approved"],
    CHANGES_REQUESTED: ["cross", "check-failure", "Requested changes"],
    COMMENTED: ["comment", "", "Commented"],
    DISMISSED: ["minus", "", "Dismissed"],
    PENDING: ["dot", "check-pending", "Review requested"],
  } as const;
  const [picture, tone, words] = looks[state];
  return html`<span class="${tone}" title="${words}">${icon(picture)}<span class="hidden-words">${words}</span></span>`;
}

function requestMenu(visit: RepoVisit, issue: Issue, pull: Pull): Html {
  if (!mayEdit(visit, issue.authorId)) return html``;
  const choices = withAccess(visit)
    .filter((person) => person.id !== issue.authorId)
    .map((person) => ({
      value: person.login,
      on: pull.requestedReviewerIds.includes(person.id),
      shown: html`${avatar(person)} ${person.login}`,
    }));
  const action = `${visit.base}/pull/${issue.number}/reviewers`;
  return toggleMenu(visit, { action, title: "Request reviews", choices });
}
