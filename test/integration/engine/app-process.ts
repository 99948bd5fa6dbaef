import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PoolConfig } from "pg";

const APP = fileURLToPath(new URL("app.ts", import.meta.url));
const LIMIT_MS = 20_000;

export interface Ready {
  readonly ms: number;
  readonly adopted: boolean;
  readonly connection: PoolConfig & { host: string };
}

interface Told {
  readonly ready?: Ready;
  readonly refused?: string;
  readonly effect?: string;
  readonly id?: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** One process of the small app: its life, its effects, and commands to it. */
export class AppProcess {
  readonly child: ChildProcess;
  readonly ready: Promise<Ready>;
  readonly exited: Promise<void>;
  readonly #effects: string[] = [];
  readonly #looks = new Set<() => void>();
  readonly #replies = new Map<number, PromiseWithResolvers<unknown>>();
  #next = 1;

  constructor(
    options: { effects: string; dataDir?: string; connection?: PoolConfig; frozenAfterMs?: number },
    as?: { uid: number; gid: number },
  ) {
    this.child = spawn(process.execPath, [APP, JSON.stringify(options)], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      cwd: "/",
      ...as,
    });
    this.exited = new Promise((resolve) => {
      this.child.once("exit", () => {
        resolve();
      });
    });
    const ready = Promise.withResolvers<Ready>();
    this.ready = ready.promise;
    this.ready.catch(() => {});
    this.child.on("message", (told: Told) => {
      if (told.ready) ready.resolve(told.ready);
      if (told.refused) ready.reject(new Error(told.refused));
      this.#hear(told);
    });
    void this.exited.then(() => {
      ready.reject(new Error("The app ended before it was ready"));
      for (const reply of this.#replies.values()) reply.reject(new Error("The app ended"));
    });
  }

  call(call: string, ...args: string[]): Promise<unknown> {
    const id = this.#next++;
    const reply = Promise.withResolvers<unknown>();
    this.#replies.set(id, reply);
    this.child.send({ id, call, args }, (error) => {
      if (error) reply.reject(error);
    });
    return within(reply.promise, () => `${call} ${args.join(" ")}: no reply; ${this.#story()}`);
  }

  /** Resolves when this process has reported the effect. */
  async saw(effect: string): Promise<void> {
    const seen = Promise.withResolvers<void>();
    const effects = this.#effects;
    function look(): void {
      if (effects.includes(effect)) seen.resolve();
    }
    this.#looks.add(look);
    look();
    await within(seen.promise, () => `"${effect}" not seen; ${this.#story()}`);
    this.#looks.delete(look);
  }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    this.child.kill(signal);
    if (signal === "SIGKILL") await this.exited;
  }

  /** Ends the process as an operator would; gives what it had logged. */
  async stop(): Promise<string[]> {
    const logged = await this.call("stop");
    await within(this.exited, () => "the app does not end");
    return logged as string[];
  }

  #hear(told: Told): void {
    if (told.effect !== undefined) this.#effects.push(told.effect);
    for (const look of this.#looks) look();
    if (told.id === undefined) return;
    const reply = this.#replies.get(told.id);
    this.#replies.delete(told.id);
    if (told.error === undefined) reply?.resolve(told.value);
    else reply?.reject(new Error(told.error));
  }

  #story(): string {
    return `effects: ${this.#effects.join(" | ")}`;
  }
}

/** A folder for one test, which `owner` can write and everyone can enter. */
export function testFolder(owner?: { uid: number; gid: number }): string {
  const folder = mkdtempSync(join(tmpdir(), "engine-test-"));
  chmodSync(folder, 0o755);
  if (owner) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

/** Every effect of every process on the file, in order. */
export function effectsIn(file: string): string[] {
  return readFileSync(file, "utf8").split("\n").filter(Boolean);
}

/** Ids of the processes whose command line names `text`. */
export function processesNaming(text: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(text);
      } catch {
        return false;
      }
    })
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

/** Resolves when `look` is satisfied, which nothing announces. */
export async function until(look: () => boolean, what: () => string): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!look()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain: ${what()}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}

async function within<T>(promise: Promise<T>, complaint: () => string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new Error(complaint()));
  }, LIMIT_MS);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
