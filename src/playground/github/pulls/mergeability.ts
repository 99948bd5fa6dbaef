import { gitOf, type Hub } from "../context.ts";
import { aheadBehind } from "../git/read.ts";
import { mergeTrees } from "../git/write.ts";
import type { Pull } from "../store/pull-records.ts";
import { unmetRules } from "./rules.ts";

export interface Mergeability {
  /** null: closed, or one of the branches is gone. */
  mergeable: boolean | null;
  /** GraphQL enum MergeStateStatus in lower case. */
  state: "clean" | "dirty" | "blocked" | "behind" | "unstable" | "draft" | "unknown";
}

/** Whether and how readily a pull request can be merged now. */
export async function mergeability(hub: Hub, pull: Pull): Promise<Mergeability> {
  const issue = hub.store.issues.must(pull.issueId);
  const repo = hub.store.repositories.must(pull.repoId);
  const base = hub.refs.get(repo.id)?.get(`refs/heads/${pull.baseRef}`);
  if (issue.state === "closed" || base === undefined) return { mergeable: null, state: "unknown" };
  const tree = await mergeTrees(gitOf(hub, repo), base, pull.headSha);
  if (tree === undefined) return { mergeable: false, state: "dirty" };
  if (pull.draft) return { mergeable: true, state: "draft" };
  const unmet = unmetRules(hub, pull);
  const rules = repo.protection[pull.baseRef];
  if (unmet.length > 0) return { mergeable: true, state: "blocked" };
  if (rules?.strict === true) {
    const { behind } = await aheadBehind(gitOf(hub, repo), base, pull.headSha);
    if (behind > 0) return { mergeable: true, state: "behind" };
  }
  return { mergeable: true, state: allGreen(hub, pull) ? "clean" : "unstable" };
}

function allGreen(hub: Hub, pull: Pull): boolean {
  const runs = hub.store.checkRunsOn(pull.repoId, pull.headSha);
  const good = ["success", "neutral", "skipped"];
  const newest = new Map(runs.map((r) => [`${r.appId} ${r.name}`, r]));
  return (
    [...newest.values()].every((r) => r.conclusion !== null && good.includes(r.conclusion)) &&
    hub.store.statusesOn(pull.repoId, pull.headSha).every((s) => s.state === "success")
  );
}
