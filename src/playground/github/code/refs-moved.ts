import { closeIssue } from "../acts/issues.ts";
import { note } from "../acts/subject.ts";
import { ensureSuites } from "../checks/suites.ts";
import { type Act, gitOf } from "../context.ts";
import { isAncestor, listRefs, logCommits } from "../git/read.ts";
import { baseMoved, headDeleted, headMoved } from "../pulls/follow.ts";
import { closedByText } from "./closing.ts";
import { branchOf, learnMoves, type Move } from "./moves.ts";
import { pushPayload } from "./push-payload.ts";

/**
 * Everything that follows from refs having moved, by a push or by REST: webhooks, pull requests
 * brought up to date or closed, issues closed by commits. The one place for it.
 */
export async function refsMoved(act: Act, only?: readonly string[]): Promise<Move[]> {
  const moves = await learnMoves(act, only);
  for (const move of moves) {
    await adoptFirstBranch(act, move);
    await announceMove(act, move);
    await followBranch(act, move);
  }
  return moves;
}

/** The first branch of an empty repository becomes its default branch, as on GitHub. */
async function adoptFirstBranch(act: Act, move: Move): Promise<void> {
  const branch = branchOf(move.ref);
  if (branch === null || move.before !== null || branch === act.repo.defaultBranch) return;
  const git = gitOf(act.hub, act.repo);
  const heads = await listRefs(git, "refs/heads/");
  if (heads.size > 1 || heads.has(`refs/heads/${act.repo.defaultBranch}`)) return;
  act.repo.defaultBranch = branch;
  await git.text(["symbolic-ref", "HEAD", move.ref]);
}

async function announceMove(act: Act, move: Move): Promise<void> {
  const { hub, repo, by } = act;
  const push = await pushPayload(act, move);
  hub.emit({ event: "push", sender: by.account, repo, payload: push });
  if (move.before !== null && move.after !== null) return;
  const branch = branchOf(move.ref);
  const payload = {
    ref: branch ?? move.ref.replace(/^refs\/tags\//, ""),
    ref_type: branch === null ? "tag" : "branch",
    pusher_type: "user",
    ...(move.before === null
      ? { master_branch: repo.defaultBranch, description: repo.description }
      : {}),
  };
  const event = move.before === null ? "create" : "delete";
  hub.emit({ event, sender: by.account, repo, payload });
}

async function followBranch(act: Act, move: Move): Promise<void> {
  const { hub, repo } = act;
  const branch = branchOf(move.ref);
  if (branch === null) return;
  const open = hub.store.pulls.filter(
    (p) => p.repoId === repo.id && hub.store.issues.must(p.issueId).state === "open",
  );
  for (const pull of open.filter((p) => p.headRef === branch)) {
    if (move.after === null) await headDeleted(act, pull);
    else await headMoved(act, pull, move.after);
  }
  for (const pull of open.filter((p) => p.baseRef === branch)) {
    await baseMoved(act, pull, move.after);
  }
  if (move.after === null) return;
  await ensureSuites(act, { sha: move.after, branch, before: move.before });
  if (branch === repo.defaultBranch && move.before !== null) {
    await closeByCommits(act, { before: move.before, after: move.after });
  }
}

/** "Closes #n" in a commit that reaches the default branch. */
async function closeByCommits(act: Act, range: { before: string; after: string }): Promise<void> {
  const git = gitOf(act.hub, act.repo);
  if (!(await isAncestor(git, range.before, range.after))) return;
  const commits = await logCommits(git, [`${range.before}..${range.after}`], { reverse: true });
  for (const commit of commits) {
    for (const issue of closedByText(act, commit.message)) {
      note(act, issue, { name: "referenced", commitSha: commit.sha });
      await closeIssue(act, issue, { reason: "completed", commitSha: commit.sha, byRule: true });
    }
  }
}
