import type { Issue } from "../../github/store/issue-records.ts";
import { html } from "../html.ts";
import { repoLayout } from "../layout.ts";
import { personById } from "../parts/people.ts";
import { moment } from "../parts/time.ts";
import { count } from "../parts/words.ts";
import { page, type Reply, redirect } from "../reply.ts";
import { PageError } from "../request.ts";
import type { Params, RepoVisit } from "../visit.ts";
import { commentForm } from "./comment-form.ts";
import { sidebar } from "./sidebar.ts";
import { threadHead } from "./thread-head.ts";
import { timeline } from "./timeline.ts";

/** One issue's conversation; a pull request's number leads to its own page. */
export async function issuePage(visit: RepoVisit, params: Params): Promise<Reply> {
  const issue = issueOf(visit, params);
  if (issue.pullId !== null) return redirect(`${visit.base}/pull/${issue.number}`);
  const comments = visit.hub.store.commentsOf(issue.id).length;
  const note = html`${personById(visit.hub, issue.authorId)} opened this issue ${moment(issue.createdAt)} · ${count(comments, "comment")}`;
  const body = html`${threadHead(visit, issue, note)}
    <div class="columns"><div class="main-column">${await timeline(visit, issue)}${commentForm(visit, issue)}</div>
    ${sidebar(visit, issue)}</div>`;
  const title = `${issue.title} · Issue #${issue.number}`;
  return page(repoLayout(visit, "issues", { title, body, live: true }));
}

export function issueOf(visit: RepoVisit, params: Params): Issue {
  const issue = visit.hub.store.issue(visit.repo.id, Number(params["number"]));
  if (issue === undefined) {
    throw new PageError(404, `There is no issue or pull request #${params["number"]} here.`);
  }
  return issue;
}
