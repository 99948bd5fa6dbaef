import { refuseArchived } from "../acts/subject.ts";
import { effectiveRole, requireRole } from "../auth/roles.ts";
import { stamp } from "../context.ts";
import { forbidden, notFound } from "../errors.ts";
import {
  actOf,
  type Call,
  type Handlers,
  list,
  noContent,
  ok,
  param,
  type Reply,
  repoOf,
} from "../http/call.ts";
import { setCollaborator } from "../owner/accounts.ts";
import { deleteRepository, renameRepository } from "../owner/repositories.ts";
import { simpleUser } from "../render/accounts.ts";
import {
  fullRepository,
  listedRepository,
  minimalRepository,
  rolePermissions,
} from "../render/repositories.ts";
import type { Account, Repository, Role } from "../store/records.ts";

export const REPOS: Handlers = {
  "repos/get": (call) => ok(fullRepository(call.hub, repoOf(call), roleOf(call))),
  "repos/update": update,
  "repos/delete": async (call) => {
    requireRole(actOf(call), "admin", "Must have admin rights to Repository.");
    await deleteRepository(call.hub, call.hub.store.fullName(repoOf(call)));
    return noContent();
  },
  "repos/list-for-user": (call) => ownedBy(call, param(call, "username")),
  "repos/list-for-org": (call) => ownedBy(call, param(call, "org")),
  "repos/list-for-authenticated-user": (call) => {
    if (call.by.kind !== "user") throw forbidden("Resource not accessible by integration");
    const { id } = call.by.account;
    const mine = call.hub.store.repositories.filter(
      (r) => effectiveRole(call.hub, r, id) === "admin" || r.collaborators[id] !== undefined,
    );
    return list(mine, (r) => listedRepository(call.hub, r, effectiveRole(call.hub, r, id)));
  },
  "repos/get-collaborator-permission-level": permissionLevel,
  "repos/list-collaborators": (call) => {
    const act = actOf(call);
    requireRole(act, "write", "Must have push access to view repository collaborators.");
    return list(collaborators(call), (a) => collaborator(call, a));
  },
  "repos/check-collaborator": (call) => {
    const account = call.hub.store.account(param(call, "username"));
    if (!collaborators(call).some((a) => a.id === account?.id)) throw notFound();
    return noContent();
  },
  "repos/add-collaborator": (call) => setRole(call, roleNamed(call)),
  "repos/remove-collaborator": (call) => setRole(call, null),
  "repos/get-all-topics": () => ok({ names: [] }),
  "repos/create-dispatch-event": dispatch,
};

function roleOf(call: Call): Role | null {
  return call.by.kind === "user" ? effectiveRole(call.hub, repoOf(call), call.by.account.id) : null;
}

function ownedBy(call: Call, login: string): Reply {
  const owner = call.hub.store.account(login);
  if (owner === undefined) throw notFound();
  const repos = call.hub.store.repositories.filter((r) => r.ownerId === owner.id && seen(call, r));
  return list(repos, (r) => minimalRepository(call.hub, r));
}

function seen(call: Call, repo: Repository): boolean {
  if (!repo.private) return true;
  return call.by.kind === "user" && effectiveRole(call.hub, repo, call.by.account.id) !== null;
}

async function update(call: Call): Promise<Reply> {
  requireRole(actOf(call), "admin", "Must have admin rights to Repository.");
  const repo = repoOf(call);
  const body = call.body as {
    name?: string;
    description?: string;
    private?: boolean;
    archived?: boolean;
    default_branch?: string;
    delete_branch_on_merge?: boolean;
    allow_merge_commit?: boolean;
    allow_squash_merge?: boolean;
    allow_rebase_merge?: boolean;
  };
  if (body.name !== undefined && body.name !== repo.name) {
    renameRepository(call.hub, call.hub.store.fullName(repo), body.name);
  }
  repo.description = body.description ?? repo.description;
  repo.private = body.private ?? repo.private;
  repo.archived = body.archived ?? repo.archived;
  repo.defaultBranch = body.default_branch ?? repo.defaultBranch;
  repo.deleteBranchOnMerge = body.delete_branch_on_merge ?? repo.deleteBranchOnMerge;
  repo.allowMergeCommit = body.allow_merge_commit ?? repo.allowMergeCommit;
  repo.allowSquashMerge = body.allow_squash_merge ?? repo.allowSquashMerge;
  repo.allowRebaseMerge = body.allow_rebase_merge ?? repo.allowRebaseMerge;
  repo.updatedAt = stamp(call.hub);
  return ok(fullRepository(call.hub, repo, roleOf(call)));
}

/** People with a role by name, and those who own the repository. */
function collaborators(call: Call): Account[] {
  const repo = repoOf(call);
  return call.hub.store.accounts.filter(
    (a) =>
      repo.collaborators[a.id] !== undefined ||
      (a.type === "User" && effectiveRole(call.hub, repo, a.id) === "admin"),
  );
}

function collaborator(call: Call, account: Account): Record<string, unknown> {
  const role = effectiveRole(call.hub, repoOf(call), account.id) ?? "read";
  return { ...simpleUser(call.hub, account), permissions: rolePermissions(role), role_name: role };
}

/** docs: `permission` knows admin, write, read and none; `role_name` is the finer one. */
function permissionLevel(call: Call): Reply {
  requireRole(actOf(call), "write", "Must have push access to view collaborator permission.");
  const account = call.hub.store.account(param(call, "username"));
  if (account === undefined) throw notFound();
  const role = account.type === "User" ? effectiveRole(call.hub, repoOf(call), account.id) : null;
  const coarse = {
    read: "read",
    triage: "read",
    write: "write",
    maintain: "write",
    admin: "admin",
  };
  const user =
    role === null
      ? { ...simpleUser(call.hub, account), permissions: noPermissions(), role_name: "none" }
      : collaborator(call, account);
  return ok({
    permission: role === null ? "none" : coarse[role],
    user,
    role_name: role ?? "none",
  });
}

function noPermissions(): Record<string, boolean> {
  return { admin: false, maintain: false, push: false, triage: false, pull: false };
}

function roleNamed(call: Call): Role {
  const { permission = "push" } = call.body as { permission?: string };
  const named: Record<string, Role> = {
    pull: "read",
    triage: "triage",
    push: "write",
    maintain: "maintain",
    admin: "admin",
  };
  const role = named[permission];
  if (role === undefined) throw notFound();
  return role;
}

function setRole(call: Call, role: Role | null): Reply {
  requireRole(actOf(call), "admin", "Must have admin rights to Repository.");
  const login = param(call, "username");
  if (call.hub.store.account(login) === undefined) throw notFound();
  setCollaborator(call.hub, { repo: call.hub.store.fullName(repoOf(call)), login, role });
  // 204: the person is a collaborator at once; this hub sends no invitations.
  return noContent();
}

function dispatch(call: Call): Reply {
  const act = actOf(call);
  refuseArchived(act);
  requireRole(act, "write");
  const body = call.body as { event_type: string; client_payload?: object };
  call.hub.emit({
    event: "repository_dispatch",
    action: body.event_type,
    sender: act.by.account,
    repo: act.repo,
    payload: { branch: act.repo.defaultBranch, client_payload: body.client_payload ?? {} },
  });
  return noContent();
}
