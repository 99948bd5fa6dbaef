import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { RepoRef, Sha } from "../domain/ids.ts";
import type { Clone, ClonePreparation, CloneWorld } from "../ports/workspaces.ts";
import { recordTree } from "./bundle.ts";
import {
  buildEnvironment,
  type CommandSettings,
  modulesIn,
  openCache,
  type Place,
  runAll,
  withModules,
} from "./command-place.ts";
import { GO_MODULES } from "./go-compile.ts";
import { goNeeds } from "./go-needs.ts";
import { giveTo, ownDirectory } from "./own-directory.ts";
import { besideAgent } from "./services.ts";

/** Where a clone lies and which commands it is prepared by. */
interface Bare extends ClonePreparation {
  readonly clone: Clone;
  readonly mirrorDir: string;
  readonly sha: Sha;
}

/**
 * Brings a clone as far as verification brings its checkout before it tests: runs the setup commands, lays what is
 * compiled of Go into the home, and says what the agent's jail needs for the rest, services among it. A setup that
 * fails is told and ends nothing: the agent may be there to mend it.
 */
export async function prepareClone(
  settings: CommandSettings,
  repo: RepoRef,
  bare: Bare,
): Promise<Clone> {
  const { clone, mirrorDir, sha, runId, commands, signal } = bare;
  const egress = await settings.openEgress?.({ repo, runId });
  try {
    const { dir, stateDir: home } = clone;
    const cache = await openCache(settings, runId);
    const goCache = join(home, ".cache/go-build");
    const needs = await goNeeds(settings.git, { gitDir: mirrorDir, sha }, commands);
    if (needs !== undefined) await settings.goSeed.plant(goCache, needs, { egress, signal });
    const place = { settings, dir, sha, mirrorDir, home, goCache, cache, egress };
    const wanted = commands.filter(({ kind }) => kind === "setup");
    const setup = await runAll(place, { commands: wanted, signal });
    const made = setup.length > 0 ? await madeBySetup(settings, bare) : undefined;
    return {
      ...clone,
      ...(made === undefined ? {} : { made }),
      world: {
        ...(await surroundings(place, bare, needs !== undefined)),
        setup: setup.map(({ command, exitCode, timedOut }) => ({ command, exitCode, timedOut })),
      },
    };
  } finally {
    await egress?.close();
  }
}

/** What is around the agent. Without a network and a `/tmp` of its own nothing is started: others would meet it. */
async function surroundings(
  place: Place,
  { commands }: Bare,
  usesGo: boolean,
): Promise<Omit<CloneWorld, "setup">> {
  const { settings, home, goCache } = place;
  const env = buildEnvironment(home, goCache);
  if (!settings.jail.ownTemporary) return { env, readable: [], before: [], services: [] };
  const beside = besideAgent(
    commands.flatMap(({ services = [] }) => services),
    place.dir,
  );
  const go = usesGo ? await goModules(place) : { env: {}, readable: [], before: [] };
  return {
    env: { ...env, ...go.env, ...beside.env },
    readable: [...go.readable, ...beside.readable],
    before: [...go.before, ...beside.before],
    services: beside.services,
  };
}

/**
 * The agent has a folder of modules of its own, so that it can add some; what verification's setup downloaded is in
 * front of the registry, as a proxy that can be read and not changed.
 */
async function goModules({ settings, home, cache, egress }: Place) {
  const own = join(home, ".cache", "go-modules");
  await mkdir(own, { recursive: true, mode: 0o755 });
  await giveTo(own, settings.jail.owner);
  const downloaded = modulesIn(cache);
  const registry = egress?.env["GOPROXY"];
  const near = `file://${join(downloaded, "cache/download")}`;
  return {
    env: { GOMODCACHE: GO_MODULES, GOPROXY: registry ? `${near},${registry}` : near },
    readable: [downloaded],
    before: withModules(own, []),
  };
}

/** The files as setup left them: what the agent changes is counted from here. */
async function madeBySetup(
  settings: CommandSettings,
  { clone, mirrorDir }: Bare,
): Promise<Clone["made"]> {
  const { dataDir, jail, identity } = settings;
  const workDir = await ownDirectory(dataDir, "dispatches", clone.dispatchId, "made");
  return await recordTree({ jail, clone, mirrorDir, workDir, identity });
}
