import { type Hub, stamp } from "../context.ts";
import type { Account, AccountType, Role } from "../store/records.ts";

/** An account of a login that nobody has yet. */
export function addAccount(
  hub: Hub,
  input: { login: string; type: AccountType; name?: string; email?: string; ownerIds?: number[] },
): Account {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]*(\[bot\])?$/.test(input.login)) {
    throw new Error(`Create ${input.login}: a login has letters, digits and hyphens only.`);
  }
  if (hub.store.account(input.login) !== undefined) {
    throw new Error(`Create ${input.login}: the login is taken.`);
  }
  return hub.store.accounts.insert({
    login: input.login,
    type: input.type,
    name: input.name ?? null,
    email: input.email ?? null,
    createdAt: stamp(hub),
    appId: null,
    ownerIds: input.ownerIds ?? [],
  });
}

export function mustAccount(hub: Hub, login: string): Account {
  const account = hub.store.account(login);
  if (account === undefined) throw new Error(`Find ${login}: no such user or organization.`);
  return account;
}

export function createOrganization(
  hub: Hub,
  input: { login: string; owners: readonly string[]; name?: string },
): Account {
  const ownerIds = input.owners.map((login) => mustAccount(hub, login).id);
  const name = input.name === undefined ? {} : { name: input.name };
  return addAccount(hub, { login: input.login, type: "Organization", ownerIds, ...name });
}

/** Gives a person a role in a repository, or takes it away. */
export function setCollaborator(
  hub: Hub,
  at: { repo: string; login: string; role: Role | null },
): void {
  const repo = hub.store.repository(at.repo);
  if (repo === undefined) throw new Error(`Find ${at.repo}: no such repository.`);
  const { id } = mustAccount(hub, at.login);
  const { [id]: _, ...others } = repo.collaborators;
  repo.collaborators = at.role === null ? others : { ...others, [id]: at.role };
}

/** A person who stands for an account where someone must have acted. */
export function ownerPerson(hub: Hub, account: Account): Account {
  return hub.store.accounts.get(account.ownerIds[0]) ?? account;
}
