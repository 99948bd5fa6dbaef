import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Jail } from "../ports/jail.ts";
import { createKeyedLock } from "./keyed-lock.ts";
import { giveTo, look, ownDirectory, removeTree } from "./own-directory.ts";

const run = promisify(execFile);

/**
 * A Go build cache that holds packages of the standard library and nothing else. Every fresh checkout would otherwise
 * compile them again, which takes most of a minute for a web service; and a cache that earlier commits of a run wrote
 * could lie about what was compiled. It grows by what repositories import.
 */
export interface GoSeed {
  /**
   * Lays a copy at `target`, which does not exist yet, after compiling what is missing of `imports` (import paths as
   * found in sources; those outside the standard library do not matter). Without Go it does nothing.
   */
  plant(target: string, imports: readonly string[]): Promise<void>;
  /** Lays a copy of what has been compiled by now, if anything. */
  plantIfReady(target: string): Promise<void>;
}

const ALWAYS = ["fmt", "os", "testing"];
const TEST = 'package seed\n\nimport "testing"\n\nfunc TestNothing(t *testing.T) {}\n';
const BUILD_WALL_MS = 15 * 60_000;
const SYSTEM_ENV = { PATH: "/usr/bin:/bin" };

interface Toolchain {
  readonly standard: ReadonlySet<string>;
  readonly cache: string;
}

export function createGoSeed(jail: Jail, dataDir: string): GoSeed {
  const lock = createKeyedLock();
  const covered = new Set<string>();
  let toolchain: Promise<Toolchain | undefined> | undefined;

  async function grow(go: Toolchain, imports: readonly string[]): Promise<void> {
    const wanted = [...ALWAYS, ...imports].filter((path) => go.standard.has(path));
    if (wanted.every((path) => covered.has(path))) return;
    const packages = [...new Set([...covered, ...wanted])].sort();
    if (await compile({ jail, dataDir, cache: go.cache }, packages)) {
      for (const path of packages) covered.add(path);
    }
  }
  async function copyTo(target: string): Promise<void> {
    const go = await toolchain;
    if (go === undefined || covered.size === 0 || (await look(target)) !== undefined) return;
    await run("cp", ["-R", "--reflink=auto", "--", go.cache, target], { env: SYSTEM_ENV });
    await giveTo(target, jail.owner);
  }
  return {
    plant: (target, imports) =>
      lock.hold("seed", async () => {
        toolchain ??= findToolchain(jail, dataDir);
        const go = await toolchain;
        if (go !== undefined) await grow(go, imports);
        await copyTo(target);
      }),
    plantIfReady: async (target) => {
      if (covered.size > 0) await lock.hold("seed", () => copyTo(target));
    },
  };
}

async function findToolchain(jail: Jail, dataDir: string): Promise<Toolchain | undefined> {
  const script = "go version && go list std";
  const said = await ask(jail, { argv: ["sh", "-c", script], cwd: "/tmp", writable: [], env: {} });
  if (said === undefined) return undefined;
  const [version = "", ...packages] = said.split("\n");
  const name = createHash("sha256").update(version).digest("hex").slice(0, 16);
  const cache = await ownDirectory(dataDir, "seeds", `go-${name}`);
  await giveTo(cache, jail.owner);
  const open = packages.filter((path) => !/(^|\/)(internal|vendor)\//.test(path) && path !== "");
  return { standard: new Set(open), cache };
}

/** Builds, checks and links a program of ours that imports `packages`; only then is everything of them in the cache. */
async function compile(
  place: { jail: Jail; dataDir: string; cache: string },
  packages: readonly string[],
): Promise<boolean> {
  const { jail, dataDir, cache } = place;
  const room = await ownDirectory(dataDir, "seeds", "making");
  try {
    const source = join(room, "source");
    await mkdir(source);
    const imports = packages.map((path) => `import _ ${JSON.stringify(path)}\n`).join("");
    await writeFile(join(source, "go.mod"), "module seed\n\ngo 1.21\n");
    await writeFile(join(source, "seed.go"), `package seed\n\n${imports}`);
    await writeFile(join(source, "seed_test.go"), TEST);
    await giveTo(source, jail.owner);
    const output = await ask(jail, {
      argv: ["sh", "-c", "go build ./... && go vet ./... && go test ./..."],
      cwd: source,
      writable: [source, cache],
      env: { GOCACHE: cache, GOTOOLCHAIN: "local" },
    });
    return output !== undefined;
  } finally {
    await removeTree(room);
  }
}

/** Standard output of a command in the jail; undefined when it did not end with 0. */
async function ask(
  jail: Jail,
  command: {
    argv: readonly string[];
    cwd: string;
    writable: readonly string[];
    env: Readonly<Record<string, string>>;
  },
): Promise<string | undefined> {
  const process = await jail.spawn({ ...command, readable: [], wallMs: BUILD_WALL_MS });
  process.stdin.end();
  process.stderr.resume();
  let output = "";
  for await (const chunk of process.stdout) output = (output + String(chunk)).slice(-100_000);
  return (await process.exited).code === 0 ? output : undefined;
}
