import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { dispatchId, type RepoRef, runId, Sha } from "../../../src/domain/ids.ts";
import { Secret } from "../../../src/domain/secret.ts";
import type { TokenSource } from "../../../src/ports/github.ts";
import type { Jail } from "../../../src/ports/jail.ts";
import type { Workspaces } from "../../../src/ports/workspaces.ts";
import { createWorkspaces, type WorkspacesSettings } from "../../../src/workspaces/workspaces.ts";
import { makeJail } from "./jail-child.ts";

/** Real git, real bubblewrap and a bare repository on disk in the place of GitHub. */
export interface World {
  readonly dataDir: string;
  readonly remotes: string;
  readonly repo: RepoRef;
  readonly jail: Jail;
  readonly workspaces: Workspaces;
  readonly tokensMinted: string[];
}

export const PATH = process.env["PATH"] ?? "/usr/bin:/bin";
export const IDENTITY = { name: "orchestrator[bot]", email: "orchestrator@example.invalid" };
export const RUN = runId({ repositoryId: 7, issue: 12, n: 1 });
export const DISPATCH = dispatchId(RUN, "api", 1);

/** Whether this machine can run the tests that need it; the caller skips aloud. */
export function hasBubblewrap(): boolean {
  return runs("bwrap", "--version");
}

export function hasGo(): boolean {
  return runs("go", "version");
}

function runs(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore", env: { ...process.env, PATH } });
    return true;
  } catch {
    return false;
  }
}

export function temporaryDirectory(name: string): string {
  const path = mkdtempSync(join(tmpdir(), `workspaces-${name}-`));
  chmodSync(path, 0o755);
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export async function makeWorld(
  files: Readonly<Record<string, string>>,
  settings: Partial<WorkspacesSettings> = {},
): Promise<World> {
  const root = temporaryDirectory("world");
  const dataDir = join(root, "data");
  const remotes = join(root, "remotes");
  const repo: RepoRef = { id: 7, owner: "octo", name: "service", installationId: 3 };
  makeRemote(join(remotes, "octo", "service.git"), files);
  const jail = settings.jail ?? (await makeJail(dataDir));
  const tokensMinted: string[] = [];
  const tokens: TokenSource = {
    withToken: async (of, permissions, use) => {
      tokensMinted.push(`${of.id} ${JSON.stringify(permissions)}`);
      return await use(new Secret("ghs_test"));
    },
  };
  const workspaces = createWorkspaces({
    dataDir,
    gitBaseUrl: `file://${remotes}`,
    tokens,
    identity: IDENTITY,
    env: { PATH },
    ...settings,
    jail,
  });
  return { dataDir, remotes, repo, jail, workspaces, tokensMinted };
}

/** A bare repository whose `main` holds `files` as one commit. */
function makeRemote(path: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(path, { recursive: true });
  plainGit(path, "init", "--quiet", "--bare", "-b", "main");
  commitTo(path, "main", files);
}

/** Adds a commit with `files` to `branch` of a bare repository, as a person would push it. */
export function commitTo(
  bare: string,
  branch: string,
  files: Readonly<Record<string, string | { link: string }>>,
): Sha {
  const work = mkdtempSync(join(tmpdir(), "workspaces-person-"));
  try {
    plainGit(work, "init", "--quiet", "-b", branch);
    plainGit(work, "config", "user.name", "Person");
    plainGit(work, "config", "user.email", "person@example.invalid");
    if (tipOf(bare, branch) !== undefined) {
      plainGit(work, "fetch", "--quiet", bare, branch);
      plainGit(work, "reset", "--quiet", "--hard", "FETCH_HEAD");
    }
    writeFiles(work, files);
    plainGit(work, "add", "--all");
    plainGit(work, "commit", "--quiet", "--allow-empty", "-m", "A person's change");
    plainGit(work, "push", "--quiet", bare, `HEAD:refs/heads/${branch}`);
    return Sha.parse(plainGit(work, "rev-parse", "HEAD"));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function writeFiles(
  root: string,
  files: Readonly<Record<string, string | { link: string }>>,
): void {
  for (const [path, content] of Object.entries(files)) {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    if (typeof content === "string") writeFileSync(full, content);
    else symlinkSync(content.link, full);
  }
}

export function bareOf(world: World): string {
  return join(world.remotes, world.repo.owner, `${world.repo.name}.git`);
}

export function tipOf(bare: string, branch: string): Sha | undefined {
  try {
    return Sha.parse(plainGit(bare, "rev-parse", "--verify", "--quiet", `refs/heads/${branch}`));
  } catch {
    return undefined;
  }
}

/** Git as an ordinary program would run it in `dir`, with nothing of our guards but the user's own settings off. */
export function plainGit(dir: string, ...args: string[]): string {
  return execFileSync("git", args, {
    cwd: dir,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH, HOME: "/nonexistent", GIT_CONFIG_NOSYSTEM: "1", LC_ALL: "C" },
  }).trimEnd();
}

/** Runs a shell script in the jail with the clone writable, as an agent would. */
export async function agentRuns(
  world: World,
  dirs: { cwd: string; writable: readonly string[]; readable: readonly string[] },
  script: string,
): Promise<{ code: number | null; output: string }> {
  const process = await world.jail.spawn({
    argv: ["sh", "-c", `exec 2>&1; ${script}`],
    cwd: dirs.cwd,
    env: {},
    writable: dirs.writable,
    readable: dirs.readable,
    wallMs: 60_000,
  });
  process.stdin.end();
  process.stderr.resume();
  let output = "";
  for await (const chunk of process.stdout) output += String(chunk);
  return { code: (await process.exited).code, output };
}
