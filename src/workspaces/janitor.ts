import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ownDirectory, removeForGood, removeTree } from "./own-directory.ts";

/** What is still needed: everything else below the data directory's working folders is left over. */
export interface StillNeeded {
  /** Runs that have not ended, by id. */
  readonly runs: ReadonlySet<string>;
  /** Dispatches under way, by id. */
  readonly dispatches: ReadonlySet<string>;
}

const RUN_OF = /^(\d+-\d+-r\d+)(\.|$)/;

/**
 * Removes what dead dispatches, runs and killed processes left behind: clones, homes, caches, verifications and
 * half-removed trees. Mirrors stay. Only to be called while nothing of this data directory is opening or verifying,
 * which is at start. Returns the paths that were removed.
 */
export async function sweepLeftovers(dataDir: string, needed: StillNeeded): Promise<string[]> {
  const removed: string[] = [];
  async function sweep(folder: string, isNeeded: (name: string) => boolean): Promise<void> {
    const parent = await ownDirectory(dataDir, folder);
    for (const name of await readdir(parent)) {
      const path = join(parent, name);
      if (name.includes(".removed-")) await removeForGood(path);
      else if (isNeeded(name)) continue;
      else await removeTree(path);
      removed.push(path);
    }
  }
  function runLives(name: string): boolean {
    return needed.runs.has(RUN_OF.exec(name)?.[1] ?? "");
  }
  await sweep("dispatches", (name) => needed.dispatches.has(name));
  await sweep("homes", runLives);
  await sweep("caches", runLives);
  await sweep("verifications", () => false);
  await sweep("mirrors", (name) => /^\d+\.git$/.test(name));
  return removed;
}

/** Removes everything that a run that has ended still has: homes, caches, clones. */
export async function removeRun(dataDir: string, runId: string): Promise<void> {
  for (const folder of ["dispatches", "homes", "caches", "verifications"]) {
    const parent = await ownDirectory(dataDir, folder);
    for (const name of await readdir(parent)) {
      if (RUN_OF.exec(name)?.[1] === runId) await removeTree(join(parent, name));
    }
  }
}
