import type { Issue } from "../../github/store/issue-records.ts";
import type { Account } from "../../github/store/records.ts";
import { type Content, type Html, html } from "../html.ts";
import { icon } from "../icons.ts";
import { labelChip } from "../parts/label.ts";
import { avatar, personById, personLink } from "../parts/people.ts";
import { backField } from "../posts/forms.ts";
import { hasRole, people, type RepoVisit, roleOf } from "../visit.ts";

/** Labels, assignees and whoever took part; `first` stands above them. */
export function sidebar(visit: RepoVisit, issue: Issue, first: Content = ""): Html {
  return html`<aside class="side" id="sidebar" data-live>
    ${first}
    ${section("Assignees", assignees(visit, issue), assigneeMenu(visit, issue))}
    ${section("Labels", labels(visit, issue), labelMenu(visit, issue))}
    ${section("Participants", participants(visit, issue), "")}
  </aside>`;
}

export function section(title: string, content: Content, menu: Content): Html {
  return html`<section class="side-section"><div class="side-head"><h2>${title}</h2>${menu}</div>${content}</section>`;
}

/** A fold-out list of on/off buttons in one form; an empty one is not shown. */
export function toggleMenu(
  visit: RepoVisit,
  menu: {
    action: string;
    title: string;
    choices: readonly { value: string; on: boolean; shown: Content }[];
  },
): Html {
  if (menu.choices.length === 0) return html``;
  const buttons = menu.choices.map(
    ({ value, on, shown }) =>
      html`<button class="menu-item" name="${on ? "remove" : "add"}" value="${value}" aria-pressed="${on ? "true" : "false"}"><span class="tick">${on ? icon("check") : ""}</span> ${shown}</button>`,
  );
  return html`<details class="menu"><summary aria-label="${menu.title}">${icon("pencil")}</summary>
    <form class="menu-box" method="post" action="${menu.action}"><p class="menu-title">${menu.title}</p>${backField(visit)}${buttons}</form></details>`;
}

function labels(visit: RepoVisit, issue: Issue): Html {
  const all = visit.hub.store.labelsOf(issue);
  return all.length === 0
    ? html`<p class="note">None yet</p>`
    : html`<p class="labels">${all.map(labelChip)}</p>`;
}

function labelMenu(visit: RepoVisit, issue: Issue): Html {
  if (!hasRole(visit, "triage")) return html``;
  const choices = visit.hub.store.labels
    .filter((label) => label.repoId === visit.repo.id)
    .map((label) => ({
      value: label.name,
      on: issue.labelIds.includes(label.id),
      shown: labelChip(label),
    }));
  const action = `${visit.base}/issues/${issue.number}/labels`;
  return toggleMenu(visit, { action, title: "Change labels", choices });
}

function assignees(visit: RepoVisit, issue: Issue): Html {
  if (issue.assigneeIds.length === 0) return html`<p class="note">No one</p>`;
  const all = issue.assigneeIds.map((id) => visit.hub.store.accounts.must(id));
  return html`<ul class="plain">${all.map((account) => html`<li>${avatar(account)} ${personLink(account)}</li>`)}</ul>`;
}

function assigneeMenu(visit: RepoVisit, issue: Issue): Html {
  if (!hasRole(visit, "triage")) return html``;
  const choices = withAccess(visit).map((person) => ({
    value: person.login,
    on: issue.assigneeIds.includes(person.id),
    shown: html`${avatar(person)} ${person.login}`,
  }));
  const action = `${visit.base}/issues/${issue.number}/assignees`;
  return toggleMenu(visit, { action, title: "Change assignees", choices });
}

/** People who were given a role here, the owner included. */
export function withAccess(visit: RepoVisit): Account[] {
  const { hub, repo } = visit;
  return people(hub).filter(
    (person) =>
      repo.collaborators[String(person.id)] !== undefined || roleOf(hub, repo, person) === "admin",
  );
}

function participants(visit: RepoVisit, issue: Issue): Html {
  const { store } = visit.hub;
  const ids = new Set([
    issue.authorId,
    ...store.commentsOf(issue.id).map((comment) => comment.authorId),
    ...store.reviewsOf(issue.id).map((review) => review.authorId),
  ]);
  return html`<ul class="plain">${[...ids].map((id) => html`<li>${avatar(store.accounts.must(id))} ${personById(visit.hub, id)}</li>`)}</ul>`;
}
