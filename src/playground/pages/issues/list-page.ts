import type { Issue } from "../../github/store/issue-records.ts";
import { type Html, html } from "../html.ts";
import { icon } from "../icons.ts";
import { repoLayout } from "../layout.ts";
import { labelChip } from "../parts/label.ts";
import { personById } from "../parts/people.ts";
import { stateIcon } from "../parts/state-badge.ts";
import { moment } from "../parts/time.ts";
import { titleText } from "../parts/words.ts";
import { checksMark } from "../pulls/checks-state.ts";
import { page, type Reply } from "../reply.ts";
import { hasRole, type RepoVisit } from "../visit.ts";

/** The issues, or the pull requests, newest first; `?state=closed` shows the closed ones. */
export async function listPage(visit: RepoVisit, kind: "issues" | "pulls"): Promise<Reply> {
  const state = visit.request.query.get("state") === "closed" ? "closed" : "open";
  const wanted = visit.request.query.get("label");
  const all = visit.hub.store.issues
    .filter((i) => i.repoId === visit.repo.id && (i.pullId !== null) === (kind === "pulls"))
    .filter((i) => wanted === null || visit.hub.store.labelsOf(i).some((l) => l.name === wanted))
    .reverse();
  const shown = all.filter((issue) => issue.state === state);
  const body = html`<div class="toolbar"><h1>${kind === "issues" ? "Issues" : "Pull requests"}</h1>
      ${wanted === null ? "" : html`<span class="note">labelled <strong>${wanted}</strong></span> <a class="quiet-link" href="?">all</a>`}
      <span class="spacer"></span>${kind === "issues" && hasRole(visit, "read") ? html`<a class="button primary" href="${visit.base}/issues/new">New issue</a>` : ""}</div>
    <div class="box" data-live id="list"><div class="box-head">${stateTabs(all, state)}</div>
      ${shown.length === 0 ? html`<p class="blank">Nothing ${state} here.</p>` : html`<ul class="plain">${shown.map((issue) => row(visit, issue))}</ul>`}
    </div>`;
  const title = kind === "issues" ? "Issues" : "Pull requests";
  return page(repoLayout(visit, kind, { title, body, live: true }));
}

function stateTabs(all: readonly Issue[], current: "open" | "closed"): Html {
  const open = all.filter((issue) => issue.state === "open").length;
  return html`<nav class="state-tabs" aria-label="State"><a href="?"${current === "open" ? html` aria-current="true"` : ""}>${icon("issueOpen")} ${open} Open</a>
    <a href="?state=closed"${current === "closed" ? html` aria-current="true"` : ""}>${icon("check")} ${all.length - open} Closed</a></nav>`;
}

function row(visit: RepoVisit, issue: Issue): Html {
  const { store } = visit.hub;
  const pull = store.pullOf(issue);
  const folder = pull === undefined ? "issues" : "pull";
  const comments = store.commentsOf(issue.id).length + store.reviewsOf(issue.id).length;
  return html`<li class="row">${stateIcon(issue, pull)}
    <div class="row-main"><a class="subject" href="${visit.base}/${folder}/${issue.number}">${titleText(issue.title)}</a>
      ${pull === undefined ? "" : checksMark(visit, pull.headSha)} ${store.labelsOf(issue).map(labelChip)}
      <p class="note">#${issue.number} opened ${moment(issue.createdAt)} by ${personById(visit.hub, issue.authorId)}${pull?.draft === true ? " · draft" : ""}</p></div>
    ${comments === 0 ? "" : html`<a class="quiet-link" href="${visit.base}/${folder}/${issue.number}" aria-label="${comments} comments">${icon("comment")} ${comments}</a>`}
  </li>`;
}
