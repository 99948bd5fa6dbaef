import type { Issue } from "../../github/store/issue-records.ts";
import type { ReviewThread } from "../../github/store/pull-records.ts";
import { hunkExcerpt } from "../diff/file-diff.ts";
import { fileAnchor } from "../diff/file-summary.ts";
import { type Html, html } from "../html.ts";
import { personById } from "../parts/people.ts";
import { backField, markdownField } from "../posts/forms.ts";
import { reviewCommentPost } from "../posts/post.ts";
import { postCard } from "../posts/post-card.ts";
import { mayEdit, type RepoVisit } from "../visit.ts";

/** A review conversation with its reply form; a settled one is folded. */
export async function threadBox(
  visit: RepoVisit,
  thread: ReviewThread,
  options: { withCode: boolean },
): Promise<Html> {
  const { store } = visit.hub;
  const issue = store.issues.must(thread.issueId);
  const comments = store.commentsOfThread(thread.id);
  const [first] = comments;
  if (first === undefined) return html``;
  const cards = await Promise.all(
    comments.map((c) => postCard(visit, reviewCommentPost(issue, c), { compact: true })),
  );
  const isSettled = thread.resolvedById !== null;
  const settled = isSettled
    ? html`<span class="badge done">Resolved by ${personById(visit.hub, thread.resolvedById ?? 0)}</span>`
    : "";
  const outdated = thread.line === null ? html`<span class="badge">Outdated</span>` : "";
  return html`<details class="review-thread ${isSettled ? "resolved" : ""}" id="thread-${thread.id}" ${isSettled ? "" : "open"}>
    <summary><a class="path" href="${filesAddress(visit, issue, thread)}">${thread.path}</a>
      <span class="note">${lineWords(thread)}</span> ${outdated} ${settled}</summary>
    ${options.withCode ? hunkExcerpt(first.diffHunk) : ""}
    ${cards}
    <div class="thread-foot">${replyForm(visit, issue, thread)} ${resolveForm(visit, issue, thread)}</div>
  </details>`;
}

function filesAddress(visit: RepoVisit, issue: Issue, thread: ReviewThread): string {
  const place = thread.line === null ? fileAnchor(thread.path) : `thread-${thread.id}`;
  return `${visit.base}/pull/${issue.number}/files#${place}`;
}

function lineWords(thread: ReviewThread): string {
  const line = thread.line ?? thread.originalLine;
  if (line === null) return "on the file";
  const start = thread.line === null ? thread.originalStartLine : thread.startLine;
  return start === null || start === line ? `line ${line}` : `lines ${start} to ${line}`;
}

function threadAction(visit: RepoVisit, issue: Issue, thread: ReviewThread): string {
  return `${visit.base}/pull/${issue.number}/threads/${thread.id}`;
}

function replyForm(visit: RepoVisit, issue: Issue, thread: ReviewThread): Html {
  if (visit.viewer === undefined) return html``;
  return html`<form class="text-form reply-form" method="post" action="${threadAction(visit, issue, thread)}/reply">${backField(visit, `thread-${thread.id}`)}
    ${markdownField({ id: `reply-${thread.id}`, label: "Reply", rows: 1, required: true })}<button class="primary">Reply</button></form>`;
}

function resolveForm(visit: RepoVisit, issue: Issue, thread: ReviewThread): Html {
  if (!mayEdit(visit, issue.authorId)) return html``;
  const act = thread.resolvedById === null ? "resolve" : "unresolve";
  const words = act === "resolve" ? "Resolve conversation" : "Unresolve conversation";
  return html`<form method="post" action="${threadAction(visit, issue, thread)}/${act}">${backField(visit, `thread-${thread.id}`)}<button>${words}</button></form>`;
}
