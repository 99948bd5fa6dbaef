import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Evidence } from "../domain/gate/evidence.ts";
import type { RepoRef } from "../domain/ids.ts";
import type { SuiteRequest } from "../ports/workspaces.ts";
import { checkOut } from "./checkout.ts";
import { type CommandSettings, openCache, runAll } from "./command-place.ts";
import { goNeeds } from "./go-needs.ts";
import { giveTo, ownDirectory, removeTree } from "./own-directory.ts";

/** Runs commands one after another on a fresh checkout of exactly `sha`, which is removed afterwards. */
export async function verify(
  settings: CommandSettings,
  repo: RepoRef,
  request: SuiteRequest,
): Promise<Evidence[]> {
  const { dataDir, jail, git } = settings;
  const { runId, sha, overlay, commands, signal } = request;
  if (overlay !== undefined) await settings.mirrors.holding(repo, overlay.sha);
  const mirrorDir = await settings.mirrors.holding(repo, sha);
  const room = await ownDirectory(dataDir, "verifications", `${runId}.${randomUUID()}`);
  const egress = await settings.openEgress?.({ repo, runId });
  try {
    const dir = join(room, "tree");
    const { identity } = settings;
    await checkOut(git, { mirrorDir, dir, sha, identity, owner: jail.owner, overlay });
    const home = join(room, "home");
    await mkdir(home, { mode: 0o755 });
    await giveTo(home, jail.owner);
    const goCache = join(home, "go-build");
    const needs = await goNeeds(git, { gitDir: mirrorDir, sha }, commands);
    if (needs !== undefined) await settings.goSeed.plant(goCache, needs, { egress, signal });
    const cache = await openCache(settings, runId);
    return await runAll(
      { settings, dir, sha, mirrorDir, home, goCache, cache, egress },
      { commands, signal },
    );
  } finally {
    await egress?.close();
    await removeTree(room);
  }
}
