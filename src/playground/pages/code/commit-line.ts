import type { CommitInfo } from "../../github/git/code-view.ts";
import type { Account } from "../../github/store/records.ts";
import { type Html, html } from "../html.ts";
import { avatar, personLink } from "../parts/people.ts";
import { moment } from "../parts/time.ts";
import { shortSha, subjectOf } from "../parts/words.ts";
import { checksMark } from "../pulls/checks-state.ts";
import type { RepoVisit } from "../visit.ts";

/** Who a commit's author is here, by e-mail or login. */
function authorOf(visit: RepoVisit, commit: CommitInfo): Account | undefined {
  const { name, email } = commit.author;
  const noreply = /^(?:\d+\+)?([^@]+)@users\.noreply\./.exec(email)?.[1];
  return visit.hub.store.accounts.find(
    (a) => a.email === email || a.login === noreply || a.login === name,
  );
}

export function authorName(visit: RepoVisit, commit: CommitInfo): Html {
  const account = authorOf(visit, commit);
  return account === undefined
    ? html`<strong>${commit.author.name}</strong>`
    : html`${avatar(account)} ${personLink(account)}`;
}

/** Links of a commit: its subject, and its abbreviated name. */
export function commitSubject(visit: RepoVisit, commit: CommitInfo): Html {
  return html`<a class="subject" href="${visit.base}/commit/${commit.sha}">${subjectOf(commit.message)}</a>`;
}

export function shaLink(visit: RepoVisit, sha: string): Html {
  return html`<a class="sha" href="${visit.base}/commit/${sha}">${shortSha(sha)}</a>`;
}

/** One row of a list of commits. */
export function commitRow(visit: RepoVisit, commit: CommitInfo): Html {
  return html`<li class="row commit-row">
    <div class="row-main">${commitSubject(visit, commit)}
      <p class="note">${authorName(visit, commit)} committed ${moment(commit.committer.date)}</p></div>
    ${checksMark(visit, commit.sha)} ${shaLink(visit, commit.sha)}
  </li>`;
}
