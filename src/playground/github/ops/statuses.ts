import { requireRole } from "../auth/roles.ts";
import { createStatus } from "../checks/statuses.ts";
import { gitOf, type Hub, repoUrl } from "../context.ts";
import { unprocessable } from "../errors.ts";
import { readCommit } from "../git/read.ts";
import {
  actOf,
  type Call,
  created,
  type Handlers,
  list,
  ok,
  param,
  type Reply,
  repoOf,
} from "../http/call.ts";
import { statusReply } from "../render/checks.ts";
import { commitUrl, minimalRepository } from "../render/repositories.ts";
import type { CommitStatus } from "../store/check-records.ts";
import { commitOf } from "./checks.ts";

export const STATUSES: Handlers = {
  "repos/create-commit-status": create,
  "repos/get-combined-status-for-ref": combined,
  "repos/list-commit-statuses-for-ref": async (call) => {
    const sha = await commitOf(call);
    const all = call.hub.store.statuses.filter(
      (s) => s.repoId === repoOf(call).id && s.sha === sha,
    );
    return list(all.reverse(), (s) => statusReply(call.hub, s));
  },
};

async function create(call: Call): Promise<Reply> {
  const act = actOf(call);
  requireRole(act, "write");
  const sha = param(call, "sha");
  const commit = await readCommit(gitOf(call.hub, act.repo), sha);
  if (commit === undefined) throw unprocessable(`No commit found for SHA: ${sha}`);
  const body = call.body as {
    state: CommitStatus["state"];
    context?: string;
    description?: string | null;
    target_url?: string | null;
  };
  const status = await createStatus(act, commit, {
    state: body.state,
    context: body.context ?? "default",
    description: body.description ?? null,
    targetUrl: body.target_url ?? null,
  });
  return created(statusReply(call.hub, status));
}

async function combined(call: Call): Promise<Reply> {
  const { hub } = call;
  const repo = repoOf(call);
  const sha = await commitOf(call);
  const statuses = hub.store.statusesOn(repo.id, sha);
  return ok({
    state: combinedState(statuses),
    sha,
    total_count: statuses.length,
    statuses: statuses.map((s) => statusInSummary(hub, s)),
    repository: minimalRepository(hub, repo),
    commit_url: commitUrl(hub, repo, sha),
    url: `${repoUrl(hub, repo)}/commits/${sha}/status`,
  });
}

/** The summary does not tell who set a status. */
function statusInSummary(hub: Hub, status: CommitStatus): Record<string, unknown> {
  const { creator: _, ...told } = statusReply(hub, status);
  return told;
}

/** docs.github.com/rest/commits/statuses: failure, else pending (also when there are none), else success. */
function combinedState(statuses: readonly CommitStatus[]): string {
  if (statuses.some((s) => s.state === "error" || s.state === "failure")) return "failure";
  const pending = statuses.length === 0 || statuses.some((s) => s.state === "pending");
  return pending ? "pending" : "success";
}
