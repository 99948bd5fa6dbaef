import type { Act, Hub } from "../context.ts";
import { forbidden } from "../errors.ts";
import { atLeast, type Principal } from "../principal.ts";
import type { Repository, Role } from "../store/records.ts";
import { covers } from "../store/store.ts";

/** An account's role in a repository; null when it may not even see it. */
export function effectiveRole(hub: Hub, repo: Repository, accountId: number): Role | null {
  const owner = hub.store.accounts.must(repo.ownerId);
  if (repo.ownerId === accountId || owner.ownerIds.includes(accountId)) return "admin";
  return repo.collaborators[accountId] ?? (repo.private ? null : "read");
}

/** Whether the asker may know that a repository exists. */
export function canSee(hub: Hub, repo: Repository, by: Principal): boolean {
  if (!repo.private) return true;
  if (by.kind === "user") return effectiveRole(hub, repo, by.account.id) !== null;
  return by.kind === "installation" && reaches(by, repo);
}

/** Whether an installation's token was given for this repository. */
export function reaches(
  by: Extract<Principal, { kind: "installation" }>,
  repo: Repository,
): boolean {
  const ids = by.token.repositoryIds;
  return covers(by.installation, repo) && (ids === null || ids.includes(repo.id));
}

/** What someone may do to a thing someone made: installations were asked at the door already. */
export function may(act: Act, role: Role): boolean {
  if (act.by.kind === "installation") return true;
  return atLeast(effectiveRole(act.hub, act.repo, act.by.account.id), role);
}

/** Refuses a person whose role in the repository is lower. */
export function requireRole(act: Act, role: Role, message?: string): void {
  if (!may(act, role)) {
    throw forbidden(
      message ?? `Must have ${role === "admin" ? "admin" : "push"} access to repository`,
    );
  }
}

/** Refuses a person who neither made the thing nor has the role. */
export function requireAuthorOr(act: Act, authorId: number, role: Role): void {
  if (act.by.account.id !== authorId)
    requireRole(act, role, "Must have admin rights to Repository.");
}
