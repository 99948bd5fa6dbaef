import { type Act, gitOf, stamp } from "../context.ts";
import type { CommitInfo } from "../git/code-view.ts";
import { branchesWith } from "../git/read.ts";
import { statusReply } from "../render/checks.ts";
import { commitReply } from "../render/code.ts";
import { commitUrl } from "../render/repositories.ts";
import type { CommitStatus } from "../store/check-records.ts";

/** docs.github.com, "Webhook events and payloads": a status tells at most ten branches. */
const MOST_BRANCHES = 10;

/** What somebody says of a commit. */
export interface StatusText {
  state: CommitStatus["state"];
  context: string;
  description: string | null;
  targetUrl: string | null;
}

/** Sets a status on a commit, and tells it. */
export async function createStatus(
  act: Act,
  commit: CommitInfo,
  text: StatusText,
): Promise<CommitStatus> {
  const status = act.hub.store.statuses.insert({
    repoId: act.repo.id,
    sha: commit.sha,
    ...text,
    creatorId: act.by.account.id,
    createdAt: stamp(act.hub),
  });
  await announce(act, status, commit);
  return status;
}

async function announce(act: Act, status: CommitStatus, commit: CommitInfo): Promise<void> {
  const { hub, repo, by } = act;
  const branches = await branchesWith(gitOf(hub, repo), commit.sha);
  const { creator: _, url: __, node_id: ___, ...reply } = statusReply(hub, status);
  hub.emit({
    event: "status",
    sender: by.account,
    repo,
    payload: {
      ...reply,
      sha: commit.sha,
      name: hub.store.fullName(repo),
      commit: commitReply(hub, repo, commit),
      branches: branches.slice(0, MOST_BRANCHES).map(({ name, sha }) => ({
        name,
        commit: { sha, url: commitUrl(hub, repo, sha) },
        protected: repo.protection[name] !== undefined,
      })),
    },
  });
}
