import { requireRole } from "../auth/roles.ts";
import { gitOf, repoPage, repoUrl } from "../context.ts";
import { ApiError, notFound } from "../errors.ts";
import { listRefs, readCommit } from "../git/read.ts";
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
import { protectBranch } from "../owner/repositories.ts";
import { commitReply } from "../render/code.ts";
import { protectionReply, protectionSummary, statusCheckPolicy } from "../render/protection.ts";
import type { BranchProtection } from "../store/records.ts";

export const BRANCHES: Handlers = {
  "repos/list-branches": listBranches,
  "repos/get-branch": getBranch,
  "repos/get-branch-protection": (call) =>
    ok(protectionReply(call.hub, repoOf(call), { branch: branchOf(call), rules: rulesOf(call) })),
  "repos/update-branch-protection": updateProtection,
  "repos/delete-branch-protection": (call) => {
    admin(call);
    rulesOf(call);
    protectBranch(repoOf(call), branchOf(call), null);
    return noContent();
  },
  "repos/get-status-checks-protection": (call) => {
    const rules = rulesOf(call);
    if (rules.requiredChecks.length === 0)
      throw new ApiError(404, "Required status checks not enabled");
    return ok(statusCheckPolicy(call.hub, repoOf(call), { branch: branchOf(call), rules }));
  },
  // Rules of rulesets, which this hub has not; branch protection is told apart.
  "repos/get-branch-rules": () => ok([]),
};

function branchOf(call: Call): string {
  return param(call, "branch");
}

function admin(call: Call): void {
  requireRole(actOf(call), "admin", "Must have admin rights to Repository.");
}

function rulesOf(call: Call): BranchProtection {
  const rules = repoOf(call).protection[branchOf(call)];
  if (rules === undefined) throw new ApiError(404, "Branch not protected");
  return rules;
}

async function listBranches(call: Call): Promise<Reply> {
  const repo = repoOf(call);
  const refs = await listRefs(gitOf(call.hub, repo), "refs/heads/");
  const wanted = call.query["protected"];
  const branches = [...refs]
    .map(([ref, sha]) => ({ name: ref.slice("refs/heads/".length), sha }))
    .filter(({ name }) => wanted === undefined || (repo.protection[name] !== undefined) === wanted);
  return list(branches, ({ name, sha }) => ({
    name,
    commit: { sha, url: `${repoUrl(call.hub, repo)}/commits/${sha}` },
    protected: repo.protection[name] !== undefined,
    protection: protectionSummary(repo.protection[name]),
    protection_url: `${repoUrl(call.hub, repo)}/branches/${name}/protection`,
  }));
}

async function getBranch(call: Call): Promise<Reply> {
  const repo = repoOf(call);
  const name = branchOf(call);
  const git = gitOf(call.hub, repo);
  const sha = (await listRefs(git, "refs/heads/")).get(`refs/heads/${name}`);
  const commit = sha === undefined ? undefined : await readCommit(git, sha);
  if (commit === undefined) throw new ApiError(404, "Branch not found");
  const url = `${repoUrl(call.hub, repo)}/branches/${name}`;
  return ok({
    name,
    commit: commitReply(call.hub, repo, commit),
    _links: { self: url, html: `${repoPage(call.hub, repo)}/tree/${name}` },
    protected: repo.protection[name] !== undefined,
    protection: protectionSummary(repo.protection[name]),
    protection_url: `${url}/protection`,
  });
}

interface ProtectionBody {
  required_status_checks: {
    strict: boolean;
    contexts?: string[];
    checks?: { context: string; app_id?: number }[];
  } | null;
  enforce_admins: boolean | null;
  required_pull_request_reviews: {
    required_approving_review_count?: number;
    dismiss_stale_reviews?: boolean;
  } | null;
  allow_force_pushes?: boolean | null;
  allow_deletions?: boolean;
  required_conversation_resolution?: boolean;
}

async function updateProtection(call: Call): Promise<Reply> {
  admin(call);
  const repo = repoOf(call);
  const branch = branchOf(call);
  const refs = await listRefs(gitOf(call.hub, repo), "refs/heads/");
  if (!refs.has(`refs/heads/${branch}`)) throw notFound();
  const body = call.body as ProtectionBody;
  const checks = body.required_status_checks;
  const named = checks?.checks?.map((c) => ({ context: c.context, appId: appIdOf(c.app_id) }));
  const reviews = body.required_pull_request_reviews;
  protectBranch(repo, branch, {
    requiredChecks: named ?? (checks?.contexts ?? []).map((context) => ({ context, appId: null })),
    strict: checks?.strict ?? false,
    enforceAdmins: body.enforce_admins ?? false,
    requiredApprovals: reviews === null ? null : (reviews.required_approving_review_count ?? 1),
    dismissStaleReviews: reviews?.dismiss_stale_reviews ?? false,
    allowForcePushes: body.allow_force_pushes ?? false,
    allowDeletions: body.allow_deletions ?? false,
    requiredConversationResolution: body.required_conversation_resolution ?? false,
  });
  return ok(protectionReply(call.hub, repo, { branch, rules: rulesOf(call) }));
}

/** The description: -1 means that any app may set the check. */
function appIdOf(id: number | undefined): number | null {
  return id === undefined || id === -1 ? null : id;
}
