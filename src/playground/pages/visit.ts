import type { LocalGitHub } from "../github/hub.ts";
import type { Account, Repository, Role } from "../github/store/records.ts";
import type { Memory } from "./memory.ts";
import type { Reply } from "./reply.ts";
import { PageError, type PageRequest } from "./request.ts";

/** One request of one person. */
export interface Visit {
  hub: LocalGitHub;
  request: PageRequest;
  /** Who is signed in; undefined = nobody. */
  viewer: Account | undefined;
  memory: Memory;
}

/** A visit to a repository that the viewer may read. */
export interface RepoVisit extends Visit {
  repo: Repository;
  /** "owner/name" */
  name: string;
  /** "/owner/name" */
  base: string;
  role: Role | undefined;
}

export type Params = Readonly<Record<string, string | undefined>>;

export interface Route<V extends Visit> {
  method: "GET" | "POST";
  /** Matched against the whole path (below the repository, for repository pages). */
  path: RegExp;
  answer: (visit: V, params: Params) => Promise<Reply>;
}

const RANK: Readonly<Record<Role, number>> = {
  read: 1,
  triage: 2,
  write: 3,
  maintain: 4,
  admin: 5,
};

/** The role that decides which buttons are shown; what an act may do is decided by the hub itself. */
export function roleOf(hub: LocalGitHub, repo: Repository, account: Account): Role | undefined {
  if (repo.ownerId === account.id) return "admin";
  if (hub.store.accounts.must(repo.ownerId).ownerIds.includes(account.id)) return "admin";
  return repo.collaborators[String(account.id)] ?? (repo.private ? undefined : "read");
}

export function hasRole(visit: RepoVisit, least: Role): boolean {
  return visit.viewer !== undefined && visit.role !== undefined && RANK[visit.role] >= RANK[least];
}

/** Whether the viewer may change a text: the author, and whoever can write to the repository. */
export function mayEdit(visit: RepoVisit, authorId: number): boolean {
  return visit.viewer !== undefined && (visit.viewer.id === authorId || hasRole(visit, "write"));
}

export function signedIn(visit: Visit): Account {
  if (visit.viewer !== undefined) return visit.viewer;
  throw new PageError(401, "Choose who you are first: nobody is signed in.");
}

/** The signed-in person's hands. */
export function actor(visit: Visit): ReturnType<LocalGitHub["as"]> {
  return visit.hub.as(signedIn(visit).login);
}

export function people(hub: LocalGitHub): Account[] {
  return hub.store.accounts.filter((account) => account.type === "User");
}
