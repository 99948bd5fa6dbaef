import type { Issue } from "../../github/store/issue-records.ts";
import { type Html, html } from "../html.ts";
import type { Draft } from "../memory.ts";
import { avatar } from "../parts/people.ts";
import { count } from "../parts/words.ts";
import { backField, markdownField } from "../posts/forms.ts";
import type { RepoVisit } from "../visit.ts";
import type { Place } from "./files-page.ts";
import type { PullView } from "./pull-frame.ts";

/** The form below a line: comment at once, or keep it for the review. */
export function lineForm(
  visit: RepoVisit,
  { base }: PullView,
  { place, anchor }: { place: Place; anchor: string },
): Html {
  return html`<form class="text-form line-form" id="line-form" method="post" action="${base}/line-comments">${backField(visit, anchor)}
    <input type="hidden" name="path" value="${place.path}"><input type="hidden" name="side" value="${place.side}"><input type="hidden" name="line" value="${place.line}">
    ${markdownField({ id: "line-comment", label: `Comment on line ${place.line}`, required: true })}
    <p class="form-foot"><button name="then" value="now">Comment now</button> <button class="primary" name="then" value="later">Add to review</button></p></form>`;
}

/** A line comment that waits for the review it belongs to. */
export function draftBox(visit: RepoVisit, issue: Issue, draft: Draft): Html {
  return html`<div class="draft-box"><p><span class="badge">Pending</span> ${visit.viewer === undefined ? "" : avatar(visit.viewer)}</p>
    <pre class="draft-text">${draft.body}</pre>
    <form method="post" action="${visit.base}/pull/${issue.number}/drafts/${draft.id}/delete">${backField(visit)}<button class="small danger">Discard</button></form></div>`;
}

/** "Review changes": a verdict, a text, and all pending line comments. */
export function reviewForm(visit: RepoVisit, { issue, base }: PullView): Html {
  const { viewer } = visit;
  if (viewer === undefined || issue.state === "closed") return html``;
  const drafts = visit.memory.drafts.of(viewer.id, issue.id).length;
  const own = viewer.id === issue.authorId;
  const choices = [
    ["COMMENT", "Comment", "Say something without a verdict.", false],
    ["APPROVE", "Approve", "These changes are good to merge.", own],
    ["REQUEST_CHANGES", "Request changes", "Something must change first.", own],
  ] as const;
  const radios = choices.map(
    ([
      value,
      title,
      words,
      isBarred,
    ]) => html`<label class="choice"><input type="radio" name="event" value="${value}"${value === "COMMENT" ? html` checked` : ""}${isBarred ? html` disabled` : ""}>
      <span><strong>${title}</strong><span class="note">${isBarred ? "Not for one's own pull request." : words}</span></span></label>`,
  );
  return html`<details class="menu review-menu"${drafts > 0 ? html` data-pending` : ""}><summary class="button primary">${drafts === 0 ? "Review changes" : html`Finish your review <span class="counter">${drafts}</span>`}</summary>
    <form class="menu-box text-form" method="post" action="${base}/reviews">${backField(visit)}
      <p class="menu-title">${drafts === 0 ? "Review" : `Review with ${count(drafts, "line comment")}`}</p>
      ${markdownField({ id: "review-body", label: "Leave a comment", rows: 4 })}
      <fieldset><legend class="hidden-words">Verdict</legend>${radios}</fieldset>
      <p class="form-foot"><button class="primary">Submit review</button></p></form></details>`;
}
