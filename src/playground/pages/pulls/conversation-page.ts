import { authorName, commitSubject, shaLink } from "../code/commit-line.ts";
import { html } from "../html.ts";
import { icon } from "../icons.ts";
import { commentForm } from "../issues/comment-form.ts";
import { issueOf } from "../issues/issue-page.ts";
import { sidebar } from "../issues/sidebar.ts";
import { type TimelineItem, timeline } from "../issues/timeline.ts";
import type { Reply } from "../reply.ts";
import { redirect } from "../reply.ts";
import type { Params, RepoVisit } from "../visit.ts";
import { checksMark } from "./checks-state.ts";
import { mergeBox } from "./merge-box.ts";
import { type PullView, pullPage, pullView } from "./pull-frame.ts";
import { reviewItems } from "./review-item.ts";
import { reviewersSection } from "./reviewers.ts";

/** A pull request's conversation; an issue's number leads to its own page. */
export async function conversationPage(visit: RepoVisit, params: Params): Promise<Reply> {
  const issue = issueOf(visit, params);
  if (issue.pullId === null) return redirect(`${visit.base}/issues/${issue.number}`);
  const view = await pullView(visit, params);
  const further = [...commitItems(visit, view), ...reviewItems(visit, view.issue)];
  const body = html`<div class="columns"><div class="main-column">${await timeline(visit, view.issue, further)}
      ${await mergeBox(visit, view)}${commentForm(visit, view.issue)}</div>
    ${sidebar(visit, view.issue, reviewersSection(visit, view.issue, view.pull))}</div>`;
  return pullPage(visit, view, { tab: "conversation", body, live: true });
}

function commitItems(visit: RepoVisit, { commits }: PullView): TimelineItem[] {
  return commits.map((commit) => ({
    at: commit.committer.date,
    show: async () => html`<div class="event commit-event" id="commit-${commit.sha}" data-live><span class="event-icon">${icon("commit")}</span>
      <span>${authorName(visit, commit)} ${commitSubject(visit, commit)}</span>${checksMark(visit, commit.sha)} ${shaLink(visit, commit.sha)}</div>`,
  }));
}
