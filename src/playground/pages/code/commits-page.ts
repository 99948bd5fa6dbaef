import type { CommitInfo } from "../../github/git/code-view.ts";
import { type Html, html } from "../html.ts";
import { repoLayout } from "../layout.ts";
import { page, type Reply } from "../reply.ts";
import type { Params, RepoVisit } from "../visit.ts";
import { branchPicker, breadcrumb } from "./branch-picker.ts";
import { commitRow } from "./commit-line.ts";
import { splitRefPath } from "./ref-path.ts";

const PER_PAGE = 50;

/** The history of a branch, or of one path on it. */
export async function commitsPage(visit: RepoVisit, params: Params): Promise<Reply> {
  const at = await splitRefPath(visit, params["rest"] ?? visit.repo.defaultBranch);
  const number = Math.max(1, Number(visit.request.query.get("page")) || 1);
  const commits = await visit.hub.code(visit.name).log(at.sha, {
    limit: PER_PAGE + 1,
    skip: (number - 1) * PER_PAGE,
    ...(at.path === "" ? {} : { path: at.path }),
  });
  const more = commits.length > PER_PAGE;
  const body = html`<div class="toolbar">${branchPicker(visit, at, "commits")}
      ${at.path === "" ? html`<h1>Commits</h1>` : breadcrumb(visit, at)}</div>
    ${commitsByDay(visit, commits.slice(0, PER_PAGE))}
    <nav class="pager">${number > 1 ? html`<a class="button" href="?page=${number - 1}">Newer</a>` : ""}
      ${more ? html`<a class="button" href="?page=${number + 1}">Older</a>` : ""}</nav>`;
  return page(repoLayout(visit, "code", { title: "Commits", body, live: number === 1 }));
}

/** Rows of commits under the day (UTC) each was made. */
export function commitsByDay(visit: RepoVisit, commits: readonly CommitInfo[]): Html {
  const days = Map.groupBy(commits, (commit) => commit.committer.date.slice(0, 10));
  return html`<div data-live id="commits">${[...days].map(
    ([day, group]) => html`<h2 class="day">Commits on ${day}</h2>
      <ul class="plain box">${group.map((commit) => commitRow(visit, commit))}</ul>`,
  )}</div>`;
}
