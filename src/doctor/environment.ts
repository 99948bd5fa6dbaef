import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openPool } from "../engine/database.ts";
import { startEmbeddedPostgres } from "../engine/postgres/embedded.ts";
import type { Logger } from "../ports/stores.ts";
import type { ReadSettings, Settings } from "../settings.ts";
import { createJail } from "../workspaces/jail.ts";
import { findToolchains } from "../workspaces/toolchains.ts";
import { checkGitHubApp } from "./github-app.ts";

export interface CheckOutcome {
  readonly name: string;
  readonly state: "ok" | "warning" | "error" | "skipped";
  readonly detail: string;
}

/** What the checks look at. `configured` is false while no setting of the app is given at all. */
export interface Environment {
  readonly path: string;
  readonly home: string;
  readonly configured: boolean;
  readonly read: ReadSettings;
  readonly fetch: typeof fetch;
}

type Check = (environment: Environment) => Promise<CheckOutcome>;

const CHECKS: readonly (readonly [name: string, check: Check])[] = [
  ["node", checkNode],
  ["git", checkGit],
  ["jail", checkJail],
  ["postgres", checkPostgres],
  ["settings", checkSettings],
  ["github app", checkApp],
];
const MIN_GIT = [2, 38] as const;

const run = promisify(execFile);

/** Runs every check of the environment; a check that throws has failed with that reason. */
export async function checkEnvironment(environment: Environment): Promise<CheckOutcome[]> {
  const outcomes: CheckOutcome[] = [];
  for (const [name, check] of CHECKS) {
    try {
      outcomes.push(await check(environment));
    } catch (error) {
      outcomes.push(failed(name, error instanceof Error ? error.message : String(error)));
    }
  }
  return outcomes;
}

function ok(name: string, detail: string): CheckOutcome {
  return { name, state: "ok", detail };
}

function failed(name: string, detail: string): CheckOutcome {
  return { name, state: "error", detail };
}

function checkNode(): Promise<CheckOutcome> {
  const major = Number(process.versions.node.split(".")[0]);
  const outcome =
    major >= 24
      ? ok("node", process.version)
      : failed("node", `${process.version}: run it by npm, which brings Node 24 along`);
  return Promise.resolve(outcome);
}

async function checkGit(environment: Environment): Promise<CheckOutcome> {
  const { stdout } = await run("git", ["--version"], { env: { PATH: environment.path } });
  return judgeGit(stdout.trim());
}

/** Judges what `git --version` says. */
export function judgeGit(said: string): CheckOutcome {
  const [, major = "0", minor = "0"] = /(\d+)\.(\d+)/.exec(said) ?? [];
  const enough =
    Number(major) > MIN_GIT[0] || (Number(major) === MIN_GIT[0] && Number(minor) >= MIN_GIT[1]);
  return enough
    ? ok("git", said)
    : failed("git", `${said || "no version"}: git ${MIN_GIT.join(".")} or later is needed`);
}

async function checkJail(environment: Environment): Promise<CheckOutcome> {
  return await withFolder(async (dataDir) => {
    const { path, home } = environment;
    const toolchains = await findToolchains({ path, home });
    const jail = await createJail({ dataDir, toolchains, path });
    const verdict = await jail.selfTest();
    return verdict.ok
      ? ok("jail", "bubblewrap holds: no network, no host files, processes of its own")
      : failed("jail", verdict.reason);
  });
}

async function checkPostgres(environment: Environment): Promise<CheckOutcome> {
  const url = "settings" in environment.read ? environment.read.settings.databaseUrl : undefined;
  if (url) return await askPostgres({ connectionString: url.reveal() }, "DATABASE_URL");
  return await withFolder(async (dataDir) => {
    const server = await startEmbeddedPostgres({ dataDir, log: silent });
    try {
      return await askPostgres(server.connection, "embedded");
    } finally {
      await server.stop();
    }
  });
}

async function askPostgres(
  connection: Parameters<typeof openPool>[0],
  which: string,
): Promise<CheckOutcome> {
  const pool = openPool({ ...connection, max: 1 }, silent);
  try {
    const { rows } = await pool.query<{ server_version: string }>("show server_version");
    const version = rows[0]?.server_version ?? "unknown version";
    return ok("postgres", `PostgreSQL ${version} (${which}) answers`);
  } finally {
    await pool.end();
  }
}

function checkSettings(environment: Environment): Promise<CheckOutcome> {
  const { read, configured } = environment;
  if ("settings" in read) return Promise.resolve(ok("settings", "complete"));
  if (!configured)
    return Promise.resolve({
      name: "settings",
      state: "skipped",
      detail: "nothing is set; the demo needs nothing, the app needs what .env.example lists",
    });
  return Promise.resolve(failed("settings", read.problems.join(" ")));
}

async function checkApp(environment: Environment): Promise<CheckOutcome> {
  const settings: Settings | undefined =
    "settings" in environment.read ? environment.read.settings : undefined;
  if (!settings) return { name: "github app", state: "skipped", detail: "no app is configured" };
  return await checkGitHubApp(settings, environment.fetch);
}

/** A folder that an unprivileged user may pass through, removed afterwards. */
async function withFolder<T>(use: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), "orchestrator-doctor-"));
  try {
    await chmod(dir, 0o755);
    return await use(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function nothing(): void {}
const silent: Logger = { info: nothing, warn: nothing, error: nothing };
