import type { CommitInfo, FileDiff } from "../../github/git/code-view.ts";
import type { Issue } from "../../github/store/issue-records.ts";
import type { Pull } from "../../github/store/pull-records.ts";
import { treePath } from "../code/branch-picker.ts";
import { changeCounts } from "../diff/file-summary.ts";
import { type Content, type Html, html } from "../html.ts";
import { type IconName, icon } from "../icons.ts";
import { issueOf } from "../issues/issue-page.ts";
import { threadHead } from "../issues/thread-head.ts";
import { repoLayout } from "../layout.ts";
import { personById } from "../parts/people.ts";
import { count } from "../parts/words.ts";
import { page, type Reply } from "../reply.ts";
import { PageError } from "../request.ts";
import type { Params, RepoVisit } from "../visit.ts";
import { checkLines } from "./checks-state.ts";

/** A pull request with its code, as its pages need it. */
export interface PullView {
  issue: Issue;
  pull: Pull;
  commits: CommitInfo[];
  files: FileDiff[];
  base: string;
}

export async function pullView(visit: RepoVisit, params: Params): Promise<PullView> {
  const { issue, pull } = pullOf(visit, params);
  const key = `${visit.name} ${pull.baseSha} ${pull.headSha}`;
  const changes = await visit.memory.changes.get(key, async () => {
    const code = visit.hub.code(visit.name);
    const [commits, files] = await Promise.all([
      code.commitsBetween(pull.baseSha, pull.headSha),
      code.filesBetween(pull.baseSha, pull.headSha),
    ]);
    return { commits, files };
  });
  return { issue, pull, ...changes, base: `${visit.base}/pull/${issue.number}` };
}

export function pullOf(visit: RepoVisit, params: Params): { issue: Issue; pull: Pull } {
  const issue = issueOf(visit, params);
  const pull = visit.hub.store.pullOf(issue);
  if (pull === undefined)
    throw new PageError(404, `#${issue.number} is an issue, not a pull request.`);
  return { issue, pull };
}

export type PullTab = "conversation" | "commits" | "checks" | "files";

/** The frame of a pull request's pages: title, state, branches and the four tabs. */
export function pullPage(
  visit: RepoVisit,
  view: PullView,
  content: { tab: PullTab; body: Content; live: boolean },
): Reply {
  const { issue } = view;
  const body = html`${threadHead(visit, issue, summary(visit, view))}
    <nav class="tabs pull-tabs" aria-label="Pull request" id="pull-tabs" data-live>${tabs(visit, view, content.tab)}</nav>
    ${content.body}`;
  const title = `${issue.title} · Pull request #${issue.number}`;
  const wide = content.tab === "files";
  return page(repoLayout(visit, "pulls", { title, body, live: content.live, wide }));
}

function summary(visit: RepoVisit, { issue, pull, commits }: PullView): Html {
  const isMerged = pull.mergedAt !== null;
  const who = personById(
    visit.hub,
    isMerged ? (pull.mergedById ?? issue.authorId) : issue.authorId,
  );
  const verb = isMerged ? "merged" : "wants to merge";
  return html`${who} ${verb} ${count(commits.length, "commit")} into ${branchName(visit, pull.baseRef)} from ${branchName(visit, pull.headRef)}`;
}

function branchName(visit: RepoVisit, name: string): Html {
  return html`<a class="branch-name" href="${treePath(visit, name, "")}">${name}</a>`;
}

function tabs(visit: RepoVisit, view: PullView, current: PullTab): Html[] {
  const { store } = visit.hub;
  const { issue, pull, files } = view;
  const talk = store.commentsOf(issue.id).length + store.reviewsOf(issue.id).length;
  const checks = checkLines(visit, pull.headSha).length;
  const entries: readonly (readonly [PullTab, string, IconName, string, number])[] = [
    ["conversation", "Conversation", "comment", view.base, talk],
    ["commits", "Commits", "commit", `${view.base}/commits`, view.commits.length],
    ["checks", "Checks", "check", `${view.base}/checks`, checks],
    ["files", "Files changed", "file", `${view.base}/files`, files.length],
  ];
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  const links = entries.map(
    ([key, words, picture, href, number]) =>
      html`<a href="${href}"${key === current ? html` aria-current="page"` : ""}>${icon(picture)} ${words} <span class="counter">${number}</span></a>`,
  );
  return [...links, html`<span class="spacer"></span>${changeCounts(additions, deletions)}`];
}
