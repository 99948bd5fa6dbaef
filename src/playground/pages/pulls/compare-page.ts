import { commitsByDay } from "../code/commits-page.ts";
import { fileDiff } from "../diff/file-diff.ts";
import { fileSummary } from "../diff/file-summary.ts";
import { type Html, html } from "../html.ts";
import { askToSignIn, repoLayout } from "../layout.ts";
import { encodePath, subjectOf } from "../parts/words.ts";
import { markdownField } from "../posts/forms.ts";
import { page, type Reply, redirect } from "../reply.ts";
import { PageError } from "../request.ts";
import { actor, type Params, type RepoVisit } from "../visit.ts";

/** "base...head": what a pull request would hold, and the form that opens it. */
export async function comparePage(visit: RepoVisit, params: Params): Promise<Reply> {
  const code = visit.hub.code(visit.name);
  const [base = "", head = ""] = (params["range"] ?? "").split("...");
  const [from, to] = await Promise.all([code.resolve(base), code.resolve(head)]);
  if (from === undefined || to === undefined) {
    throw new PageError(
      404,
      `There is no branch or commit "${from === undefined ? base : head}" here.`,
    );
  }
  const [commits, files] = await Promise.all([
    code.commitsBetween(from, to),
    code.filesBetween(from, to),
  ]);
  const last = commits.at(-1);
  const form =
    commits.length === 0
      ? html`<p class="blank">${head} has nothing that ${base} lacks.</p>`
      : openForm(visit, { base, head, title: subjectOf(last?.message ?? "") });
  const body = html`<h1>Compare <code>${base}</code> with <code>${head}</code></h1>${form}${commitsByDay(visit, commits)}
    ${fileSummary(files)}${files.map((file) => fileDiff(file, { visit, ref: to }))}`;
  return page(repoLayout(visit, "pulls", { title: `Compare ${base}...${head}`, body, wide: true }));
}

function openForm(visit: RepoVisit, from: { base: string; head: string; title: string }): Html {
  if (visit.viewer === undefined) return askToSignIn(visit, "open a pull request");
  return html`<form class="box box-body text-form" method="post" action="${visit.base}/pulls">
    <input type="hidden" name="base" value="${from.base}"><input type="hidden" name="head" value="${from.head}">
    <label for="title">Title</label><input id="title" name="title" required value="${from.title}">
    ${markdownField({ id: "body", label: "Describe the change", rows: 6 })}
    <p class="form-foot"><label><input type="checkbox" name="draft" value="1"> As a draft</label> <button class="primary">Open pull request</button></p></form>`;
}

/** The short way from a branch: compares it with the default branch. */
export async function newPullPage(visit: RepoVisit, params: Params): Promise<Reply> {
  const range = `${visit.repo.defaultBranch}...${params["head"] ?? ""}`;
  return redirect(`${visit.base}/compare/${encodePath(range)}`);
}

export async function openPull(visit: RepoVisit): Promise<Reply> {
  const { form } = visit.request;
  const pull = await actor(visit).openPull(visit.name, {
    title: form.get("title") ?? "",
    body: form.get("body") ?? "",
    base: form.get("base") ?? visit.repo.defaultBranch,
    head: form.get("head") ?? "",
    draft: form.has("draft"),
  });
  return redirect(`${visit.base}/pull/${pull.number}`);
}
