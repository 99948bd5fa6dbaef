import { requireAuthorOr, requireRole } from "../auth/roles.ts";
import { type Act, stamp } from "../context.ts";
import { forbidden, invalid } from "../errors.ts";
import { viaAppId } from "../principal.ts";
import type { Issue } from "../store/issue-records.ts";
import { setAssignees } from "./assignees.ts";
import { setLabels } from "./labels.ts";
import { announce, checkBody, note, refuseArchived, touch } from "./subject.ts";

export interface NewIssue {
  title: string;
  body?: string | null;
  labels?: readonly string[];
  assignees?: readonly string[];
}

export interface IssueChange {
  title?: string;
  body?: string | null;
  state?: "open" | "closed";
  stateReason?: Issue["stateReason"];
  labels?: readonly string[];
  assignees?: readonly string[];
}

/** Adds the row; both issues and pull requests start here. */
export function insertIssue(act: Act, input: { title: string; body: string | null }): Issue {
  const { hub, repo, by } = act;
  if (input.title.trim() === "") {
    throw invalid({ resource: "Issue", code: "missing_field", field: "title" });
  }
  if (input.body !== null) checkBody("Issue", input.body, "allowed");
  const at = stamp(hub);
  const issue = hub.store.issues.insert({
    repoId: repo.id,
    number: repo.nextNumber,
    title: input.title,
    body: input.body,
    state: "open",
    stateReason: null,
    authorId: by.account.id,
    viaAppId: viaAppId(by),
    locked: false,
    lockReason: null,
    assigneeIds: [],
    labelIds: [],
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    closedById: null,
    pullId: null,
  });
  repo.nextNumber += 1;
  return issue;
}

export async function createIssue(act: Act, input: NewIssue): Promise<Issue> {
  refuseArchived(act);
  requireRole(act, "read");
  const issue = insertIssue(act, { title: input.title, body: input.body ?? null });
  await announce(act, issue, { action: "opened" });
  // docs.github.com/rest/issues: labels and assignees of people without push access are dropped.
  await setLabels(act, issue, { names: input.labels ?? [], silentlyNeedsTriage: true });
  await setAssignees(act, issue, { logins: input.assignees ?? [], silentlyNeedsTriage: true });
  return issue;
}

export async function updateIssue(act: Act, issue: Issue, change: IssueChange): Promise<Issue> {
  refuseArchived(act);
  await editText(act, issue, change);
  if (change.labels !== undefined) await setLabels(act, issue, { names: change.labels });
  if (change.assignees !== undefined) await setAssignees(act, issue, { logins: change.assignees });
  if (change.state !== undefined) {
    const reason = change.stateReason ?? null;
    if (change.state === "closed") await closeIssue(act, issue, { reason });
    else await reopenIssue(act, issue);
  }
  return issue;
}

async function editText(act: Act, issue: Issue, change: IssueChange): Promise<void> {
  const changes: Record<string, { from: string }> = {};
  if (change.title !== undefined && change.title !== issue.title) {
    changes["title"] = { from: issue.title };
  }
  if (change.body !== undefined && change.body !== issue.body) {
    changes["body"] = { from: issue.body ?? "" };
  }
  if (Object.keys(changes).length === 0) return;
  requireAuthorOr(act, issue.authorId, "write");
  if (change.body) checkBody("Issue", change.body, "allowed");
  if (changes["title"] !== undefined && change.title !== undefined) {
    note(act, issue, {
      name: "renamed",
      data: { rename: { from: issue.title, to: change.title } },
    });
    issue.title = change.title;
  }
  if (change.body !== undefined) issue.body = change.body;
  touch(act, issue);
  await announce(act, issue, { action: "edited", extra: { changes } });
}

export async function closeIssue(
  act: Act,
  issue: Issue,
  how: { reason?: Issue["stateReason"]; commitSha?: string; byRule?: boolean } = {},
): Promise<void> {
  if (issue.state === "closed") return;
  if (how.byRule !== true) requireAuthorOr(act, issue.authorId, "triage");
  issue.state = "closed";
  issue.stateReason = issue.pullId === null ? (how.reason ?? "completed") : null;
  issue.closedAt = stamp(act.hub);
  issue.closedById = act.by.account.id;
  touch(act, issue);
  const commit = how.commitSha === undefined ? {} : { commitSha: how.commitSha };
  note(act, issue, { name: "closed", data: { state_reason: issue.stateReason }, ...commit });
  await announce(act, issue, { action: "closed" });
}

export async function reopenIssue(act: Act, issue: Issue): Promise<void> {
  if (issue.state === "open") return;
  requireAuthorOr(act, issue.authorId, "triage");
  if (act.hub.store.pullOf(issue)?.mergedAt) {
    throw invalid({
      resource: "PullRequest",
      code: "invalid",
      field: "state",
      message: "state cannot be changed. The pull request was merged.",
    });
  }
  reattach(act, issue);
  issue.state = "open";
  issue.stateReason = issue.pullId === null ? "reopened" : null;
  issue.closedAt = null;
  issue.closedById = null;
  touch(act, issue);
  note(act, issue, { name: "reopened", data: { state_reason: issue.stateReason } });
  await announce(act, issue, { action: "reopened" });
}

/** A pull request that is reopened takes up its branch where it is now; without one it stays closed. */
function reattach(act: Act, issue: Issue): void {
  const pull = act.hub.store.pullOf(issue);
  if (pull === undefined) return;
  const head = act.hub.refs.get(act.repo.id)?.get(`refs/heads/${pull.headRef}`);
  if (head === undefined) {
    throw invalid({
      resource: "PullRequest",
      code: "invalid",
      field: "state",
      message: `state cannot be changed. The ${pull.headRef} branch has been deleted.`,
    });
  }
  pull.headSha = head;
}

/** Deletes an issue for good; asking for it is answered 410 from then on. Pull requests cannot be. */
export async function deleteIssue(act: Act, issue: Issue): Promise<void> {
  requireRole(act, "admin");
  if (issue.pullId !== null) throw forbidden("Pull requests cannot be deleted.");
  await announce(act, issue, { action: "deleted" });
  for (const comment of act.hub.store.commentsOf(issue.id)) {
    act.hub.store.comments.delete(comment.id);
  }
  for (const event of act.hub.store.eventsOf(issue.id)) act.hub.store.issueEvents.delete(event.id);
  act.hub.store.issues.delete(issue.id);
  act.repo.deletedIssues.push(issue.number);
}

export async function setLock(
  act: Act,
  issue: Issue,
  lock: { locked: boolean; reason?: string | null },
): Promise<void> {
  requireRole(act, "write");
  if (issue.locked === lock.locked) return;
  issue.locked = lock.locked;
  issue.lockReason = lock.locked ? (lock.reason ?? null) : null;
  touch(act, issue);
  note(act, issue, { name: lock.locked ? "locked" : "unlocked" });
  await announce(act, issue, { action: lock.locked ? "locked" : "unlocked" });
}
