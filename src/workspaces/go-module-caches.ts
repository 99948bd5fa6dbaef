import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Jail } from "../ports/jail.ts";
import { compileModules, type ModuleEgress } from "./go-compile.ts";
import type { GoModules } from "./go-needs.ts";
import { giveTo, look, ownDirectory, removeTree } from "./own-directory.ts";

const run = promisify(execFile);
const SYSTEM_ENV = { PATH: "/usr/bin:/bin" };
/** Sets of modules that are kept compiled; the one that was not used for longest goes first. */
const KEPT_SETS = 4;

/** The build cache of the standard library that the caches with modules begin from. */
export interface StandardCache {
  /** Names the toolchain; part of the names of its caches. */
  readonly name: string;
  readonly path: string;
}

/** Build caches that hold the standard library and one set of modules each. */
export interface ModuleCaches {
  /** The cache with these modules, made where it is missing; undefined when it cannot be made now. */
  holding(
    modules: GoModules,
    egress: ModuleEgress,
    signal?: AbortSignal,
  ): Promise<string | undefined>;
}

const TRIED_AGAIN_MS = 10 * 60_000;

/** What could not be made is left alone for a while: a registry comes back, a full disk is cleared. */
export class Failures {
  readonly #now: () => number;
  readonly #until = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  note(name: string): void {
    this.#until.set(name, this.#now() + TRIED_AGAIN_MS);
  }

  isFresh(name: string): boolean {
    return (this.#until.get(name) ?? 0) > this.#now();
  }
}

export function createModuleCaches(
  parts: { readonly jail: Jail; readonly dataDir: string; readonly failures: Failures },
  standard: StandardCache,
): ModuleCaches {
  const { jail, dataDir, failures } = parts;
  async function make(
    cache: string,
    modules: GoModules,
    how: { egress: ModuleEgress; signal: AbortSignal | undefined },
  ): Promise<boolean> {
    const { egress, signal } = how;
    const making = `${cache}.making`;
    await removeTree(making);
    await copyCache(standard.path, making);
    await giveTo(making, jail.owner);
    let made = false;
    try {
      made = await compileModules({ jail, dataDir, cache: making, signal }, modules, egress);
    } finally {
      if (!made) await removeTree(making);
    }
    if (!made) return false;
    await run("mv", ["--", making, cache], { env: SYSTEM_ENV });
    return true;
  }
  return {
    async holding(modules, egress, signal) {
      const name = `${standard.name}-${shortDigest(JSON.stringify(modules))}`;
      if (failures.isFresh(name)) return undefined;
      const seeds = await ownDirectory(dataDir, "seeds");
      const cache = join(seeds, name);
      const how = { egress, signal };
      const isThere = (await look(cache)) !== undefined || (await make(cache, modules, how));
      if (!isThere) {
        failures.note(name);
        return undefined;
      }
      await utimes(cache, new Date(), new Date());
      await prune(seeds);
      return cache;
    },
  };
}

/** Copies a build cache to a place where nothing is yet. */
export async function copyCache(from: string, to: string): Promise<void> {
  await run("cp", ["-R", "--reflink=auto", "--", from, to], { env: SYSTEM_ENV });
}

export function shortDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

async function prune(seeds: string): Promise<void> {
  const sets = (await readdir(seeds)).filter((name) => /^go-[0-9a-f]+-[0-9a-f]+$/.test(name));
  const used = await Promise.all(
    sets.map(async (name) => ({ name, at: (await stat(join(seeds, name))).mtimeMs })),
  );
  const old = used.toSorted((one, other) => other.at - one.at).slice(KEPT_SETS);
  for (const { name } of old) await removeTree(join(seeds, name));
}
