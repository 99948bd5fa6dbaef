import type { Issue } from "../../github/store/issue-records.ts";
import { type Html, html } from "../html.ts";
import { avatar } from "../parts/people.ts";
import { personButtons } from "../parts/switcher.ts";
import { backField, markdownField } from "../posts/forms.ts";
import { hasRole, mayEdit, type RepoVisit } from "../visit.ts";

/** The form at the end of a conversation: comment, and close or reopen for those who may. */
export function commentForm(visit: RepoVisit, issue: Issue): Html {
  const { viewer } = visit;
  if (viewer === undefined) {
    return html`<section class="box sign-in"><div class="box-body"><p><strong>Choose who you are to take part.</strong></p>
      <div class="people-choice">${personButtons(visit)}</div></div></section>`;
  }
  if (issue.locked && !hasRole(visit, "write")) {
    return html`<p class="blank">This conversation is locked: only people with write access can comment.</p>`;
  }
  return html`<section class="post new-post" id="new-comment"><div class="post-side">${avatar(viewer, "large")}</div>
    <form class="post-box text-form" method="post" action="${visit.base}/issues/${issue.number}/comments">${backField(visit)}
      <header class="post-head"><strong>Add a comment</strong> <span class="note">as ${viewer.login}</span></header>
      <div class="post-body">${markdownField({ id: "new-comment-field", label: "Leave a comment" })}</div>
      <p class="form-foot">${stateButtons(visit, issue)} <button class="primary" name="then" value="stay">Comment</button></p>
    </form></section>`;
}

function stateButtons(visit: RepoVisit, issue: Issue): Html {
  if (!mayEdit(visit, issue.authorId) && !hasRole(visit, "triage")) return html``;
  const pull = visit.hub.store.pullOf(issue);
  if (pull !== undefined && pull.mergedAt !== null) return html``;
  const thing = pull === undefined ? "issue" : "pull request";
  if (issue.state === "closed") {
    return html`<button name="then" value="reopen" formnovalidate>Reopen ${thing}</button>`;
  }
  const notPlanned =
    pull === undefined
      ? html`<button name="then" value="close_not_planned" formnovalidate>Close as not planned</button> `
      : "";
  return html`${notPlanned}<button name="then" value="close" formnovalidate>Close ${thing}</button>`;
}
