import { type Act, gitOf, type Hub, repoPage } from "../context.ts";
import type { CommitInfo, Signature } from "../git/code-view.ts";
import { isAncestor, logCommits, NO_COMMIT, objectType } from "../git/read.ts";
import type { Git } from "../git/run.ts";
import { accountByEmail, noreplyEmail } from "../render/code.ts";
import type { Move } from "./moves.ts";

/** docs: "The commits array includes a maximum of 2048 commits". */
const MAX_COMMITS = 2048;

/** The fields of a `push` webhook. */
export async function pushPayload(act: Act, move: Move): Promise<Record<string, unknown>> {
  const { hub, repo, by } = act;
  const git = gitOf(hub, repo);
  const commits = await pushedCommits(act, git, move);
  const [shown, head, forced] = await Promise.all([
    Promise.all(commits.map((c) => pushedCommit(act, git, c))),
    headCommit(act, git, move),
    isForced(git, move),
  ]);
  const page = repoPage(hub, repo);
  const ends = [move.before, move.after].map((sha) => (sha ?? NO_COMMIT).slice(0, 12));
  return {
    ref: move.ref,
    before: move.before ?? NO_COMMIT,
    after: move.after ?? NO_COMMIT,
    created: move.before === null,
    deleted: move.after === null,
    forced,
    base_ref: null,
    compare: `${page}/compare/${ends.join("...")}`,
    commits: shown,
    head_commit: head,
    pusher: { name: by.account.login, email: by.account.email ?? noreplyEmail(by.account) },
  };
}

async function isForced(git: Git, move: Move): Promise<boolean> {
  if (move.before === null || move.after === null) return false;
  return !(await isAncestor(git, move.before, move.after));
}

async function headCommit(act: Act, git: Git, move: Move): Promise<unknown> {
  if (move.after === null) return null;
  const [commit] = await logCommits(git, [`${move.after}^{commit}`], { limit: 1 });
  return commit === undefined ? null : pushedCommit(act, git, commit);
}

/** Commits that this move brought: beyond the old tip, or beyond every other branch when new. */
async function pushedCommits(act: Act, git: Git, move: Move): Promise<CommitInfo[]> {
  if (move.after === null || (await objectType(git, move.after)) !== "commit") return [];
  const known = act.hub.refs.get(act.repo.id) ?? new Map<string, string>();
  const others = [...known].filter(([ref]) => ref !== move.ref && ref.startsWith("refs/heads/"));
  const not = move.before === null ? others.map(([, sha]) => `^${sha}`) : [`^${move.before}`];
  return logCommits(git, [move.after, ...not], { reverse: true, limit: MAX_COMMITS });
}

async function pushedCommit(
  act: Act,
  git: Git,
  commit: CommitInfo,
): Promise<Record<string, unknown>> {
  return {
    id: commit.sha,
    tree_id: commit.treeSha,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${repoPage(act.hub, act.repo)}/commit/${commit.sha}`,
    author: person(act.hub, commit.author),
    committer: person(act.hub, commit.committer),
    ...(await touchedFiles(git, commit.sha)),
  };
}

function person(hub: Hub, who: Signature): Record<string, unknown> {
  const account = accountByEmail(hub, who.email);
  const username = account === undefined ? {} : { username: account.login };
  return { name: who.name, email: who.email, date: who.date, ...username };
}

async function touchedFiles(git: Git, sha: string): Promise<Record<string, string[]>> {
  const args = [
    "diff-tree",
    "--root",
    "-r",
    "-z",
    "--name-status",
    "--no-renames",
    "--no-commit-id",
  ];
  const parts = (await git.bytes([...args, sha])).toString("utf8").split("\0");
  const files: Record<string, string[]> = { added: [], removed: [], modified: [] };
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const kind = parts[i] === "A" ? "added" : parts[i] === "D" ? "removed" : "modified";
    files[kind]?.push(parts[i + 1] ?? "");
  }
  return files;
}
