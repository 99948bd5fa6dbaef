import { type RepoRef, Sha } from "../domain/ids.ts";
import type { MergeOutcome } from "../ports/workspaces.ts";
import type { Identity } from "./checkout.ts";
import { cleanMessage, commitEnvironment } from "./commit-words.ts";
import type { Git } from "./git.ts";
import type { Mirrors } from "./mirror.ts";
import { nulSeparated } from "./reads.ts";

interface Context {
  readonly git: Git;
  readonly mirrors: Mirrors;
  readonly identity: Identity;
}

interface Pair {
  readonly onto: Sha;
  readonly head: Sha;
}

/**
 * Merges two commits in the mirror, without any working tree. A head that contains `onto` is taken as it is (its
 * evidence stays valid); otherwise a merge commit is made whose identity, date and words depend only on the input, so
 * that a repeated merge gives the same sha.
 */
export async function merge(
  context: Context,
  repo: RepoRef,
  request: Pair & { message: string },
): Promise<MergeOutcome> {
  const { git } = context;
  const { onto, head } = request;
  const gitDir = await holdingBoth(context, repo, request);
  const { stdout: common } = await git.run({
    gitDir,
    args: ["merge-base", onto, head],
    okCodes: [0, 1],
  });
  const base = common.toString("utf8").trim();
  if (base === head) return { kind: "merged", sha: onto };
  if (base === onto) return { kind: "merged", sha: head };
  const { tree, conflicted } = await mergedTree(git, gitDir, request);
  if (conflicted.length > 0) return { kind: "conflict", files: conflicted };
  return { kind: "merged", sha: await commitOf(context, gitDir, { ...request, tree }) };
}

/** See the port. Git itself writes the markers; what has none (a deleted or binary file) is as git leaves it. */
export async function markConflict(context: Context, repo: RepoRef, pair: Pair): Promise<Sha> {
  const gitDir = await holdingBoth(context, repo, pair);
  const { tree } = await mergedTree(context.git, gitDir, pair);
  const message = "Conflicts that are to be resolved";
  return commitOf(context, gitDir, { ...pair, tree, message });
}

/** See the port. */
export async function mergeAs(
  context: Context,
  repo: RepoRef,
  request: Pair & { resolved: Sha; message: string },
): Promise<Sha> {
  const gitDir = await holdingBoth(context, repo, request);
  await context.mirrors.holding(repo, request.resolved);
  return commitOf(context, gitDir, { ...request, tree: `${request.resolved}^{tree}` });
}

async function holdingBoth({ mirrors }: Context, repo: RepoRef, pair: Pair): Promise<string> {
  await mirrors.holding(repo, pair.onto);
  return mirrors.holding(repo, pair.head);
}

async function mergedTree(
  git: Git,
  gitDir: string,
  { onto, head }: Pair,
): Promise<{ tree: string; conflicted: readonly string[] }> {
  const { code, stdout } = await git.run({
    gitDir,
    args: ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", onto, head],
    okCodes: [0, 1],
  });
  const [tree = "", ...files] = nulSeparated(stdout.toString("utf8"));
  return { tree, conflicted: code === 1 ? [...new Set(files)] : [] };
}

/** The commit's date is that of the younger one of its parents. */
async function commitOf(
  { git, identity }: Context,
  gitDir: string,
  made: Pair & { tree: string; message: string },
): Promise<Sha> {
  const { onto, head, tree, message } = made;
  const dates = await git.text({
    gitDir,
    args: ["show", "--no-patch", "--format=%ct", onto, head],
  });
  const seconds = Math.max(...dates.split("\n").map(Number));
  const sha = await git.text({
    gitDir,
    args: ["commit-tree", "-p", onto, "-p", head, "-F", "-", tree],
    input: cleanMessage(message),
    env: commitEnvironment(identity, seconds),
  });
  const merged = Sha.parse(sha);
  // A ref keeps the commit findable for later fetches and clones.
  await git.run({ gitDir, args: ["update-ref", `refs/merges/${merged}`, merged] });
  return merged;
}
