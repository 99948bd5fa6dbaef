import { branchesPage, deleteBranch } from "./code/branches-page.ts";
import { commitPage } from "./code/commit-page.ts";
import { commitsPage } from "./code/commits-page.ts";
import { filePage, rawFile } from "./code/file-page.ts";
import { repositoryPage, treePage } from "./code/repository-page.ts";
import { accountPage, appPage } from "./home/account-page.ts";
import { indexPage } from "./home/index-page.ts";
import { changePerson } from "./home/session.ts";
import { changeAssignees, changeLabels, changeTitle, comment } from "./issues/acts.ts";
import { issuePage } from "./issues/issue-page.ts";
import { listPage } from "./issues/list-page.ts";
import { newIssuePage, openIssue } from "./issues/new-issue.ts";
import { actOnPost } from "./posts/acts.ts";
import { actOnCheck, checkRunPage, commitChecksPage, pullChecksPage } from "./pulls/checks-page.ts";
import { pullCommitsPage } from "./pulls/commits-tab.ts";
import { comparePage, newPullPage, openPull } from "./pulls/compare-page.ts";
import { conversationPage } from "./pulls/conversation-page.ts";
import { filesPage } from "./pulls/files-page.ts";
import { actOnPull, changeReviewers } from "./pulls/pull-acts.ts";
import {
  actOnThread,
  discardDraft,
  dismissReview,
  lineComment,
  submitReview,
} from "./pulls/review-acts.ts";
import type { RepoVisit, Route, Visit } from "./visit.ts";

type Answer<V extends Visit> = Route<V>["answer"];

function get<V extends Visit>(path: RegExp, answer: Answer<V>): Route<V> {
  return { method: "GET", path, answer };
}

function post<V extends Visit>(path: RegExp, answer: Answer<V>): Route<V> {
  return { method: "POST", path, answer };
}

/** Pages of no one repository, by their whole path. */
export const HOME_ROUTES: readonly Route<Visit>[] = [
  get(/^\/$/, indexPage),
  post(/^\/_session$/, changePerson),
  get(/^\/apps\/(?<slug>[^/]+)$/, appPage),
];

/** A person's page: asked last of all, for its address looks like many others. */
export const ACCOUNT_ROUTE: Route<Visit> = get(/^\/(?<login>[^/]+)$/, accountPage);

/** Pages of a repository, by what follows "/owner/name". */
export const REPO_ROUTES: readonly Route<RepoVisit>[] = [
  get(/^$/, repositoryPage),
  get(/^\/tree\/(?<rest>.+)$/, treePage),
  get(/^\/blob\/(?<rest>.+)$/, filePage),
  get(/^\/(?:raw|media)\/(?<rest>.+)$/, rawFile),
  get(/^\/commits(?:\/(?<rest>.+))?$/, commitsPage),
  get(/^\/commit\/(?<sha>[0-9a-f]{4,40})$/, commitPage),
  get(/^\/commit\/(?<sha>[0-9a-f]{40})\/checks$/, commitChecksPage),
  get(/^\/branches$/, branchesPage),
  post(/^\/branches\/delete$/, deleteBranch),

  get(/^\/issues$/, (visit) => listPage(visit, "issues")),
  get(/^\/issues\/new$/, newIssuePage),
  post(/^\/issues$/, openIssue),
  get(/^\/issues\/(?<number>\d+)$/, issuePage),
  post(/^\/issues\/(?<number>\d+)\/comments$/, comment),
  post(/^\/issues\/(?<number>\d+)\/title$/, changeTitle),
  post(/^\/issues\/(?<number>\d+)\/labels$/, changeLabels),
  post(/^\/issues\/(?<number>\d+)\/assignees$/, changeAssignees),
  post(/^\/posts\/(?<subject>issue|comment|reviewComment)\/(?<id>\d+)\/(?<act>\w+)$/, actOnPost),

  get(/^\/pulls$/, (visit) => listPage(visit, "pulls")),
  post(/^\/pulls$/, openPull),
  get(/^\/compare\/(?<range>.+\.\.\..+)$/, comparePage),
  get(/^\/pull\/new\/(?<head>.+)$/, newPullPage),
  get(/^\/pull\/(?<number>\d+)$/, conversationPage),
  get(/^\/pull\/(?<number>\d+)\/commits$/, pullCommitsPage),
  get(/^\/pull\/(?<number>\d+)\/checks$/, pullChecksPage),
  get(/^\/pull\/(?<number>\d+)\/files$/, filesPage),
  post(/^\/pull\/(?<number>\d+)\/(?<act>merge|ready|draft|update|delete-branch)$/, actOnPull),
  post(/^\/pull\/(?<number>\d+)\/reviewers$/, changeReviewers),
  post(/^\/pull\/(?<number>\d+)\/reviews$/, submitReview),
  post(/^\/pull\/(?<number>\d+)\/reviews\/(?<id>\d+)\/dismiss$/, dismissReview),
  post(/^\/pull\/(?<number>\d+)\/line-comments$/, lineComment),
  post(/^\/pull\/(?<number>\d+)\/drafts\/(?<id>\d+)\/delete$/, discardDraft),
  post(
    /^\/pull\/(?<number>\d+)\/threads\/(?<id>\d+)\/(?<act>reply|resolve|unresolve)$/,
    actOnThread,
  ),

  get(/^\/runs\/(?<id>\d+)$/, checkRunPage),
  get(/^\/actions\/runs\/\d+\/job\/(?<id>\d+)$/, checkRunPage),
  post(/^\/runs\/(?<id>\d+)\/(?<act>rerun|action)$/, actOnCheck),
];
