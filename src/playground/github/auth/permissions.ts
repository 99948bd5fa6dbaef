import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Operation } from "../description/load.ts";
import type { Access, Permissions } from "../store/records.ts";
import { accessAtLeast } from "./tokens.ts";

/** One permission that suffices for an operation. */
export interface Needed {
  permission: string;
  access: Access;
}

/**
 * Where @octokit/app-permissions (made from docs of some years ago) lacks an operation or says what
 * today's pages, "Permissions required for GitHub Apps", do not.
 */
const OVERRIDES: Readonly<Record<string, string>> = {
  "checks/get": "checks=read",
  "checks/list-annotations": "checks=read",
  "checks/get-suite": "checks=read",
  "checks/list-for-suite": "checks=read",
  "checks/list-for-ref": "checks=read",
  "checks/list-suites-for-ref": "checks=read",
  "checks/rerequest-run": "checks=write",
  "checks/rerequest-suite": "checks=write",
  "repos/get-collaborator-permission-level": "metadata=read",
  "repos/get-commit": "contents=read",
  "repos/list-pull-requests-associated-with-commit": "pull_requests=read",
  "repos/list-branches-for-head-commit": "contents=read",
  "repos/compare-commits-with-basehead": "contents=read",
  "repos/create-or-update-file-contents": "contents=write",
  "repos/delete-file": "contents=write",
  "repos/get-readme": "contents=read",
  "repos/get-branch-rules": "metadata=read",
  "repos/list-webhooks": "repository_hooks=read",
  "repos/create-webhook": "repository_hooks=write",
  "repos/get-webhook": "repository_hooks=read",
  "repos/delete-webhook": "repository_hooks=write",
  "git/get-blob": "contents=read",
  "git/get-commit": "contents=read",
  "git/get-tag": "contents=read",
  "git/get-tree": "contents=read",
  "issues/list-for-repo": "issues=read pull_requests=read",
  "issues/get": "issues=read pull_requests=read",
  "reactions/list-for-issue": "issues=read pull_requests=read",
  "reactions/delete-for-issue": "issues=write pull_requests=write",
  "reactions/delete-for-issue-comment": "issues=write pull_requests=write",
  "reactions/delete-for-pull-request-comment": "pull_requests=write",
  "issues/list-events-for-repo": "issues=read pull_requests=read",
  "issues/check-user-can-be-assigned": "issues=read pull_requests=read",
  "pulls/create-reply-for-review-comment": "pull_requests=write",
  "pulls/update-branch": "pull_requests=write",
  "repos/download-tarball-archive": "contents=read",
  "repos/download-zipball-archive": "contents=read",
};

let table: Map<string, Needed[]> | undefined;

/** The permissions of which any one lets an installation do this; empty = none is needed. */
export function neededPermissions(operation: Operation): readonly Needed[] {
  const override = OVERRIDES[operation.operationId];
  if (override !== undefined) return override.split(" ").map(parse);
  table ??= readTable();
  return table.get(`${operation.method} ${operation.path}`) ?? [];
}

function parse(text: string): Needed {
  const [permission = "", access = "read"] = text.split("=");
  return { permission, access: access as Access };
}

/** For the header `x-accepted-github-permissions`. */
export function acceptedHeader(needed: readonly Needed[]): string {
  const names = needed.map((n) => `${n.permission}=${n.access}`);
  return names.length === 0 ? "allows_permissionless_access=true" : names.join("; ");
}

export function granted(permissions: Permissions, needed: readonly Needed[]): boolean {
  return (
    needed.length === 0 || needed.some((n) => accessAtLeast(permissions[n.permission], n.access))
  );
}

type Entries = Record<string, Partial<Record<Access, string[]>>>;

function readTable(): Map<string, Needed[]> {
  const root = createRequire(import.meta.url).resolve("@octokit/app-permissions/package.json");
  const file = root.replace(/package\.json$/, "generated/api.github.com.json");
  const { permissions } = JSON.parse(readFileSync(file, "utf8")) as { permissions: Entries };
  const map = new Map<string, Needed[]>();
  for (const [permission, levels] of Object.entries(permissions)) {
    for (const access of ["read", "write", "admin"] as const) {
      for (const route of levels[access] ?? []) add(map, route, { permission, access });
    }
  }
  return map;
}

function add(map: Map<string, Needed[]>, route: string, needed: Needed): void {
  const known = map.get(route) ?? [];
  if (known.some((n) => n.permission === needed.permission)) return;
  map.set(route, [...known, needed]);
}
