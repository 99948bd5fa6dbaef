import { rm } from "node:fs/promises";
import { DEFAULT_LABELS } from "../acts/labels.ts";
import { learnMoves } from "../code/moves.ts";
import { gitOf, type Hub, stamp } from "../context.ts";
import { ApiError } from "../errors.ts";
import { commitFiles, createBare, importRepository } from "../git/create.ts";
import type { CreateRepository } from "../hub.ts";
import { installationReply } from "../render/accounts.ts";
import { noreplyEmail } from "../render/code.ts";
import { repositoryStub } from "../render/repositories.ts";
import type { BranchProtection, Repository } from "../store/records.ts";
import { mustAccount, ownerPerson } from "./accounts.ts";

export function mustRepository(hub: Hub, name: string): Repository {
  const repo = hub.store.repository(name);
  if (repo === undefined) throw new Error(`Find ${name}: no such repository.`);
  return repo;
}

/** Makes a repository: empty, from files, or as a copy of a local one. */
export async function createRepository(hub: Hub, input: CreateRepository): Promise<Repository> {
  const owner = mustAccount(hub, input.owner);
  const name = `${input.owner}/${input.name}`;
  if (!/^[\w.-]+$/.test(input.name)) {
    throw new Error(
      `Create ${name}: a repository's name has letters, digits, ".", "-" and "_" only.`,
    );
  }
  if (hub.store.repository(name) !== undefined)
    throw new Error(`Create ${name}: it exists already.`);
  const repo = insertRepository(hub, owner.id, input);
  try {
    await fill(hub, repo, input);
  } catch (error) {
    hub.store.repositories.delete(repo.id);
    await rm(gitOf(hub, repo).dir, { recursive: true, force: true });
    throw error;
  }
  for (const [label, color, description] of DEFAULT_LABELS) {
    hub.store.labels.insert({ repoId: repo.id, name: label, color, description, default: true });
  }
  tellInstallations(hub, repo);
  return repo;
}

function insertRepository(hub: Hub, ownerId: number, input: CreateRepository): Repository {
  const at = stamp(hub);
  return hub.store.repositories.insert({
    ownerId,
    name: input.name,
    description: input.description ?? null,
    private: input.private ?? false,
    archived: false,
    defaultBranch: input.defaultBranch ?? "main",
    deleteBranchOnMerge: false,
    allowMergeCommit: true,
    allowSquashMerge: true,
    allowRebaseMerge: true,
    createdAt: at,
    updatedAt: at,
    pushedAt: at,
    nextNumber: 1,
    deletedIssues: [],
    collaborators: {},
    protection: {},
    formerNames: [],
  });
}

async function fill(hub: Hub, repo: Repository, input: CreateRepository): Promise<void> {
  const dir = gitOf(hub, repo).dir;
  await rm(dir, { recursive: true, force: true });
  const git = await createBare(hub.host, dir, repo.defaultBranch);
  const owner = ownerPerson(hub, hub.store.accounts.must(repo.ownerId));
  if (typeof input.from === "string") {
    repo.defaultBranch = await importRepository(git, input.from);
  } else if (input.from !== undefined) {
    await commitFiles(git, repo.defaultBranch, {
      files: input.from,
      message: "Initial commit",
      author: {
        name: owner.name ?? owner.login,
        email: noreplyEmail(owner),
        date: `${Math.floor(hub.now() / 1000)} +0000`,
      },
    });
  }
  // What a repository begins with is no push.
  await learnMoves({ hub, repo, by: { kind: "user", account: owner } });
}

/** An installation on "all" repositories hears of a new one. */
function tellInstallations(hub: Hub, repo: Repository): void {
  const account = hub.store.accounts.must(repo.ownerId);
  for (const installation of hub.store.installations.filter((i) => i.accountId === account.id)) {
    if (installation.repositorySelection !== "all") continue;
    hub.emit({
      event: "installation_repositories",
      action: "added",
      sender: ownerPerson(hub, account),
      installation,
      payload: {
        installation: installationReply(hub, installation),
        repository_selection: "all",
        repositories_added: [repositoryStub(hub, repo)],
        repositories_removed: [],
        requester: null,
      },
    });
  }
}

/** Renames a repository; requests for its old name are answered with a redirect. */
export function renameRepository(hub: Hub, from: string, name: string): Repository {
  const repo = mustRepository(hub, from);
  const taken = hub.store.repository(`${from.split("/")[0]}/${name}`);
  if (taken !== undefined) throw new ApiError(422, "name already exists on this account");
  repo.formerNames = [...repo.formerNames, hub.store.fullName(repo).toLowerCase()];
  repo.name = name;
  repo.updatedAt = stamp(hub);
  return repo;
}

/** Deletes a repository, its code and everything said in it. */
export async function deleteRepository(hub: Hub, name: string): Promise<void> {
  const repo = mustRepository(hub, name);
  const { store } = hub;
  for (const installation of store.installations.all()) {
    installation.repositoryIds = installation.repositoryIds.filter((id) => id !== repo.id);
  }
  const tables = [
    store.issues,
    store.pulls,
    store.comments,
    store.reactions,
    store.labels,
    store.reviews,
    store.reviewComments,
    store.reviewThreads,
    store.checkRuns,
    store.checkSuites,
    store.statuses,
    store.issueEvents,
    store.hooks,
  ];
  for (const table of tables) {
    for (const row of table.all()) if (row.repoId === repo.id) table.delete(row.id);
  }
  store.repositories.delete(repo.id);
  hub.refs.delete(repo.id);
  await rm(gitOf(hub, repo).dir, { recursive: true, force: true });
}

const NO_RULES: BranchProtection = {
  requiredChecks: [],
  strict: false,
  requiredApprovals: null,
  dismissStaleReviews: false,
  enforceAdmins: false,
  allowForcePushes: false,
  allowDeletions: false,
  requiredConversationResolution: false,
};

/** Sets the rules of a branch; null takes them all away. */
export function protectBranch(
  repo: Repository,
  branch: string,
  rules: Partial<BranchProtection> | null,
): void {
  const { [branch]: _, ...others } = repo.protection;
  repo.protection = rules === null ? others : { ...others, [branch]: { ...NO_RULES, ...rules } };
}
