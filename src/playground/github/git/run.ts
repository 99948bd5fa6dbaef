import { type ChildProcess, spawn } from "node:child_process";
import { text as readText } from "node:stream/consumers";

export interface GitHost {
  /** PATH on which git is looked for. */
  readonly path: string;
  readonly home: string;
  /** Answers that never change, see `askedOnce`. */
  readonly answers: Map<string, GitResult>;
}

/** Answers kept per hub; a pull request's webhook asks the same dozen questions again and again. */
const MAX_ANSWERS = 2_000;
const MAX_ANSWER_BYTES = 256 * 1024;

export interface GitResult {
  code: number;
  stdout: Buffer;
  stderr: string;
}

export interface GitOptions {
  /** Written to git's standard input. */
  input?: string | Buffer;
  env?: Readonly<Record<string, string>>;
}

class GitFailed extends Error {
  readonly code: number;
  readonly stderr: string;
  constructor(args: readonly string[], result: GitResult) {
    super(`Run git ${args.join(" ")}: exit ${result.code}: ${result.stderr.trim()}`);
    this.code = result.code;
    this.stderr = result.stderr;
  }
}

/** Only what git needs: neither the machine's configuration nor the caller's GIT_* variables reach it. */
export function gitEnvironment(host: GitHost): Record<string, string> {
  return {
    PATH: host.path,
    HOME: host.home,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
  };
}

/** One bare repository and how to run git on it. */
export class Git {
  readonly host: GitHost;
  readonly dir: string;

  constructor(host: GitHost, dir: string) {
    this.host = host;
    this.dir = dir;
  }

  /** Runs git to its end, whatever its exit code. */
  async run(args: readonly string[], options: GitOptions = {}): Promise<GitResult> {
    if (!askedOnce(args)) return this.#spawn(args, options);
    const { answers } = this.host;
    const key = [this.dir, ...args].join("\0");
    const known = answers.get(key);
    if (known !== undefined) return known;
    const result = await this.#spawn(args, options);
    // Failures are not kept: an object that is missing now may come with the next push.
    if (result.code <= 1 && result.stdout.length <= MAX_ANSWER_BYTES) {
      if (answers.size >= MAX_ANSWERS) answers.clear();
      answers.set(key, result);
    }
    return result;
  }

  async #spawn(args: readonly string[], options: GitOptions): Promise<GitResult> {
    const child = spawn("git", ["--git-dir", this.dir, ...args], {
      env: { ...gitEnvironment(this.host), ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    // git may exit without reading its input.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
    const [stdout, stderr, code] = await Promise.all([
      collect(child.stdout),
      readText(child.stderr),
      exitCode(child),
    ]);
    return { code, stdout, stderr };
  }

  /** Standard output of a git that must succeed. */
  async bytes(args: readonly string[], options?: GitOptions): Promise<Buffer> {
    const result = await this.run(args, options);
    if (result.code !== 0) throw new GitFailed(args, result);
    return result.stdout;
  }

  /** Standard output without its last newline, of a git that must succeed. */
  async text(args: readonly string[], options?: GitOptions): Promise<string> {
    return (await this.bytes(args, options)).toString("utf8").replace(/\n$/, "");
  }

  async succeeds(args: readonly string[], options?: GitOptions): Promise<boolean> {
    return (await this.run(args, options)).code === 0;
  }
}

const ABOUT_OBJECTS = new Set([
  "cat-file",
  "diff-tree",
  "log",
  "merge-base",
  "merge-tree",
  "rev-list",
]);
const FULL_SHAS = /^\^?[0-9a-f]{40}(\.{2,3}[0-9a-f]{40})?(\^\{commit\})?$/;

/** Whether a command asks only about objects named by their full shas: its answer never changes. */
function askedOnce(args: readonly string[]): boolean {
  const [command = "", ...rest] = args;
  if (!ABOUT_OBJECTS.has(command) || rest.includes("--all")) return false;
  const paths = rest.indexOf("--");
  const names = (paths === -1 ? rest : rest.slice(0, paths)).filter((a) => !a.startsWith("-"));
  return names.filter((a) => !["blob", "tag"].includes(a)).every((a) => FULL_SHAS.test(a));
}

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** Resolves with the exit code (128 + 9 when killed); rejects when the program cannot be started. */
export function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 137));
  });
}
