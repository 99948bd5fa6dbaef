import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readCommit } from "./read.ts";
import type { Git } from "./run.ts";

export interface Identity {
  name: string;
  email: string;
  /** Anything git reads as a date; default now. */
  date?: string;
}

export interface NewCommit {
  tree: string;
  parents: readonly string[];
  message: string;
  author: Identity;
  committer: Identity;
}

export interface TreeChange {
  path: string;
  mode: string;
  /** null takes the path away. */
  sha: string | null;
}

export async function writeBlob(git: Git, content: Buffer): Promise<string> {
  return git.text(["hash-object", "-w", "--stdin"], { input: content });
}

export async function writeCommit(git: Git, commit: NewCommit): Promise<string> {
  const parents = commit.parents.flatMap((p) => ["-p", p]);
  return git.text(["commit-tree", commit.tree, ...parents], {
    input: commit.message,
    env: { ...identity("AUTHOR", commit.author), ...identity("COMMITTER", commit.committer) },
  });
}

function identity(role: string, who: Identity): Record<string, string> {
  return {
    [`GIT_${role}_NAME`]: who.name,
    [`GIT_${role}_EMAIL`]: who.email,
    ...(who.date === undefined ? {} : { [`GIT_${role}_DATE`]: who.date }),
  };
}

/** Writes the tree that a base tree (null = empty) becomes by the changes. */
export async function writeTree(
  git: Git,
  base: string | null,
  changes: readonly TreeChange[],
): Promise<string> {
  const index = join(git.dir, `index-${randomBytes(6).toString("hex")}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    await git.text(base === null ? ["read-tree", "--empty"] : ["read-tree", base], { env });
    // What a folder or a deletion replaces goes first, then folders whole, then files one by one.
    const folders = changes.filter((c) => c.mode === "040000" && c.sha !== null);
    const gone = changes.filter((c) => c.sha === null);
    const below = await pathsBelow(
      git,
      [...folders, ...gone].map((c) => c.path),
      env,
    );
    await feedIndex(
      git,
      below.map((path) => ({ path, mode: "0", sha: null })),
      env,
    );
    for (const change of folders) {
      await git.text(["read-tree", `--prefix=${change.path}/`, String(change.sha)], { env });
    }
    await feedIndex(
      git,
      changes.filter((c) => c.mode !== "040000" && c.sha !== null),
      env,
    );
    return await git.text(["write-tree"], { env });
  } finally {
    await rm(index, { force: true });
    await rm(`${index}.lock`, { force: true });
  }
}

type Env = Readonly<Record<string, string>>;

/** Files of the index at or below the paths. */
async function pathsBelow(git: Git, paths: readonly string[], env: Env): Promise<string[]> {
  if (paths.length === 0) return [];
  const literal = { ...env, GIT_LITERAL_PATHSPECS: "1" };
  const list = await git.bytes(["ls-files", "-z", "--cached", "--", ...paths], { env: literal });
  return list
    .toString("utf8")
    .split("\0")
    .filter((p) => p !== "");
}

async function feedIndex(git: Git, changes: readonly TreeChange[], env: Env): Promise<void> {
  if (changes.length === 0) return;
  const lines = changes.map((c) => `${c.mode} ${c.sha ?? "0".repeat(40)}\t${c.path}\0`);
  const args = ["update-index", "-z", "--add", "--replace", "--index-info"];
  await git.text(args, { env, input: lines.join("") });
}

/** Moves a ref if it still points at `before` (null = must not exist); false when it does not. */
export async function moveRef(
  git: Git,
  ref: string,
  move: { before: string | null; after: string | null },
): Promise<boolean> {
  const old = move.before ?? "0".repeat(40);
  const args = move.after === null ? ["-d", ref, old] : [ref, move.after, old];
  return git.succeeds(["update-ref", "--no-deref", ...args]);
}

/** Points a ref of the hub's own (refs/pull/…) wherever it should be. */
export async function setRef(git: Git, ref: string, sha: string): Promise<void> {
  await git.text(["update-ref", "--no-deref", ref, sha]);
}

/** Tree of merging two commits, or undefined when they conflict. */
export async function mergeTrees(
  git: Git,
  ours: string,
  theirs: string,
): Promise<string | undefined> {
  const args = ["merge-tree", "--write-tree", "--no-messages", ours, theirs];
  const result = await git.run(args);
  // Exit 0 = clean, 1 = conflicts, others (unrelated histories) = cannot be merged either.
  return result.code === 0 ? result.stdout.toString().split("\n")[0] : undefined;
}

/** Applies one commit's change on top of another commit's tree; undefined when it conflicts. */
export async function pickTree(
  git: Git,
  onto: string,
  commitSha: string,
): Promise<string | undefined> {
  const commit = await readCommit(git, commitSha);
  const parent = commit?.parents[0];
  if (parent === undefined) return undefined;
  // git 2.38 has no --merge-base: a stand-in commit with onto's tree and the picked commit's parent
  // makes that parent the merge base.
  const who = { name: "pick", email: "pick@localhost", date: "2000-01-01T00:00:00Z" };
  const tree = await git.text(["rev-parse", `${onto}^{tree}`]);
  const standIn = await writeCommit(git, {
    tree,
    parents: [parent],
    message: "pick",
    author: who,
    committer: who,
  });
  return mergeTrees(git, standIn, commitSha);
}
