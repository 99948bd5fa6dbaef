import { isOwnBranch } from "../domain/branch-name.ts";
import { UnreachableError } from "../domain/failure.ts";
import { type RepoRef, Sha } from "../domain/ids.ts";
import type { PushOutcome } from "../ports/workspaces.ts";
import type { Git } from "./git.ts";
import type { Mirrors } from "./mirror.ts";

interface Update {
  readonly branch: string;
  readonly sha: Sha;
  readonly expected: Sha | undefined;
}

/**
 * Sets one of our own branches at GitHub to `sha`. It moves only from `expected` and only forward, so that nobody's
 * commit is ever lost; a repeated push of what is already there counts as pushed. Pushes go side by side: they only
 * read the mirror.
 */
export async function publishBranch(
  context: { git: Git; mirrors: Mirrors },
  repo: RepoRef,
  update: Update,
): Promise<PushOutcome> {
  const { mirrors } = context;
  const { branch, sha, expected } = update;
  if (!isOwnBranch(branch)) {
    const shown = JSON.stringify(branch.slice(0, 100));
    return {
      kind: "refused",
      reason: `${shown} is not a branch of a run; only those are written.`,
    };
  }
  const gitDir = await mirrors.holding(repo, sha);
  if (expected !== undefined && !(await isForward(context, repo, { gitDir, expected, sha }))) {
    return { kind: "refused", reason: `${sha} does not continue ${expected}; nothing is forced.` };
  }
  const ref = `refs/heads/${branch}`;
  const { code, stdout, stderr } = await mirrors.remote(repo, "write", (url) => ({
    args: [
      "push",
      "--porcelain",
      "--no-verify",
      `--force-with-lease=${ref}:${expected ?? ""}`,
      "--end-of-options",
      url,
      `${sha}:${ref}`,
    ],
    okCodes: [0, 1],
  }));
  if (code === 0) return { kind: "pushed" };
  const actual = await remoteTip(mirrors, repo, ref);
  if (actual === sha) return { kind: "pushed" };
  if (actual !== expected) return { kind: "moved", actual };
  const said = stdout.toString("utf8");
  const rejected = /^!\t[^\t]*\t(.*)$/m.exec(said)?.[1];
  if (rejected === undefined) throw new UnreachableError(`Push ${branch}: ${oneLine(stderr)}`);
  return { kind: "refused", reason: `GitHub did not take ${branch}: ${oneLine(rejected)}` };
}

/** Removes a branch of ours at GitHub where it stands at `expected`; what somebody pushed to since then stays. */
export async function removeBranch(
  { mirrors }: { git: Git; mirrors: Mirrors },
  repo: RepoRef,
  { branch, expected }: { readonly branch: string; readonly expected: Sha },
): Promise<"removed" | "gone" | "kept"> {
  if (!isOwnBranch(branch)) return "kept";
  const ref = `refs/heads/${branch}`;
  const { code, stderr } = await mirrors.remote(repo, "write", (url) => ({
    args: [
      "push",
      "--porcelain",
      "--no-verify",
      `--force-with-lease=${ref}:${expected}`,
      "--end-of-options",
      url,
      `:${ref}`,
    ],
    okCodes: [0, 1],
  }));
  const actual = code === 0 ? undefined : await remoteTip(mirrors, repo, ref);
  if (actual === undefined) return code === 0 ? "removed" : "gone";
  if (actual !== expected) return "kept";
  throw new UnreachableError(`Remove ${branch}: ${oneLine(stderr)}`);
}

async function isForward(
  { git, mirrors }: { git: Git; mirrors: Mirrors },
  repo: RepoRef,
  step: { gitDir: string; expected: Sha; sha: Sha },
): Promise<boolean> {
  await mirrors.holding(repo, step.expected);
  const { code } = await git.run({
    gitDir: step.gitDir,
    args: ["merge-base", "--is-ancestor", step.expected, step.sha],
    okCodes: [0, 1],
  });
  return code === 0;
}

async function remoteTip(mirrors: Mirrors, repo: RepoRef, ref: string): Promise<Sha | undefined> {
  const { stdout } = await mirrors.remote(repo, "read", (url) => ({
    args: ["ls-remote", "--end-of-options", url, ref],
  }));
  const line = stdout
    .toString("utf8")
    .split("\n")
    .find((each) => each.endsWith(`\t${ref}`));
  return line === undefined ? undefined : Sha.parse(line.slice(0, 40));
}

function oneLine(text: string): string {
  return text
    .trim()
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[^\x20-\x7e]/g, "?")
    .slice(-500);
}
