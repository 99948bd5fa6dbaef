import type { Jail } from "../ports/jail.ts";
import { compileStandard, type ModuleEgress, outputOf } from "./go-compile.ts";
import {
  copyCache,
  createModuleCaches,
  Failures,
  type ModuleCaches,
  type StandardCache,
  shortDigest,
} from "./go-module-caches.ts";
import type { GoNeeds } from "./go-needs.ts";
import { createKeyedLock, type KeyedLock } from "./keyed-lock.ts";
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
  plant(target: string, needs: GoNeeds, how: Planting): Promise<void>;
  /** Lays a copy of what has been compiled of the standard library by now, if anything. */
  plantIfReady(target: string): Promise<void>;
}

export interface Planting {
  readonly egress: ModuleEgress | undefined;
  /** Ends the wait for others and what is compiled for this one alone. */
  readonly signal?: AbortSignal | undefined;
}

const ALWAYS = ["fmt", "os", "testing"];

interface Toolchain {
  /** The standard library's packages. */
  readonly packages: ReadonlySet<string>;
  readonly cache: StandardCache;
  readonly modules: ModuleCaches;
}

/** `now` in milliseconds: what could not be had is tried again ten minutes later. */
export function createGoSeed(jail: Jail, dataDir: string, now: () => number): GoSeed {
  const lock = createKeyedLock();
  const covered = new Set<string>();
  const failures = new Failures(now);
  let toolchain: Toolchain | undefined;

  async function findGo(signal: AbortSignal | undefined): Promise<Toolchain | undefined> {
    if (toolchain === undefined && !failures.isFresh("go")) {
      toolchain = await findToolchain({ jail, dataDir, failures, signal });
      if (toolchain === undefined) failures.note("go");
    }
    return toolchain;
  }
  async function grow(
    go: Toolchain,
    imports: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const wanted = [...ALWAYS, ...imports].filter((path) => go.packages.has(path));
    if (wanted.every((path) => covered.has(path))) return;
    const packages = [...new Set([...covered, ...wanted])].sort();
    const name = `standard ${packages.join(" ")}`;
    if (failures.isFresh(name)) return;
    if (!(await compileStandard({ jail, dataDir, cache: go.cache.path, signal }, packages))) {
      failures.note(name);
    } else {
      for (const path of packages) covered.add(path);
    }
  }
  async function copyTo(target: string, cache?: string): Promise<void> {
    const go = toolchain;
    if (go === undefined || covered.size === 0 || (await look(target)) !== undefined) return;
    await copyCache(cache ?? go.cache.path, target);
    await giveTo(target, jail.owner);
  }
  return {
    plant: (target, { standard, modules }, { egress, signal }) =>
      inTurn(lock, signal, async () => {
        const go = await findGo(signal);
        if (go === undefined) return;
        await grow(go, standard, signal);
        const possible = modules && egress && jail.ownTemporary;
        const cache = possible ? await go.modules.holding(modules, egress, signal) : undefined;
        await copyTo(target, cache);
      }),
    plantIfReady: async (target) => {
      if (covered.size > 0) await lock.hold("seed", () => copyTo(target));
    },
  };
}

/** Whoever is aborted stops waiting for its turn; once it has begun, `use` itself ends. */
async function inTurn(
  lock: KeyedLock,
  signal: AbortSignal | undefined,
  use: () => Promise<void>,
): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  let begun = false;
  function abort(): void {
    if (!begun) reject(signal?.reason);
  }
  signal?.throwIfAborted();
  signal?.addEventListener("abort", abort, { once: true });
  const turn = lock.hold("seed", async () => {
    signal?.throwIfAborted();
    begun = true;
    await use();
  });
  try {
    await Promise.race([turn, promise]);
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

async function findToolchain(parts: {
  jail: Jail;
  dataDir: string;
  failures: Failures;
  signal: AbortSignal | undefined;
}): Promise<Toolchain | undefined> {
  const { jail, dataDir, failures, signal } = parts;
  const script = "go version && go list std";
  const place = { cwd: "/tmp", readable: [], writable: [], env: {} };
  const said = await outputOf(jail, { argv: ["sh", "-c", script], ...place }, signal);
  if (said === undefined) return undefined;
  const [version = "", ...packages] = said.split("\n");
  const name = `go-${shortDigest(version)}`;
  const cache = { name, path: await ownDirectory(dataDir, "seeds", name) };
  await giveTo(cache.path, jail.owner);
  const open = packages.filter((path) => !/(^|\/)(internal|vendor)\//.test(path) && path !== "");
  return {
    packages: new Set(open),
    cache,
    modules: createModuleCaches({ jail, dataDir, failures }, cache),
  };
}
