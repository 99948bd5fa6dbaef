import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Jail, JailExit, JailedProcess } from "../../../src/ports/jail.ts";
import { createPlainProcess } from "../../../src/workspaces/plain-process.ts";
import { makeJail } from "./jail-child.ts";
import { PATH, temporaryDirectory } from "./world.ts";

interface Run extends JailExit {
  readonly output: string;
}

interface Ask {
  readonly writable?: readonly string[];
  readonly readable?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly socket?: string;
  readonly wallMs?: number;
}

export async function spawnIn(jail: Jail, script: string, ask: Ask = {}): Promise<JailedProcess> {
  return await jail.spawn({
    argv: ["sh", "-c", `exec 2>&1; ${script}`],
    cwd: "/tmp",
    env: ask.env ?? {},
    writable: ask.writable ?? [],
    readable: ask.readable ?? [],
    wallMs: ask.wallMs ?? 30_000,
    ...(ask.socket === undefined ? {} : { socket: ask.socket }),
  });
}

export async function runIn(jail: Jail, script: string, ask: Ask = {}): Promise<Run> {
  const process = await spawnIn(jail, script, ask);
  process.stdin.end();
  process.stderr.resume();
  let output = "";
  for await (const chunk of process.stdout) output += String(chunk);
  return { ...(await process.exited), output };
}

export async function lineOf(process: JailedProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  process.stdout.once("data", (chunk: unknown) => resolve(String(chunk)));
  process.stdout.once("end", () => resolve(""));
  return await promise;
}

/** Processes of this machine whose command line, its arguments joined by blanks, holds `words`. */
export function processesWith(words: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").includes(words);
      } catch {
        return false;
      }
    });
}

/** Seconds that only this test sleeps for, to find its processes again. */
export function uniqueSeconds(): string {
  return `86${process.pid}.${Math.floor(performance.now())}`;
}

export async function worldOfJail(): Promise<{ jail: Jail; dir: string; dataDir: string }> {
  const root = temporaryDirectory("jail");
  const dataDir = join(root, "data");
  const dir = join(root, "mine");
  mkdirSync(dir);
  return { jail: await makeJail(dataDir), dir, dataDir };
}

/** The same without a jail: what an attack does when nothing stops it. */
export function plainProcesses(): Jail {
  const dataDir = temporaryDirectory("plain");
  const toolchains = { readable: [], path: PATH.split(":"), env: {} };
  return createPlainProcess({ onlyFor: "the scripted model of the demo", dataDir, toolchains });
}
