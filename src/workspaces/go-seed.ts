import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Jail } from "../ports/jail.ts";
import { compileModules, compileStandard, type ModuleEgress, outputOf } from "./go-compile.ts";
import type { GoModules, GoNeeds } from "./go-needs.ts";
import { createKeyedLock } from "./keyed-lock.ts";
import { giveTo, look, ownDirectory, removeTree } from "./own-directory.ts";

const run = promisify(execFile);

/**
 * Go build caches that hold packages of the standard library and, one cache for each set of modules, of the modules
 * that a repository depends on; nothing else. Every fresh checkout would otherwise compile them again, which takes most
 * of a minute for a web service; and a cache that earlier commits of a run wrote could lie about what was compiled.
 */
export interface GoSeed {
  /**
   * Lays a copy at `target`, which does not exist yet, after compiling what is missing of `needs`. Without Go it does
   * nothing; without `egress`, or when the modules cannot be had, the copy holds the standard library alone.
   */
  plant(target: string, needs: GoNeeds, egress: ModuleEgress | undefined): Promise<void>;
  /** Lays a copy of what has been compiled of the standard library by now, if anything. */
  plantIfReady(target: string): Promise<void>;
}

const ALWAYS = ["fmt", "os", "testing"];
const SYSTEM_ENV = { PATH: "/usr/bin:/bin" };
/** Sets of modules that are kept compiled; the one that was not used for longest goes first. */
const KEPT_SETS = 4;

interface Toolchain {
  readonly name: string;
  readonly standard: ReadonlySet<string>;
  readonly cache: string;
}

export function createGoSeed(jail: Jail, dataDir: string): GoSeed {
  const lock = createKeyedLock();
  const covered = new Set<string>();
  const hopeless = new Set<string>();
  let toolchain: Promise<Toolchain | undefined> | undefined;

  async function grow(go: Toolchain, imports: readonly string[]): Promise<void> {
    const wanted = [...ALWAYS, ...imports].filter((path) => go.standard.has(path));
    if (wanted.every((path) => covered.has(path))) return;
    const packages = [...new Set([...covered, ...wanted])].sort();
    if (await compileStandard({ jail, dataDir, cache: go.cache }, packages)) {
      for (const path of packages) covered.add(path);
    }
  }
  /** The cache with these modules, made where it is missing; undefined when it cannot be made. */
  async function withModules(
    go: Toolchain,
    modules: GoModules,
    egress: ModuleEgress,
  ): Promise<string | undefined> {
    const name = `${go.name}-${digestOf(JSON.stringify(modules))}`;
    if (hopeless.has(name)) return undefined;
    const seeds = await ownDirectory(dataDir, "seeds");
    const cache = join(seeds, name);
    if ((await look(cache)) === undefined) {
      const making = join(seeds, `making-${name}`);
      await removeTree(making);
      await copy(go.cache, making);
      await giveTo(making, jail.owner);
      if (!(await compileModules({ jail, dataDir, cache: making }, modules, egress))) {
        hopeless.add(name);
        await removeTree(making);
        return undefined;
      }
      await run("mv", ["--", making, cache], { env: SYSTEM_ENV });
    }
    await utimes(cache, new Date(), new Date());
    await prune(seeds);
    return cache;
  }
  async function copyTo(target: string, cache?: string): Promise<void> {
    const go = await toolchain;
    if (go === undefined || covered.size === 0 || (await look(target)) !== undefined) return;
    await copy(cache ?? go.cache, target);
    await giveTo(target, jail.owner);
  }
  return {
    plant: (target, needs, egress) =>
      lock.hold("seed", async () => {
        toolchain ??= findToolchain(jail, dataDir);
        const go = await toolchain;
        if (go !== undefined) await grow(go, needs.standard);
        const possible = go && needs.modules && egress && jail.ownTemporary;
        const cache = possible ? await withModules(go, needs.modules, egress) : undefined;
        await copyTo(target, cache);
      }),
    plantIfReady: async (target) => {
      if (covered.size > 0) await lock.hold("seed", () => copyTo(target));
    },
  };
}

async function copy(from: string, to: string): Promise<void> {
  await run("cp", ["-R", "--reflink=auto", "--", from, to], { env: SYSTEM_ENV });
}

async function prune(seeds: string): Promise<void> {
  const sets = (await readdir(seeds)).filter((name) => /^go-[0-9a-f]+-[0-9a-f]+$/.test(name));
  const used = await Promise.all(
    sets.map(async (name) => ({ name, at: (await stat(join(seeds, name))).mtimeMs })),
  );
  const old = used.toSorted((one, other) => other.at - one.at).slice(KEPT_SETS);
  for (const { name } of old) await removeTree(join(seeds, name));
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

async function findToolchain(jail: Jail, dataDir: string): Promise<Toolchain | undefined> {
  const script = "go version && go list std";
  const place = { cwd: "/tmp", readable: [], writable: [], env: {} };
  const said = await outputOf(jail, { argv: ["sh", "-c", script], ...place });
  if (said === undefined) return undefined;
  const [version = "", ...packages] = said.split("\n");
  const name = `go-${digestOf(version)}`;
  const cache = await ownDirectory(dataDir, "seeds", name);
  await giveTo(cache, jail.owner);
  const open = packages.filter((path) => !/(^|\/)(internal|vendor)\//.test(path) && path !== "");
  return { name, standard: new Set(open), cache };
}
