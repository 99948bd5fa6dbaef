import type { Jail } from "../ports/jail.ts";
import { compileStandard, type ModuleEgress, outputOf } from "./go-compile.ts";
import {
  copyCache,
  createModuleCaches,
  type ModuleCaches,
  type StandardCache,
  shortDigest,
} from "./go-module-caches.ts";
import type { GoNeeds } from "./go-needs.ts";
import { createKeyedLock } from "./keyed-lock.ts";
import { giveTo, look, ownDirectory } from "./own-directory.ts";

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

interface Toolchain {
  /** The standard library's packages. */
  readonly packages: ReadonlySet<string>;
  readonly cache: StandardCache;
  readonly modules: ModuleCaches;
}

export function createGoSeed(jail: Jail, dataDir: string): GoSeed {
  const lock = createKeyedLock();
  const covered = new Set<string>();
  let toolchain: Promise<Toolchain | undefined> | undefined;

  async function grow(go: Toolchain, imports: readonly string[]): Promise<void> {
    const wanted = [...ALWAYS, ...imports].filter((path) => go.packages.has(path));
    if (wanted.every((path) => covered.has(path))) return;
    const packages = [...new Set([...covered, ...wanted])].sort();
    if (await compileStandard({ jail, dataDir, cache: go.cache.path }, packages)) {
      for (const path of packages) covered.add(path);
    }
  }
  async function copyTo(target: string, cache?: string): Promise<void> {
    const go = await toolchain;
    if (go === undefined || covered.size === 0 || (await look(target)) !== undefined) return;
    await copyCache(cache ?? go.cache.path, target);
    await giveTo(target, jail.owner);
  }
  return {
    plant: (target, { standard, modules }, egress) =>
      lock.hold("seed", async () => {
        toolchain ??= findToolchain(jail, dataDir);
        const go = await toolchain;
        if (go === undefined) return;
        await grow(go, standard);
        const possible = modules && egress && jail.ownTemporary;
        await copyTo(target, possible ? await go.modules.holding(modules, egress) : undefined);
      }),
    plantIfReady: async (target) => {
      if (covered.size > 0) await lock.hold("seed", () => copyTo(target));
    },
  };
}

async function findToolchain(jail: Jail, dataDir: string): Promise<Toolchain | undefined> {
  const script = "go version && go list std";
  const place = { cwd: "/tmp", readable: [], writable: [], env: {} };
  const said = await outputOf(jail, { argv: ["sh", "-c", script], ...place });
  if (said === undefined) return undefined;
  const [version = "", ...packages] = said.split("\n");
  const name = `go-${shortDigest(version)}`;
  const cache = { name, path: await ownDirectory(dataDir, "seeds", name) };
  await giveTo(cache.path, jail.owner);
  const open = packages.filter((path) => !/(^|\/)(internal|vendor)\//.test(path) && path !== "");
  return {
    packages: new Set(open),
    cache,
    modules: createModuleCaches(jail, dataDir, cache),
  };
}
