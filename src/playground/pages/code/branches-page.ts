import type { Issue } from "../../github/store/issue-records.ts";
import { type Html, html } from "../html.ts";
import { icon } from "../icons.ts";
import { repoLayout } from "../layout.ts";
import { stateBadge } from "../parts/state-badge.ts";
import { moment } from "../parts/time.ts";
import { encodePath } from "../parts/words.ts";
import { checksMark } from "../pulls/checks-state.ts";
import { page, type Reply, redirect } from "../reply.ts";
import { actor, hasRole, type RepoVisit } from "../visit.ts";
import { treePath } from "./branch-picker.ts";
import { commitSubject } from "./commit-line.ts";

/** Every branch with its newest commit, its pull request and, for writers, a way to delete it. */
export async function branchesPage(visit: RepoVisit): Promise<Reply> {
  const branches = await visit.hub.code(visit.name).branches();
  const { defaultBranch } = visit.repo;
  const ordered = [
    ...branches.filter((branch) => branch.name === defaultBranch),
    ...branches.filter((branch) => branch.name !== defaultBranch),
  ];
  const rows = await Promise.all(ordered.map((branch) => branchRow(visit, branch)));
  const body = html`<h1>Branches</h1><ul class="plain box" data-live id="branches">${rows}</ul>`;
  return page(repoLayout(visit, "code", { title: "Branches", body, live: true }));
}

async function branchRow(visit: RepoVisit, branch: { name: string; sha: string }): Promise<Html> {
  const commit = await visit.memory.commitInfo.get(`${visit.name} ${branch.sha}`, () =>
    visit.hub.code(visit.name).commit(branch.sha),
  );
  const isDefault = branch.name === visit.repo.defaultBranch;
  return html`<li class="row branch-row">
    <div class="row-main"><a class="branch-name" href="${treePath(visit, branch.name, "")}">${icon("branch")} ${branch.name}</a>
      ${isDefault ? html`<span class="badge">default</span>` : ""}
      ${visit.repo.protection[branch.name] === undefined ? "" : html`<span class="badge">${icon("lock")} protected</span>`}
      <p class="note">${commit === undefined ? "" : html`${commitSubject(visit, commit)} · ${moment(commit.committer.date)}`}</p></div>
    ${checksMark(visit, branch.sha)} ${isDefault ? "" : pullOf(visit, branch.name)}
    ${isDefault || !hasRole(visit, "write") ? "" : deleteForm(visit, branch.name)}
  </li>`;
}

function pullOf(visit: RepoVisit, branch: string): Html {
  const { store } = visit.hub;
  const pull = store.pulls.filter((p) => p.repoId === visit.repo.id && p.headRef === branch).at(-1);
  const issue: Issue | undefined = store.issues.get(pull?.issueId);
  if (issue !== undefined) {
    return html`<a class="quiet-link" href="${visit.base}/pull/${issue.number}">#${issue.number}</a> ${stateBadge(issue, pull)}`;
  }
  return html`<a class="button small" href="${visit.base}/pull/new/${encodePath(branch)}">New pull request</a>`;
}

function deleteForm(visit: RepoVisit, branch: string): Html {
  return html`<form method="post" action="${visit.base}/branches/delete">
    <input type="hidden" name="branch" value="${branch}"><button class="small danger" aria-label="Delete ${branch}">Delete</button></form>`;
}

export async function deleteBranch(visit: RepoVisit): Promise<Reply> {
  await actor(visit).deleteBranch(visit.name, visit.request.form.get("branch") ?? "");
  return redirect(`${visit.base}/branches`);
}
