import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { WorldError } from "../domain/failure.ts";
import type { Jail, JailedProcess, JailSpec } from "../ports/jail.ts";
import { ownDirectory } from "./own-directory.ts";
import { openPipes } from "./pipes.ts";
import { allProcesses } from "./processes.ts";
import type { Toolchains } from "./toolchains.ts";

export interface PlainProcessSettings {
  /** Says aloud for what this is: code of our own that needs no jail. Nothing else may run by it. */
  readonly onlyFor: "the scripted model of the demo";
  readonly dataDir: string;
  /** Its folders are the PATH, as in the jail. */
  readonly toolchains: Toolchains;
}

const MARK = "ORCHESTRATOR_PROCESS";
const GONE_WITHIN_MS = 10_000;
/** One empty look proves nothing: what forks between the listing and the reading, and what just execs, is in neither. */
const EMPTY_LOOKS = 3;

/**
 * Runs commands without any jail, for the demo on a machine without bubblewrap. Its self-test always fails, so that
 * nothing that insists on a jail can be started with it.
 */
export function createPlainProcess(settings: PlainProcessSettings): Jail {
  return {
    selfTest: async () => ({
      ok: false,
      reason: `This is no jail; it serves ${settings.onlyFor} alone.`,
    }),
    spawn: (spec) => start(settings, spec),
  };
}

async function start(settings: PlainProcessSettings, spec: JailSpec): Promise<JailedProcess> {
  const [program = "", ...args] = spec.argv;
  const mark = randomUUID();
  const path = { PATH: settings.toolchains.path.join(":") };
  const pipes = await openPipes(await ownDirectory(settings.dataDir, "jail"), path, undefined);
  const child = spawn(program, args, {
    cwd: spec.cwd,
    env: { ...path, HOME: spec.cwd, LANG: "C.UTF-8", TERM: "dumb", ...spec.env, [MARK]: mark },
    stdio: [...pipes.childEnds],
    detached: true,
  });
  pipes.closeChildEnds();
  try {
    await started(child, program);
  } catch (error) {
    for (const stream of [pipes.stdin, pipes.stdout, pipes.stderr]) stream.destroy();
    throw error;
  }
  const { stdin, stdout, stderr } = pipes;
  return { stdin, stdout, stderr, ...control(child, mark, spec.wallMs) };
}

function control(
  child: ChildProcess,
  mark: string,
  wallMs: number,
): Pick<JailedProcess, "exited" | "kill"> {
  let timedOut = false;
  const wall = setTimeout(() => {
    timedOut = true;
    void kill();
  }, wallMs);
  const { promise, resolve } = Promise.withResolvers<number | null>();
  if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
  child.once("exit", (code) => resolve(code));
  const exited = promise.then(async (code) => {
    clearTimeout(wall);
    await killAll(mark);
    return { code, signal: child.signalCode, timedOut };
  });
  exited.catch(() => undefined);
  async function kill(): Promise<void> {
    child.kill("SIGKILL");
    await killAll(mark);
    await exited;
  }
  return { exited, kill };
}

/** Kills whoever carries the mark in its environment, also what left its group, session and parent, until none does. */
async function killAll(mark: string): Promise<void> {
  const until = performance.now() + GONE_WITHIN_MS;
  let empty = 0;
  for (;;) {
    const marked = await markedProcesses(mark);
    empty = marked.length === 0 ? empty + 1 : 0;
    if (empty === EMPTY_LOOKS) return;
    for (const pid of marked) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended by itself in this moment.
      }
    }
    if (marked.length > 0 && performance.now() > until) {
      throw new WorldError(`End processes ${marked.join(", ")}: they do not die`, "escalate");
    }
    await delay(10);
  }
}

async function markedProcesses(mark: string): Promise<number[]> {
  const wanted = `${MARK}=${mark}`;
  const alive = (await allProcesses()).filter(
    ({ state, pid }) => state !== "Z" && pid !== process.pid,
  );
  const found = await Promise.all(
    alive.map(async ({ pid }) => {
      const environ = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
      return environ.split("\0").includes(wanted) ? pid : undefined;
    }),
  );
  return found.filter((pid) => pid !== undefined);
}

function started(child: ChildProcess, program: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once("spawn", resolve);
  child.once("error", (error) => {
    reject(new WorldError(`Start ${program}: ${error.message}`, "stop", error));
  });
  return promise;
}
