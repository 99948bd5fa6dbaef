import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { WorldError } from "../domain/failure.ts";
import { gitEnvironment, type Transport } from "./git-environment.ts";
import { gitFailure, gitTimeout } from "./git-errors.ts";

export interface GitSettings {
  /** Program to run; default `git`, found by `env.PATH`. */
  readonly binary?: string;
  /** PATH, proxies and certificates: what the operator's network needs, and nothing else. */
  readonly env: Readonly<Record<string, string>>;
  /** An empty folder that stands in for a home. */
  readonly home: string;
}

export interface GitCall {
  /** The subcommand and its arguments. Never passed through a shell. */
  readonly args: readonly string[];
  /** Always named: git never searches for a repository. */
  readonly gitDir?: string;
  readonly workTree?: string;
  readonly input?: string | Uint8Array;
  /** Exit codes that are answers and not failures; default only 0. */
  readonly okCodes?: readonly number[];
  /** Milliseconds for the whole command; default 120,000. */
  readonly timeoutMs?: number;
  /** Milliseconds without any output; default none. */
  readonly idleMs?: number;
  /** Bytes of standard output kept; default 64 MiB. More is a failure, or a cut with `truncate`. */
  readonly maxBytes?: number;
  readonly truncate?: boolean;
  readonly allow?: readonly Transport[];
  readonly config?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface GitOutput {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly truncated: boolean;
}

/** Git as the trusted side runs it: hermetic, bounded in time and output, failing with a `WorldError`. */
export interface Git {
  run(call: GitCall): Promise<GitOutput>;
  /** Standard output without its last line break. */
  text(call: GitCall): Promise<string>;
}

const DEFAULT_TIMEOUT_MS = 120_000;
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
const MAX_STDERR = 64 * 1024;

export function createGit(settings: GitSettings): Git {
  async function run(call: GitCall): Promise<GitOutput> {
    const outcome = await execute(settings, call);
    const name = call.args[0] ?? "";
    if (outcome.stopped === "output" && call.truncate !== true) {
      throw new WorldError(`git ${name} printed more than its limit of bytes`, "stop");
    }
    if (outcome.stopped === "time") {
      throw gitTimeout(name);
    }
    const truncated = outcome.stopped === "output";
    const okCodes = call.okCodes ?? [0];
    if (!truncated && (outcome.code === null || !okCodes.includes(outcome.code))) {
      throw gitFailure(name, outcome.stderr, outcome.code);
    }
    return {
      code: outcome.code ?? 0,
      stdout: outcome.stdout,
      stderr: outcome.stderr,
      truncated,
    };
  }
  async function text(call: GitCall): Promise<string> {
    return (await run(call)).stdout.toString("utf8").replace(/\n$/, "");
  }
  return { run, text };
}

interface Execution {
  code: number | null;
  stdout: Buffer;
  stderr: string;
  stopped: "output" | "time" | undefined;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

function start(settings: GitSettings, call: GitCall): Child {
  const where: string[] = [];
  if (call.gitDir !== undefined) where.push(`--git-dir=${call.gitDir}`);
  if (call.workTree !== undefined) where.push(`--work-tree=${call.workTree}`);
  return spawn(settings.binary ?? "git", ["--no-pager", ...where, ...call.args], {
    cwd: call.workTree ?? settings.home,
    env: {
      ...gitEnvironment({
        base: settings.env,
        home: settings.home,
        allow: call.allow,
        config: call.config,
      }),
      ...call.env,
    },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
}

function execute(settings: GitSettings, call: GitCall): Promise<Execution> {
  const { promise, resolve, reject } = Promise.withResolvers<Execution>();
  const child = start(settings, call);
  const maxBytes = call.maxBytes ?? DEFAULT_MAX_BYTES;
  const chunks: Buffer[] = [];
  let bytes = 0;
  let stderr = "";
  let stopped: Execution["stopped"];
  function stop(why: "output" | "time"): void {
    stopped ??= why;
    killGroup(child);
  }
  const wall = setTimeout(() => stop("time"), call.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const idle = call.idleMs === undefined ? undefined : setTimeout(() => stop("time"), call.idleMs);
  child.stdout.on("data", (chunk: Buffer) => {
    idle?.refresh();
    if (bytes < maxBytes) chunks.push(chunk.subarray(0, maxBytes - bytes));
    bytes += chunk.length;
    if (bytes > maxBytes) stop("output");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    idle?.refresh();
    stderr = (stderr + chunk.toString("utf8")).slice(-MAX_STDERR);
  });
  child.stdin.on("error", () => {
    // Git may end without reading its input; its exit code tells what that means.
  });
  child.on("error", (error) => {
    clearTimeout(wall);
    clearTimeout(idle);
    reject(
      new WorldError(`Start git: ${error.message}. Install git 2.38 or newer.`, "stop", error),
    );
  });
  child.on("close", (code) => {
    clearTimeout(wall);
    clearTimeout(idle);
    resolve({ code, stdout: Buffer.concat(chunks), stderr, stopped });
  });
  child.stdin.end(call.input ?? "");
  return promise;
}

function killGroup(child: Child): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}
