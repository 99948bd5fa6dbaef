import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sha } from "../domain/ids.ts";
import type { Git } from "./git.ts";
import { giveTo, type Owner } from "./own-directory.ts";

/** Who commits made by this app are by. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

export interface CheckoutRequest {
  readonly mirrorDir: string;
  /** Does not exist yet; its parent is ours. */
  readonly dir: string;
  readonly sha: Sha;
  readonly identity: Identity;
  readonly owner: Owner | undefined;
  readonly overlay?: Overlay | undefined;
}

/** Files of another commit that take the place of those of the checkout. */
export interface Overlay {
  readonly sha: Sha;
  readonly files: readonly string[];
}

/**
 * A repository of its own at `dir` with the files of `sha`: no remote, no hooks, one local branch `work`, objects
 * borrowed from the mirror. This is the only time the trusted side runs git in it, before anyone else has seen it;
 * then it is given to `owner`.
 */
export async function checkOut(git: Git, request: CheckoutRequest): Promise<void> {
  const { dir, sha, identity, mirrorDir } = request;
  await mkdir(dir, { mode: 0o755 });
  const gitDir = join(dir, ".git");
  await git.run({ args: ["init", "--quiet", "--template=", "-b", "work", "--", dir] });
  await writeFile(join(gitDir, "objects/info/alternates"), `${join(mirrorDir, "objects")}\n`);
  const at = { gitDir, workTree: dir };
  const settings: [string, string][] = [
    ["user.name", identity.name],
    ["user.email", identity.email],
    ["gc.auto", "0"],
    ["advice.detachedHead", "false"],
  ];
  for (const [key, value] of settings) {
    await git.run({ ...at, args: ["config", "--local", key, value] });
  }
  await git.run({ ...at, args: ["update-ref", "refs/heads/work", sha] });
  await git.run({ ...at, args: ["reset", "--quiet", "--hard", sha], timeoutMs: 600_000 });
  if (request.overlay !== undefined) await layOver(git, at, request.overlay);
  await giveTo(dir, request.owner);
}

async function layOver(
  git: Git,
  at: { gitDir: string; workTree: string },
  { sha, files }: Overlay,
): Promise<void> {
  if (files.length === 0) return;
  await git.run({
    ...at,
    args: [
      "checkout",
      "--quiet",
      "--no-overlay",
      "--pathspec-from-file=-",
      "--pathspec-file-nul",
      sha,
    ],
    input: files.map((file) => `${file}\0`).join(""),
    timeoutMs: 600_000,
  });
}
