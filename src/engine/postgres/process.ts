import { type ChildProcess, spawn } from "node:child_process";
import type { Account } from "./account.ts";

/** How a program of PostgreSQL is started: as whom, with which libraries. Nothing of our environment is handed on. */
export interface Launching {
  readonly account: Account;
  readonly libraries: string;
  readonly cwd: string;
}

export interface Finished {
  readonly code: number | null;
  readonly output: string;
}

export function environmentOf(launching: Launching): NodeJS.ProcessEnv {
  return {
    LD_LIBRARY_PATH: launching.libraries,
    PATH: "/usr/local/bin:/usr/bin:/bin",
    LC_ALL: "C",
    TZ: "UTC",
  };
}

/** Runs a program to its end and keeps what it printed. Rejects only when it cannot be started. */
export function runProgram(
  argv: readonly [string, ...string[]],
  launching: Launching,
): Promise<Finished> {
  const [command, ...args] = argv;
  const child = spawn(command, args, {
    cwd: launching.cwd,
    env: environmentOf(launching),
    stdio: ["ignore", "pipe", "pipe"],
    ...launching.account.as,
  });
  return finished(child);
}

function finished(child: ChildProcess): Promise<Finished> {
  const parts: Buffer[] = [];
  child.stdout?.on("data", (part: Buffer) => parts.push(part));
  child.stderr?.on("data", (part: Buffer) => parts.push(part));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, output: Buffer.concat(parts).toString("utf8") });
    });
  });
}

/** True while a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
