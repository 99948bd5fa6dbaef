import { effectiveRole } from "../auth/roles.ts";
import type { Hub } from "../context.ts";
import { atLeast } from "../principal.ts";
import type { Pull, Review } from "../store/pull-records.ts";
import type { BranchProtection, Repository } from "../store/records.ts";

/** Branch rules that keep a pull request from being merged, in GitHub's words; empty = none. */
export function unmetRules(hub: Hub, pull: Pull): string[] {
  const repo = hub.store.repositories.must(pull.repoId);
  const rules = repo.protection[pull.baseRef];
  if (rules === undefined) return [];
  return [
    ...unmetChecks(hub, repo, { rules, sha: pull.headSha }),
    ...unmetReviews(hub, repo, { rules, pull }),
    ...unresolved(hub, { rules, pull }),
  ];
}

/** Required checks that are not green on a commit. */
export function unmetChecks(
  hub: Hub,
  repo: Repository,
  at: { rules: BranchProtection; sha: string },
): string[] {
  return at.rules.requiredChecks.flatMap(({ context, appId }) => {
    const state = checkState(hub, repo, { context, appId, sha: at.sha });
    if (state === "success") return [];
    return [`Required status check "${context}" is ${state}.`];
  });
}

/** "success", "failing", "in progress", or "expected" when nothing reported it yet. */
function checkState(
  hub: Hub,
  repo: Repository,
  check: { context: string; appId: number | null; sha: string },
): string {
  const run = hub.store
    .checkRunsOn(repo.id, check.sha)
    .filter((r) => r.name === check.context && (check.appId === null || r.appId === check.appId))
    .at(-1);
  if (run !== undefined) {
    if (run.status !== "completed") return "in progress";
    return ["success", "neutral", "skipped"].includes(run.conclusion ?? "") ? "success" : "failing";
  }
  const status = hub.store.statusesOn(repo.id, check.sha).find((s) => s.context === check.context);
  if (status === undefined || check.appId !== null) return "expected";
  if (status.state === "pending") return "in progress";
  return status.state === "success" ? "success" : "failing";
}

/** The review that counts of each reviewer: the newest that approves, refuses or was dismissed. */
function standingReviews(hub: Hub, issueId: number): Review[] {
  const newest = new Map<number, Review>();
  for (const review of hub.store.reviewsOf(issueId)) {
    if (review.state !== "PENDING" && review.state !== "COMMENTED")
      newest.set(review.authorId, review);
  }
  return [...newest.values()];
}

function unmetReviews(
  hub: Hub,
  repo: Repository,
  at: { rules: BranchProtection; pull: Pull },
): string[] {
  const needed = at.rules.requiredApprovals;
  if (needed === null) return [];
  // docs.github.com, "About protected branches": only reviews of people with write access count.
  const counting = standingReviews(hub, at.pull.issueId).filter((r) =>
    atLeast(effectiveRole(hub, repo, r.authorId), "write"),
  );
  if (counting.some((r) => r.state === "CHANGES_REQUESTED")) {
    return ["Changes have been requested by a reviewer with write access."];
  }
  const approvals = counting.filter((r) => r.state === "APPROVED").length;
  if (approvals >= needed) return [];
  const noun = needed === 1 ? "review is" : "reviews are";
  return [`At least ${needed} approving ${noun} required by reviewers with write access.`];
}

function unresolved(hub: Hub, at: { rules: BranchProtection; pull: Pull }): string[] {
  if (!at.rules.requiredConversationResolution) return [];
  const open = hub.store.threadsOf(at.pull.issueId).some((t) => t.resolvedById === null);
  return open ? ["A conversation must be resolved before this pull request can be merged."] : [];
}
