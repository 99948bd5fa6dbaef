import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { DispatchId, RepoRef, Sha } from "../domain/ids.ts";
import type { Clone } from "../ports/workspaces.ts";
import { checkOut, type Identity } from "./checkout.ts";
import type { Git } from "./git.ts";
import type { GoSeed } from "./go-seed.ts";
import type { Mirrors } from "./mirror.ts";
import { giveTo, look, type Owner, ownDirectory, removeTree } from "./own-directory.ts";

export interface CloneSettings {
  readonly git: Git;
  readonly mirrors: Mirrors;
  readonly dataDir: string;
  readonly identity: Identity;
  readonly owner: Owner | undefined;
  readonly goSeed: GoSeed;
}

/**
 * Makes the clone of one dispatch: `dispatches/<dispatch>/tree`, and the agent's home `homes/<run>.<task>`, which
 * later attempts at the same task find again.
 */
export async function openClone(
  settings: CloneSettings,
  repo: RepoRef,
  request: { dispatchId: DispatchId; sha: Sha; writable: boolean },
): Promise<Clone> {
  const { dispatchId, sha, writable } = request;
  const mirrorDir = await settings.mirrors.holding(repo, sha);
  const parent = await ownDirectory(settings.dataDir, "dispatches");
  await removeTree(join(parent, dispatchId));
  const home = await ownDirectory(settings.dataDir, "dispatches", dispatchId);
  const dir = join(home, "tree");
  const { identity, owner } = settings;
  await checkOut(settings.git, { mirrorDir, dir, sha, identity, owner });
  const stateDir = await openState(settings, dispatchId);
  const borrows = [join(mirrorDir, "objects")];
  return { dispatchId, dir, stateDir, baseSha: sha, writable, borrows };
}

/** Removes the clone; the agent's home stays for a later attempt, until its run is removed. */
export async function removeClone(dataDir: string, clone: Clone): Promise<void> {
  const parent = await ownDirectory(dataDir, "dispatches");
  await removeTree(join(parent, clone.dispatchId));
}

async function openState(settings: CloneSettings, dispatchId: DispatchId): Promise<string> {
  const parent = await ownDirectory(settings.dataDir, "homes");
  const name = dispatchId.slice(0, dispatchId.lastIndexOf("."));
  const existed = (await look(join(parent, name))) !== undefined;
  const path = await ownDirectory(settings.dataDir, "homes", name);
  if (existed) return path;
  const cache = join(path, ".cache");
  await mkdir(cache, { mode: 0o755 });
  await settings.goSeed.plantIfReady(join(cache, "go-build"));
  await giveTo(path, settings.owner);
  return path;
}
