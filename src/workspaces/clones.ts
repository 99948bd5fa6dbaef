import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { DispatchId, RepoRef } from "../domain/ids.ts";
import type { Clone, Workspaces } from "../ports/workspaces.ts";
import { checkOut } from "./checkout.ts";
import { prepareClone } from "./clone-world.ts";
import type { CommandSettings } from "./command-place.ts";
import { giveTo, look, ownDirectory, removeTree } from "./own-directory.ts";

/**
 * Makes the clone of one dispatch: `dispatches/<dispatch>/tree`, and the agent's home `homes/<run>.<task>`, which
 * later attempts at the same task find again.
 */
export async function openClone(
  settings: CommandSettings,
  repo: RepoRef,
  request: Parameters<Workspaces["openClone"]>[1],
): Promise<Clone> {
  const { dispatchId, sha, writable } = request;
  const mirrorDir = await settings.mirrors.holding(repo, sha);
  const parent = await ownDirectory(settings.dataDir, "dispatches");
  await removeTree(join(parent, dispatchId));
  const home = await ownDirectory(settings.dataDir, "dispatches", dispatchId);
  const dir = join(home, "tree");
  const { identity } = settings;
  const { owner } = settings.jail;
  await checkOut(settings.git, { mirrorDir, dir, sha, identity, owner });
  const stateDir = await openState(settings, dispatchId, request.prepare === undefined);
  const borrows = [join(mirrorDir, "objects")];
  const clone: Clone = { dispatchId, dir, stateDir, baseSha: sha, writable, borrows };
  if (request.prepare === undefined) return clone;
  try {
    return await prepareClone(settings, repo, { ...request.prepare, clone, mirrorDir, sha });
  } catch (error) {
    await removeClone(settings.dataDir, clone);
    throw error;
  }
}

/** Removes the clone; the agent's home stays for a later attempt, until its run is removed. */
export async function removeClone(dataDir: string, clone: Clone): Promise<void> {
  const parent = await ownDirectory(dataDir, "dispatches");
  await removeTree(join(parent, clone.dispatchId));
}

/** `seeds`: what is compiled of Go by now is laid into a new home; a preparation does that better. */
async function openState(
  settings: CommandSettings,
  dispatchId: DispatchId,
  seeds: boolean,
): Promise<string> {
  const parent = await ownDirectory(settings.dataDir, "homes");
  const name = dispatchId.slice(0, dispatchId.lastIndexOf("."));
  const existed = (await look(join(parent, name))) !== undefined;
  const path = await ownDirectory(settings.dataDir, "homes", name);
  if (existed) return path;
  const cache = join(path, ".cache");
  await mkdir(cache, { mode: 0o755 });
  if (seeds) await settings.goSeed.plantIfReady(join(cache, "go-build"));
  await giveTo(path, settings.jail.owner);
  return path;
}
