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
  const { dir, sha } = request;
  await mkdir(dir, { mode: 0o755 });
  await makeRepository(request);
  const at = { gitDir: join(dir, ".git"), workTree: dir };
  await git.run({ ...at, args: ["reset", "--quiet", "--hard", sha], timeoutMs: 600_000 });
  if (request.overlay !== undefined) await layOver(git, at, request.overlay);
  await giveTo(dir, request.owner);
}

/** Writes what half a dozen git commands would, because a run makes many checkouts and each command costs time. */
async function makeRepository({ dir, sha, identity, mirrorDir }: CheckoutRequest): Promise<void> {
  const gitDir = join(dir, ".git");
  for (const folder of ["objects/info", "objects/pack", "refs/heads", "refs/tags"])
    await mkdir(join(gitDir, folder), { recursive: true, mode: 0o755 });
  const files = {
    HEAD: "ref: refs/heads/work",
    "refs/heads/work": sha,
    "objects/info/alternates": join(mirrorDir, "objects"),
    config: configOf(identity),
  };
  for (const [name, text] of Object.entries(files))
    await writeFile(join(gitDir, name), `${text}\n`);
}

function configOf({ name, email }: Identity): string {
  return [
    "[core]",
    "\trepositoryformatversion = 0",
    "\tfilemode = true",
    "\tbare = false",
    "\tlogallrefupdates = true",
    "[user]",
    `\tname = ${quoted(name)}`,
    `\temail = ${quoted(email)}`,
    "[gc]",
    "\tauto = 0",
    "[advice]",
    "\tdetachedHead = false",
  ].join("\n");
}

/** A value as git's configuration spells it. */
function quoted(value: string): string {
  const plain = value.replaceAll(/\p{Cc}/gu, " ");
  return `"${plain.replaceAll(/["\\]/g, (character) => `\\${character}`)}"`;
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
