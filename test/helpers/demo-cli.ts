import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Script } from "../../src/playground/scripted-model/script.ts";
import { startScriptedModel } from "../../src/playground/scripted-model/server.ts";
import { processesOf } from "./stage-processes.ts";

const DEMO = fileURLToPath(new URL("../../src/cli/demo.ts", import.meta.url));
const run = promisify(execFile);

/** The summary that `--json` prints last, as far as tests look at it. */
export interface Summary {
  readonly run: string;
  readonly state: string;
  readonly pull_request: number | null;
  readonly pull_request_draft: boolean | null;
  readonly run_branch: string;
  readonly head_sha: string;
  readonly branches: readonly string[];
  readonly dispatches: readonly string[];
  readonly report: unknown;
  readonly evidence: readonly {
    readonly purpose: string;
    readonly kind: string;
    readonly command: string;
    readonly cwd: string;
    readonly exitCode: number;
    readonly sha: string;
    readonly source: string;
  }[];
  readonly github_requests: { readonly total: number; readonly contentCreating: number } | null;
  readonly blocked: string | null;
}

export interface Shown {
  readonly code: number | null;
  readonly stdout: string;
  readonly progress: string;
  readonly summary: Summary;
  /** The repository that the local GitHub held, as it was left. */
  readonly bare: string;
  /** What was left in the folder for temporary files. */
  readonly temporary: readonly string[];
  /** Names of the models that were asked for. */
  readonly models: ReadonlySet<string>;
}

/** A folder of its own for one test file. */
export async function openFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "shown-"));
  // The database and the jailed agents run as users of their own below it.
  await chmod(path, 0o711);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** A git repository on disk with one commit of these files. */
export async function repositoryAt(
  path: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  await git(path, "init", "--quiet", "--initial-branch=trunk");
  await git(path, "add", ".");
  await git(path, "commit", "--quiet", "--message=Begin");
}

/** Runs git without anybody's configuration; gives what it printed. */
export async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run("git", [...args], {
    cwd,
    env: {
      PATH: process.env["PATH"],
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: "Owner",
      GIT_AUTHOR_EMAIL: "owner@example.test",
      GIT_COMMITTER_NAME: "Owner",
      GIT_COMMITTER_EMAIL: "owner@example.test",
    },
  });
  return stdout.trim();
}

/** One digest over the names and contents of everything below `path`, its `.git` included. */
export async function digestOf(path: string): Promise<string> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const names = files.map((entry) => join(entry.parentPath, entry.name)).toSorted(compare);
  const hash = createHash("sha256");
  for (const name of names) hash.update(`${name}\0`).update(await readFile(name));
  return hash.digest("hex");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}

/** Collects what a stream says; kills the demo's app, once, when it says `killAt`. */
async function listen(stream: Readable, data: string, killAt: RegExp | undefined): Promise<string> {
  const lines: string[] = [];
  let wanted = killAt;
  for await (const line of createInterface(stream)) {
    lines.push(line);
    if (wanted?.test(line) !== true) continue;
    wanted = undefined;
    const app = processesOf(data).find(({ command }) => command.includes("demo-app.ts"));
    if (app === undefined) throw new Error(`There is no app to kill.\n${lines.join("\n")}`);
    process.kill(app.pid, "SIGKILL");
  }
  return lines.join("\n");
}

/**
 * `npm run demo -- --once --json --repo PATH --task TEXT` with a model that follows `script` and is reached as any
 * OpenAI-compatible server is: by base URL.
 */
export async function showRepository(
  folder: string,
  shown: {
    repo: string;
    task: string;
    script: Script;
    /** Called once, when the first line of progress matches: kills the app, as a crash would. */
    killAt?: RegExp;
  },
): Promise<Shown> {
  const model = await startScriptedModel({ script: shown.script });
  const data = await mkdtemp(join(folder, "data-"));
  await chmod(data, 0o711);
  const temporary = await mkdtemp(join(folder, "tmp-"));
  await chmod(temporary, 0o711);
  const { repo, task } = shown;
  const args = [DEMO, "--once", "--json", "--repo", repo, "--task", task, "--data", data];
  try {
    const child = spawn(process.execPath, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env["PATH"],
        HOME: process.env["HOME"],
        TMPDIR: temporary,
        MODEL_PROVIDER: "openai-compatible",
        MODEL_BASE_URL: `${model.url}/v1`,
        MODEL_MEDIUM: "local-model",
      },
    });
    const code = new Promise<number | null>((resolve) => child.once("exit", resolve));
    const [stdout, progress] = await Promise.all([
      text(child.stdout),
      listen(child.stderr, data, shown.killAt),
    ]);
    if (stdout === "") throw new Error(`The demo printed nothing.\n${progress}`);
    const repositories = join(data, "github", "repositories");
    const [bare = ""] = await readdir(repositories);
    return {
      code: await code,
      stdout,
      progress,
      summary: JSON.parse(stdout) as Summary,
      bare: join(repositories, bare),
      temporary: await readdir(temporary),
      models: new Set(model.journal().map((entry) => entry.model)),
    };
  } finally {
    await model.close();
  }
}
