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
  /** The cache with these modules, made where it is missing; undefined when it cannot be made. */
  holding(modules: GoModules, egress: ModuleEgress): Promise<string | undefined>;
}

export function createModuleCaches(
  jail: Jail,
  dataDir: string,
  standard: StandardCache,
): ModuleCaches {
  const hopeless = new Set<string>();
  async function make(cache: string, modules: GoModules, egress: ModuleEgress): Promise<boolean> {
    const making = `${cache}.making`;
    await removeTree(making);
    await copyCache(standard.path, making);
    await giveTo(making, jail.owner);
    if (!(await compileModules({ jail, dataDir, cache: making }, modules, egress))) {
      await removeTree(making);
      return false;
    }
    await run("mv", ["--", making, cache], { env: SYSTEM_ENV });
    return true;
  }
  return {
    async holding(modules, egress) {
      const name = `${standard.name}-${shortDigest(JSON.stringify(modules))}`;
      if (hopeless.has(name)) return undefined;
      const seeds = await ownDirectory(dataDir, "seeds");
      const cache = join(seeds, name);
      const isThere = (await look(cache)) !== undefined || (await make(cache, modules, egress));
      if (!isThere) {
        hopeless.add(name);
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
