import { type Hub, repoUrl } from "../context.ts";
import type { BranchProtection, Repository } from "../store/records.ts";

export interface Protected {
  branch: string;
  rules: BranchProtection;
}

function url(hub: Hub, repo: Repository, branch: string): string {
  return `${repoUrl(hub, repo)}/branches/${branch}/protection`;
}

/** The required checks of a branch ("status-check-policy"). */
export function statusCheckPolicy(
  hub: Hub,
  repo: Repository,
  { branch, rules }: Protected,
): Record<string, unknown> {
  const base = `${url(hub, repo, branch)}/required_status_checks`;
  return {
    url: base,
    strict: rules.strict,
    contexts: rules.requiredChecks.map((c) => c.context),
    contexts_url: `${base}/contexts`,
    checks: rules.requiredChecks.map((c) => ({ context: c.context, app_id: c.appId })),
  };
}

export function protectionReply(
  hub: Hub,
  repo: Repository,
  at: Protected,
): Record<string, unknown> {
  const { rules } = at;
  const base = url(hub, repo, at.branch);
  return {
    url: base,
    ...(rules.requiredChecks.length === 0 && !rules.strict
      ? {}
      : { required_status_checks: statusCheckPolicy(hub, repo, at) }),
    ...(rules.requiredApprovals === null
      ? {}
      : {
          required_pull_request_reviews: {
            url: `${base}/required_pull_request_reviews`,
            dismiss_stale_reviews: rules.dismissStaleReviews,
            require_code_owner_reviews: false,
            required_approving_review_count: rules.requiredApprovals,
            require_last_push_approval: false,
          },
        }),
    enforce_admins: { url: `${base}/enforce_admins`, enabled: rules.enforceAdmins },
    required_signatures: { url: `${base}/required_signatures`, enabled: false },
    required_linear_history: { enabled: false },
    allow_force_pushes: { enabled: rules.allowForcePushes },
    allow_deletions: { enabled: rules.allowDeletions },
    block_creations: { enabled: false },
    required_conversation_resolution: { enabled: rules.requiredConversationResolution },
    lock_branch: { enabled: false },
    allow_fork_syncing: { enabled: false },
  };
}

/** The part that a branch itself shows to everyone who can read it. */
export function protectionSummary(rules: BranchProtection | undefined): Record<string, unknown> {
  const checks = rules?.requiredChecks ?? [];
  return {
    enabled: rules !== undefined,
    required_status_checks: {
      enforcement_level:
        checks.length === 0 ? "off" : rules?.enforceAdmins ? "everyone" : "non_admins",
      contexts: checks.map((c) => c.context),
      checks: checks.map((c) => ({ context: c.context, app_id: c.appId })),
    },
  };
}
