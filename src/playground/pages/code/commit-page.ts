import type { CommitInfo } from "../../github/git/code-view.ts";
import { fileDiff } from "../diff/file-diff.ts";
import { fileSummary } from "../diff/file-summary.ts";
import { type Html, html } from "../html.ts";
import { repoLayout } from "../layout.ts";
import { moment } from "../parts/time.ts";
import { bodyOf, count, subjectOf } from "../parts/words.ts";
import { checksMark } from "../pulls/checks-state.ts";
import { page, type Reply } from "../reply.ts";
import { PageError } from "../request.ts";
import type { Params, RepoVisit } from "../visit.ts";
import { treePath } from "./branch-picker.ts";
import { authorName, shaLink } from "./commit-line.ts";

/** One commit: message, author, and what it changed against its first parent. */
export async function commitPage(visit: RepoVisit, params: Params): Promise<Reply> {
  const wanted = params["sha"] ?? "";
  const commit = await visit.hub.code(visit.name).commit(wanted);
  if (commit === undefined) throw new PageError(404, `There is no commit "${wanted}" here.`);
  const details = bodyOf(commit.message);
  const body = html`<section class="box commit-head">
      <div class="box-body"><h1 class="commit-title">${subjectOf(commit.message)} ${checksMark(visit, commit.sha)}</h1>
        ${details === "" ? "" : html`<pre class="commit-message">${details}</pre>`}</div>
      <div class="box-foot">${authorName(visit, commit)} <span class="note">committed ${moment(commit.committer.date)}</span>
        <span class="spacer"></span>${parents(visit, commit)} <span class="note">commit</span> <code>${commit.sha}</code>
        <a class="button small" href="${treePath(visit, commit.sha, "")}">Browse files</a></div>
    </section>${await changes(visit, commit)}`;
  return page(repoLayout(visit, "code", { title: subjectOf(commit.message), body, wide: true }));
}

function parents(visit: RepoVisit, commit: CommitInfo): Html {
  return html`<span class="note">${count(commit.parents.length, "parent")}</span> ${commit.parents.map((sha) => html`${shaLink(visit, sha)} `)}`;
}

async function changes(visit: RepoVisit, commit: CommitInfo): Promise<Html> {
  const code = visit.hub.code(visit.name);
  const [parent] = commit.parents;
  if (parent === undefined) {
    const entries = (await code.tree(commit.sha, "")) ?? [];
    return html`<p class="blank">The first commit of this history: ${count(entries.length, "entry", "entries")} at its root.</p>`;
  }
  const files = await code.filesBetween(parent, commit.sha);
  return html`${fileSummary(files)}${files.map((file) => fileDiff(file, { visit, ref: commit.sha }))}`;
}
