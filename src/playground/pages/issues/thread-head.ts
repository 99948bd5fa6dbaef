import type { Issue } from "../../github/store/issue-records.ts";
import { type Content, type Html, html } from "../html.ts";
import { stateBadge } from "../parts/state-badge.ts";
import { titleText } from "../parts/words.ts";
import { backField } from "../posts/forms.ts";
import { mayEdit, type RepoVisit } from "../visit.ts";

/** Title, number and state, above an issue or pull request; `note` says the rest in one line. */
export function threadHead(visit: RepoVisit, issue: Issue, note: Content): Html {
  return html`<header class="thread-head" id="thread-head" data-live>
    <div class="title-line"><h1>${titleText(issue.title)} <span class="number">#${issue.number}</span></h1>${titleForm(visit, issue)}</div>
    <p class="thread-state">${stateBadge(issue, visit.hub.store.pullOf(issue))} <span class="note">${note}</span></p>
  </header>`;
}

function titleForm(visit: RepoVisit, issue: Issue): Html {
  if (!mayEdit(visit, issue.authorId)) return html``;
  return html`<details class="menu title-menu"><summary class="button small">Edit title</summary>
    <form class="menu-box" method="post" action="${visit.base}/issues/${issue.number}/title">${backField(visit)}
      <label for="title-field">Title</label><input id="title-field" name="title" value="${issue.title}" required>
      <button class="primary">Save</button></form></details>`;
}
