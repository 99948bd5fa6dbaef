import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";

export interface GitRun {
  code: number;
  out: string;
  err: string;
}

export type GitClient = (cwd: string, ...args: string[]) => Promise<GitRun>;

/** git with nothing of this machine's or this person's configuration. */
export async function gitClient(dir: string): Promise<GitClient> {
  const home = join(dir, "home");
  await mkdir(home, { recursive: true });
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_AUTHOR_NAME: "Tess",
    GIT_AUTHOR_EMAIL: "tess@example.org",
    GIT_COMMITTER_NAME: "Tess",
    GIT_COMMITTER_EMAIL: "tess@example.org",
    LC_ALL: "C",
  };
  return async function git(cwd, ...args) {
    const child = spawn("git", args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const code = new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (exit) => resolve(exit ?? 137));
    });
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await code, out: out.trim(), err };
  };
}

/** The address of a repository with a token in it, as an app uses it. */
export function withToken(url: string, repo: string, token: string): string {
  return `${url.replace("http://", `http://x-access-token:${token}@`)}/${repo}.git`;
}
