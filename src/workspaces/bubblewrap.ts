import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { WorldError } from "../domain/failure.ts";
import type { Pipes } from "./pipes.ts";
import { type ProcessEntry, processEntry } from "./processes.ts";

/** A started bubblewrap: its own process, and the first process inside, whose end is everyone's end. */
export interface Bubblewrap {
  readonly child: ChildProcess;
  readonly init: ProcessEntry | undefined;
  /** What bubblewrap said the command's exit code was; undefined when the command did not start or was killed. */
  readonly commandCode: () => number | undefined;
}

export interface BubblewrapRequest {
  readonly binary: string;
  readonly options: readonly string[];
  readonly command: readonly string[];
  readonly filter: Buffer | undefined;
  readonly pipes: Pipes;
  readonly path: string;
  readonly cwd: string;
  /** Called with bubblewrap's process id before it has read its options, so before it has started anything. */
  readonly started: (pid: number) => Promise<void>;
}

const OPTIONS_FD = 3;
const STATUS_FD = 4;
const FILTER_FD = 5;

/**
 * Starts bubblewrap with an empty environment. Its options go in by a pipe, so that no list of processes shows them.
 * Resolves when the first process inside exists.
 */
export async function startBubblewrap(request: BubblewrapRequest): Promise<Bubblewrap> {
  const { binary, options, command, filter, pipes } = request;
  const seccomp = filter === undefined ? [] : ["--seccomp", String(FILTER_FD)];
  const status = ["--json-status-fd", String(STATUS_FD)];
  const argv = [...status, ...seccomp, "--args", String(OPTIONS_FD), "--", ...command];
  const nothing = openSync("/dev/null", "r");
  const child = spawn(binary, argv, {
    cwd: request.cwd,
    env: { PATH: request.path },
    stdio: [...pipes.childEnds, "pipe", "pipe", "pipe", ...covers(nothing)],
  });
  closeSync(nothing);
  const extra: readonly unknown[] = child.stdio;
  const state = readStatus(extra[STATUS_FD] as Readable);
  await once(child);
  try {
    if (child.pid !== undefined) await request.started(child.pid);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  feed(extra[OPTIONS_FD], options.map((option) => `${option}\0`).join(""));
  feed(extra[FILTER_FD], filter ?? "");
  const pid = await state.initPid;
  const init = pid === undefined ? undefined : await processEntry(pid);
  return { child, init, commandCode: state.commandCode };
}

function once(child: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once("spawn", resolve);
  child.once("error", (error) => {
    const remedy =
      "Install bubblewrap (the package is called bubblewrap) and make sure it is in PATH.";
    reject(new WorldError(`Start the jail: ${error.message}. ${remedy}`, "escalate", error));
  });
  return promise;
}

function feed(stream: unknown, content: string | Buffer): void {
  const writable = stream as Writable;
  writable.on("error", () => undefined);
  writable.end(content);
}

/** Bubblewrap writes one JSON document a line: first who the first process inside is, at the end its exit code. */
function readStatus(stream: Readable): {
  initPid: Promise<number | undefined>;
  commandCode: () => number | undefined;
} {
  const { promise: initPid, resolve } = Promise.withResolvers<number | undefined>();
  let text = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    text += chunk;
    const pid = /"child-pid":\s*(\d+)/.exec(text)?.[1];
    if (pid !== undefined) resolve(Number(pid));
  });
  stream.on("error", () => resolve(undefined));
  stream.on("close", () => resolve(undefined));
  function commandCode(): number | undefined {
    const code = /"exit-code":\s*(\d+)/.exec(text)?.[1];
    return code === undefined ? undefined : Number(code);
  }
  return { initPid, commandCode };
}

/**
 * Lays an empty file over every descriptor that our own process inherited without close-on-exec; they must not reach
 * the jail. Between them "ignore" leaves descriptors as they are, which is closed.
 */
function covers(nothing: number): (number | "ignore")[] {
  const inherited = new Set(inheritedDescriptors());
  const last = Math.max(FILTER_FD, ...inherited);
  return Array.from({ length: last - FILTER_FD }, (_, index) =>
    inherited.has(FILTER_FD + 1 + index) ? nothing : "ignore",
  );
}

function inheritedDescriptors(): number[] {
  const closeOnExec = 0o2000000;
  const found: number[] = [];
  for (const name of readdirSync("/proc/self/fd")) {
    try {
      const info = readFileSync(`/proc/self/fdinfo/${name}`, "utf8");
      const flags = Number.parseInt(/^flags:\s*(\d+)/m.exec(info)?.[1] ?? "0", 8);
      if ((flags & closeOnExec) === 0) found.push(Number(name));
    } catch {
      // The descriptor of the listing itself is gone by now.
    }
  }
  return found;
}
