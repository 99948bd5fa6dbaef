import { type ChildProcess, spawn } from "node:child_process";
import { text as readText } from "node:stream/consumers";

export interface GitHost {
  /** PATH on which git is looked for. */
  readonly path: string;
  readonly home: string;
}

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

export class GitFailed extends Error {
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
