import { type RepoRef, Sha } from "../domain/ids.ts";
import type { MergeOutcome } from "../ports/workspaces.ts";
import type { Identity } from "./checkout.ts";
import { cleanMessage, commitEnvironment } from "./commit-words.ts";
import type { Git } from "./git.ts";
import type { Mirrors } from "./mirror.ts";
import { nulSeparated } from "./reads.ts";

/**
 * Merges two commits in the mirror, without any working tree. A head that contains `onto` is taken as it is (its
 * evidence stays valid); otherwise a merge commit is made whose identity, date and words depend only on the input, so
 * that a repeated merge gives the same sha.
 */
export async function merge(
  context: { git: Git; mirrors: Mirrors; identity: Identity },
  repo: RepoRef,
  request: { onto: Sha; head: Sha; message: string },
): Promise<MergeOutcome> {
  const { git, mirrors, identity } = context;
  const { onto, head } = request;
  await mirrors.holding(repo, onto);
  const gitDir = await mirrors.holding(repo, head);
  const { stdout: common } = await git.run({
    gitDir,
    args: ["merge-base", onto, head],
    okCodes: [0, 1],
  });
  const base = common.toString("utf8").trim();
  if (base === head) return { kind: "merged", sha: onto };
  if (base === onto) return { kind: "merged", sha: head };
  const { code, stdout } = await git.run({
    gitDir,
    args: ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", onto, head],
    okCodes: [0, 1],
  });
  const [tree = "", ...files] = nulSeparated(stdout.toString("utf8"));
  if (code === 1) return { kind: "conflict", files: [...new Set(files)] };
  const dates = await git.text({
    gitDir,
    args: ["show", "--no-patch", "--format=%ct", onto, head],
  });
  const seconds = Math.max(...dates.split("\n").map(Number));
  const sha = await git.text({
    gitDir,
    args: ["commit-tree", "-p", onto, "-p", head, "-F", "-", tree],
    input: cleanMessage(request.message),
    env: commitEnvironment(identity, seconds),
  });
  const made = Sha.parse(sha);
  // A ref keeps the commit findable for later fetches and clones.
  await git.run({ gitDir, args: ["update-ref", `refs/merges/${made}`, made] });
  return { kind: "merged", sha: made };
}
