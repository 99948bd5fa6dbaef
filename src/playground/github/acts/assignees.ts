import { effectiveRole, may, requireRole } from "../auth/roles.ts";
import type { Act, Hub } from "../context.ts";
import { invalid } from "../errors.ts";
import { simpleUser } from "../render/accounts.ts";
import type { Issue } from "../store/issue-records.ts";
import type { Account, Repository } from "../store/records.ts";
import { announce, note, touch } from "./subject.ts";

/** Who can be given an issue: people with at least read access by name, and its owner. */
export function assignable(hub: Hub, repo: Repository): Account[] {
  return hub.store.accounts.filter(
    (a) =>
      a.type === "User" &&
      (repo.collaborators[a.id] !== undefined || effectiveRole(hub, repo, a.id) === "admin"),
  );
}

export async function addAssignees(
  act: Act,
  issue: Issue,
  logins: readonly string[],
): Promise<void> {
  requireRole(act, "triage");
  for (const login of logins) {
    const account = assignable(act.hub, act.repo).find((a) => sameLogin(a, login));
    // docs: "Only users with push access can add assignees" and unknown ones are silently ignored.
    if (account === undefined || issue.assigneeIds.includes(account.id)) continue;
    issue.assigneeIds = [...issue.assigneeIds, account.id];
    await assigned(act, issue, { account, action: "assigned" });
  }
}

export async function removeAssignees(
  act: Act,
  issue: Issue,
  logins: readonly string[],
): Promise<void> {
  requireRole(act, "triage");
  for (const login of logins) {
    const account = act.hub.store.account(login);
    if (account === undefined || !issue.assigneeIds.includes(account.id)) continue;
    issue.assigneeIds = issue.assigneeIds.filter((id) => id !== account.id);
    await assigned(act, issue, { account, action: "unassigned" });
  }
}

async function assigned(
  act: Act,
  issue: Issue,
  what: { account: Account; action: "assigned" | "unassigned" },
): Promise<void> {
  const assignee = simpleUser(act.hub, what.account);
  touch(act, issue);
  const assigner = simpleUser(act.hub, act.by.account);
  note(act, issue, { name: what.action, data: { assignee, assigner } });
  await announce(act, issue, { action: what.action, extra: { assignee } });
}

/** Makes the issue's assignees exactly these; 422 for someone who cannot be. */
export async function setAssignees(
  act: Act,
  issue: Issue,
  wish: { logins: readonly string[]; silentlyNeedsTriage?: boolean },
): Promise<void> {
  if (wish.silentlyNeedsTriage === true && !may(act, "triage")) return;
  const able = assignable(act.hub, act.repo);
  const stranger = wish.logins.find((login) => !able.some((a) => sameLogin(a, login)));
  if (stranger !== undefined) {
    throw invalid({ resource: "Issue", code: "invalid", field: "assignees" });
  }
  const gone = issue.assigneeIds
    .map((id) => act.hub.store.accounts.must(id))
    .filter((a) => !wish.logins.some((login) => sameLogin(a, login)));
  if (gone.length > 0)
    await removeAssignees(
      act,
      issue,
      gone.map((a) => a.login),
    );
  if (wish.logins.length > 0) await addAssignees(act, issue, wish.logins);
}

function sameLogin(account: Account, login: string): boolean {
  return account.login.toLowerCase() === login.toLowerCase();
}
