import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import type { Account } from "./account.ts";

/** How a program of PostgreSQL is started: as whom, with which libraries. Nothing of our environment is handed on. */
export interface Launching {
  readonly account: Account;
  readonly libraries: string;
  readonly cwd: string;
}

/**
 * Starts its arguments and stops them by SIGINT when its third descriptor, a pipe from us, closes: nothing that we
 * start outlives us, however we die. Ends with the program's own exit code.
 */
const GUARD = `exec 3<&0
"$@" </dev/null 3<&- &
program=$!
(cat >/dev/null; kill -INT $program) <&3 3<&- >/dev/null 2>&1 &
watcher=$!
exec 3<&- 0</dev/null
wait $program
code=$?
kill $watcher 2>/dev/null
wait $watcher 2>/dev/null
exit $code`;

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

/** Like `runProgram` for what takes long: the program is stopped when we die. */
export function runGuarded(argv: readonly string[], launching: Launching): Promise<Finished> {
  return finished(guard(argv, launching, ["pipe", "pipe", "pipe"]));
}

/** Starts a program under guard, in a session of its own: a Ctrl-C at our terminal does not reach it. */
export function guard(
  argv: readonly string[],
  launching: Launching,
  stdio: StdioOptions,
): ChildProcess {
  return spawn("sh", ["-c", GUARD, "guard", ...argv], {
    cwd: launching.cwd,
    env: environmentOf(launching),
    stdio,
    detached: true,
    ...launching.account.as,
  });
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
