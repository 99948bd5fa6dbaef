import { html } from "../html.ts";
import { askToSignIn, repoLayout } from "../layout.ts";
import { avatar } from "../parts/people.ts";
import { markdownField } from "../posts/forms.ts";
import { page, type Reply, redirect } from "../reply.ts";
import { actor, type RepoVisit } from "../visit.ts";

export async function newIssuePage(visit: RepoVisit): Promise<Reply> {
  const { viewer } = visit;
  const form =
    viewer === undefined
      ? askToSignIn(visit, "open an issue")
      : html`<section class="post new-post"><div class="post-side">${avatar(viewer, "large")}</div>
        <form class="post-box text-form" method="post" action="${visit.base}/issues">
          <header class="post-head"><strong>New issue</strong> <span class="note">as ${viewer.login}</span></header>
          <div class="post-body"><label for="title">Title</label><input id="title" name="title" required autofocus value="${visit.request.query.get("title") ?? ""}">
          <p class="field-label">Description</p>${markdownField({ id: "body", label: "Describe it", rows: 10 })}</div>
          <p class="form-foot"><button class="primary">Open issue</button></p></form></section>`;
  return page(repoLayout(visit, "issues", { title: "New issue", body: form }));
}

export async function openIssue(visit: RepoVisit): Promise<Reply> {
  const { form } = visit.request;
  const issue = await actor(visit).openIssue(visit.name, {
    title: form.get("title") ?? "",
    body: form.get("body") ?? "",
  });
  return redirect(`${visit.base}/issues/${issue.number}`);
}
