import { execFile } from "node:child_process";
import { access, chmod, constants, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../../domain/failure.ts";

const MIN_GIT = [2, 38] as const;

/** Refuses in one sentence what would fail later with a worse one: no git, an old git, a path that is no repository. */
export async function preflight(options: {
  repo: string | undefined;
  sample: "node" | "go";
}): Promise<void> {
  const version = await gitVersion();
  const [major = 0, minor = 0] = version;
  if (major < MIN_GIT[0] || (major === MIN_GIT[0] && minor < MIN_GIT[1]))
    throw new UserError(
      `git ${version.join(".")} is too old: install git ${MIN_GIT.join(".")} or newer.`,
    );
  if (options.sample === "go") await requireGo();
  if (options.repo === undefined) return;
  try {
    await promisify(execFile)("git", ["-C", resolve(options.repo), "rev-parse", "--git-dir"]);
  } catch {
    throw new UserError(`--repo ${options.repo} is not a git repository: give the path of one.`);
  }
}

async function requireGo(): Promise<void> {
  try {
    await promisify(execFile)("go", ["version"]);
  } catch {
    throw new UserError(
      "go was not found: install Go, or show the Node sample without --sample go.",
    );
  }
}

async function gitVersion(): Promise<number[]> {
  try {
    const { stdout } = await promisify(execFile)("git", ["--version"]);
    return (/(\d+)\.(\d+)/.exec(stdout)?.slice(1) ?? []).map(Number);
  } catch {
    throw new UserError("git was not found: install git 2.38 or newer.");
  }
}

/** The demo's folder: the one given, or a fresh temporary one that `remove` deletes. */
export async function demoFolder(
  given: string | undefined,
): Promise<{ path: string; remove(): Promise<void> }> {
  const path =
    given === undefined ? await mkdtemp(join(tmpdir(), "orchestrator-demo-")) : resolve(given);
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
    // Jailed agents and the database run as users of their own below it; what is private has modes of its own.
    if (given === undefined) await chmod(path, 0o711);
  } catch {
    throw new UserError(`The demo cannot write to ${path}: give another folder with --data.`);
  }
  const keep = given !== undefined;
  return {
    path,
    remove: () => (keep ? Promise.resolve() : rm(path, { recursive: true, force: true })),
  };
}
