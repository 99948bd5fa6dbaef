import { announce, note, touch } from "../acts/subject.ts";
import { effectiveRole, requireAuthorOr } from "../auth/roles.ts";
import type { Act } from "../context.ts";
import { unprocessable } from "../errors.ts";
import { simpleUser } from "../render/accounts.ts";
import type { Pull } from "../store/pull-records.ts";
import type { Account } from "../store/records.ts";

export async function requestReviewers(
  act: Act,
  pull: Pull,
  logins: readonly string[],
): Promise<void> {
  const issue = act.hub.store.issues.must(pull.issueId);
  requireAuthorOr(act, issue.authorId, "triage");
  const accounts = logins.map((login) => reviewer(act, login));
  if (accounts.some((a) => a.id === issue.authorId)) {
    throw unprocessable("Review cannot be requested from pull request author.");
  }
  for (const account of accounts.filter((a) => !pull.requestedReviewerIds.includes(a.id))) {
    pull.requestedReviewerIds = [...pull.requestedReviewerIds, account.id];
    await tell(act, pull, { account, name: "review_requested" });
  }
}

function reviewer(act: Act, login: string): Account {
  const account = act.hub.store.account(login);
  const named = account !== undefined && isCollaborator(act, account);
  if (account === undefined || !named) {
    throw unprocessable(
      "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the " +
        `${act.hub.store.fullName(act.repo)} repository.`,
    );
  }
  return account;
}

function isCollaborator(act: Act, account: Account): boolean {
  if (act.repo.collaborators[account.id] !== undefined) return true;
  return effectiveRole(act.hub, act.repo, account.id) === "admin";
}

export async function removeReviewers(
  act: Act,
  pull: Pull,
  logins: readonly string[],
): Promise<void> {
  const issue = act.hub.store.issues.must(pull.issueId);
  requireAuthorOr(act, issue.authorId, "triage");
  for (const login of logins) {
    const account = act.hub.store.account(login);
    if (account === undefined || !pull.requestedReviewerIds.includes(account.id)) continue;
    pull.requestedReviewerIds = pull.requestedReviewerIds.filter((id) => id !== account.id);
    await tell(act, pull, { account, name: "review_request_removed" });
  }
}

async function tell(
  act: Act,
  pull: Pull,
  what: { account: Account; name: "review_requested" | "review_request_removed" },
): Promise<void> {
  const issue = act.hub.store.issues.must(pull.issueId);
  const requested = simpleUser(act.hub, what.account);
  touch(act, issue);
  const data = {
    review_requester: simpleUser(act.hub, act.by.account),
    requested_reviewer: requested,
  };
  note(act, issue, { name: what.name, data });
  await announce(act, issue, { action: what.name, extra: { requested_reviewer: requested } });
}
