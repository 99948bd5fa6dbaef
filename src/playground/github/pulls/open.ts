import { insertIssue } from "../acts/issues.ts";
import { announce, checkBody, note, refuseArchived, touch } from "../acts/subject.ts";
import { requireAuthorOr, requireRole } from "../auth/roles.ts";
import { ensureSuites } from "../checks/suites.ts";
import { type Act, gitOf } from "../context.ts";
import { invalid, unprocessable } from "../errors.ts";
import { aheadBehind, readRef } from "../git/read.ts";
import { setRef } from "../git/write.ts";
import type { Issue } from "../store/issue-records.ts";
import type { Pull } from "../store/pull-records.ts";

export interface NewPull {
  title: string;
  head: string;
  base: string;
  body?: string | null;
  draft?: boolean;
}

/** The ref that GitHub keeps for each pull request, even after its branch is deleted. */
export function pullRef(number: number): string {
  return `refs/pull/${number}/head`;
}

export async function openPull(act: Act, input: NewPull): Promise<{ issue: Issue; pull: Pull }> {
  const { hub, repo } = act;
  refuseArchived(act);
  requireRole(act, "write", "must be a collaborator");
  if (input.body) checkBody("PullRequest", input.body, "allowed");
  const headRef = ownBranch(act, input.head);
  const ends = await bothEnds(act, { headRef, baseRef: input.base });
  refuseSecond(act, { headRef, baseRef: input.base });
  const issue = insertIssue(act, { title: input.title, body: input.body ?? null });
  const pull = hub.store.pulls.insert({
    issueId: issue.id,
    repoId: repo.id,
    draft: input.draft ?? false,
    headRef,
    headSha: ends.head,
    baseRef: input.base,
    baseSha: ends.base,
    mergedAt: null,
    mergedById: null,
    mergeCommitSha: null,
    requestedReviewerIds: [],
    maintainerCanModify: false,
  });
  issue.pullId = pull.id;
  await setRef(gitOf(hub, repo), pullRef(issue.number), ends.head);
  await announce(act, issue, { action: "opened" });
  await ensureSuites(act, { sha: ends.head, branch: headRef, before: null });
  return { issue, pull };
}

/** "owner:branch" or "branch"; another owner would mean a fork, which this hub has not. */
function ownBranch(act: Act, head: string): string {
  const owner = act.hub.store.accounts.must(act.repo.ownerId).login.toLowerCase();
  const [before = "", after] = head.split(":");
  if (after === undefined) return before;
  if (before.toLowerCase() === owner) return after;
  throw invalid({ resource: "PullRequest", field: "head", code: "invalid" });
}

async function bothEnds(
  act: Act,
  refs: { headRef: string; baseRef: string },
): Promise<{ head: string; base: string }> {
  const git = gitOf(act.hub, act.repo);
  const base = await readRef(git, `refs/heads/${refs.baseRef}`);
  if (base === undefined) {
    throw invalid({ resource: "PullRequest", field: "base", code: "invalid" });
  }
  const head = await readRef(git, `refs/heads/${refs.headRef}`);
  if (head === undefined) {
    throw invalid({ resource: "PullRequest", field: "head", code: "invalid" });
  }
  const { ahead } = await aheadBehind(git, base, head);
  if (ahead === 0) {
    const message = `No commits between ${refs.baseRef} and ${refs.headRef}`;
    throw invalid({ resource: "PullRequest", code: "custom", message });
  }
  return { head, base };
}

function refuseSecond(act: Act, refs: { headRef: string; baseRef: string }): void {
  const { hub, repo } = act;
  const twin = hub.store.pulls.find(
    (p) =>
      p.repoId === repo.id &&
      p.headRef === refs.headRef &&
      p.baseRef === refs.baseRef &&
      hub.store.issues.must(p.issueId).state === "open",
  );
  if (twin === undefined) return;
  const owner = hub.store.accounts.must(repo.ownerId).login;
  const message = `A pull request already exists for ${owner}:${refs.headRef}.`;
  throw invalid({ resource: "PullRequest", code: "custom", message });
}

/** Makes a draft ready for review, or a ready pull request a draft again. */
export async function setDraft(act: Act, pull: Pull, draft: boolean): Promise<void> {
  const issue = act.hub.store.issues.must(pull.issueId);
  requireAuthorOr(act, issue.authorId, "write");
  if (issue.state === "closed") throw unprocessable("Pull request is closed.");
  if (pull.draft === draft) return;
  pull.draft = draft;
  touch(act, issue);
  note(act, issue, { name: draft ? "convert_to_draft" : "ready_for_review" });
  await announce(act, issue, { action: draft ? "converted_to_draft" : "ready_for_review" });
}

/** Points a pull request at another base branch. */
export async function changeBase(act: Act, pull: Pull, baseRef: string): Promise<void> {
  const issue = act.hub.store.issues.must(pull.issueId);
  if (baseRef === pull.baseRef) return;
  requireAuthorOr(act, issue.authorId, "write");
  const ends = await bothEnds(act, { headRef: pull.headRef, baseRef });
  refuseSecond(act, { headRef: pull.headRef, baseRef });
  const changes = { base: { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } } };
  pull.baseRef = baseRef;
  pull.baseSha = ends.base;
  touch(act, issue);
  note(act, issue, { name: "base_ref_changed" });
  await announce(act, issue, { action: "edited", extra: { changes } });
}
