import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { exitCode, type GitHost, gitEnvironment } from "./run.ts";

/** The oldest git with `merge-tree --write-tree`. */
const OLDEST = [2, 38] as const;

/** Rejects with one sentence when git is not on the path or older than the hub needs. */
export async function checkGit(host: GitHost): Promise<void> {
  const child = spawn("git", ["--version"], {
    env: gitEnvironment(host),
    stdio: ["ignore", "pipe", "ignore"],
  });
  const output = text(child.stdout);
  try {
    await exitCode(child);
  } catch (error) {
    throw new Error(`Find git: it is not on the path; install git ${OLDEST.join(".")} or newer.`, {
      cause: error,
    });
  }
  const version = /(\d+)\.(\d+)[\d.]*/.exec(await output);
  const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new Error(
    `Use git ${version?.[0] ?? "(unknown)"}: too old, install git ${OLDEST.join(".")} or newer.`,
  );
}
