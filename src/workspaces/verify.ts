import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Evidence, RepoCommand } from "../domain/gate/evidence.ts";
import type { RepoRef, RunId, Sha } from "../domain/ids.ts";
import type { Jail } from "../ports/jail.ts";
import type { SuiteRequest } from "../ports/workspaces.ts";
import { checkOut, type Identity } from "./checkout.ts";
import type { Git } from "./git.ts";
import { GO_MODULES } from "./go-compile.ts";
import { goNeeds } from "./go-needs.ts";
import type { GoSeed } from "./go-seed.ts";
import type { Mirrors } from "./mirror.ts";
import { missingTool } from "./missing-tool.ts";
import { giveTo, look, ownDirectory, removeTree } from "./own-directory.ts";
import { type CommandPlace, runCommand } from "./run-command.ts";

/** A way out of the jail to package registries, made for one verification. */
interface Egress {
  readonly socket: string;
  readonly readable: readonly string[];
  /** Proxy variables and the like. */
  readonly env: Readonly<Record<string, string>>;
  /** Puts a relay in front of a command. */
  wrap(argv: readonly string[]): readonly string[];
  close(): Promise<void>;
}

export interface VerifySettings {
  readonly git: Git;
  readonly mirrors: Mirrors;
  readonly jail: Jail;
  readonly dataDir: string;
  readonly identity: Identity;
  readonly redact: (text: string) => string;
  readonly now: () => number;
  readonly goSeed: GoSeed;
  readonly openEgress?: (request: { repo: RepoRef; runId: RunId }) => Promise<Egress>;
}

/**
 * Runs commands one after another on a fresh checkout of exactly `sha`, which is removed afterwards. A failed setup or
 * build ends it, since what follows would say nothing; a failed lint or test does not keep the next one from running.
 */
export async function verify(
  settings: VerifySettings,
  repo: RepoRef,
  request: SuiteRequest,
): Promise<Evidence[]> {
  const { dataDir, jail } = settings;
  const { runId, sha, overlay } = request;
  if (overlay !== undefined) await settings.mirrors.holding(repo, overlay.sha);
  const mirrorDir = await settings.mirrors.holding(repo, sha);
  const room = await ownDirectory(dataDir, "verifications", `${runId}.${randomUUID()}`);
  const egress = await settings.openEgress?.({ repo, runId });
  try {
    const dir = join(room, "tree");
    const { identity } = settings;
    await checkOut(settings.git, { mirrorDir, dir, sha, identity, owner: jail.owner, overlay });
    const home = join(room, "home");
    await mkdir(home, { mode: 0o755 });
    await giveTo(home, jail.owner);
    const needs = await goNeeds(settings.git, { gitDir: mirrorDir, sha }, request.commands);
    if (needs !== undefined) await settings.goSeed.plant(goCacheIn(home), needs, egress);
    const cache = await openCache(settings, runId);
    const objects = join(mirrorDir, "objects");
    const spec = { env: environment({ home, cache, jail, egress }), readable: [objects] };
    const place: Place = { settings, dir, sha, spec, home, cache, egress };
    return await runAll(place, request);
  } finally {
    await egress?.close();
    await removeTree(room);
  }
}

interface Place {
  readonly settings: VerifySettings;
  readonly dir: string;
  readonly sha: Sha;
  readonly spec: { readonly env: Record<string, string>; readonly readable: readonly string[] };
  readonly home: string;
  readonly cache: string;
  readonly egress: Egress | undefined;
}

async function runAll(place: Place, request: SuiteRequest): Promise<Evidence[]> {
  const all: Evidence[] = [];
  for (const command of request.commands) {
    const where = commandPlace(place, command);
    const evidence = await runCommand(where, command, request.signal);
    all.push(await missingTool(where, evidence, request.signal));
    const ends = command.kind === "setup" || command.kind === "build";
    if (ends && (evidence.exitCode !== 0 || evidence.timedOut)) break;
  }
  return all;
}

/** Only setup commands may fill the package cache; the others read it. */
function commandPlace(place: Place, command: RepoCommand): CommandPlace {
  const { settings, egress, spec, cache } = place;
  const own = [place.dir, place.home];
  const fills = command.kind === "setup";
  return {
    jail: settings.jail,
    dir: place.dir,
    sha: place.sha,
    redact: (text) => hidePaths(place, settings.redact(text)),
    now: settings.now,
    wrap: (argv) => {
      const prepared = settings.jail.ownTemporary ? withModules(modulesIn(cache), argv) : argv;
      return egress?.wrap(prepared) ?? prepared;
    },
    spec: {
      env: spec.env,
      readable: [...spec.readable, ...(egress?.readable ?? []), ...(fills ? [] : [cache])],
      writable: fills ? [...own, cache] : own,
      ...(egress === undefined ? {} : { socket: egress.socket }),
    },
  };
}

/** What is shown names no folder of this machine. */
function hidePaths(place: Place, text: string): string {
  return text
    .replaceAll(place.dir, "/checkout")
    .replaceAll(place.home, "/home")
    .replaceAll(place.cache, "/cache");
}

/** One package cache for each run: what one run's dependencies leave behind is never seen by another. */
async function openCache(settings: VerifySettings, runId: RunId): Promise<string> {
  const parent = await ownDirectory(settings.dataDir, "caches");
  const existed = (await look(join(parent, runId))) !== undefined;
  const path = await ownDirectory(settings.dataDir, "caches", runId);
  if (existed) return path;
  await mkdir(modulesIn(path), { mode: 0o755 });
  await giveTo(path, settings.jail.owner);
  return path;
}

function goCacheIn(home: string): string {
  return join(home, "go-build");
}

function modulesIn(cache: string): string {
  return join(cache, "go");
}

/** The run's modules, shown to Go at the place that the seed was compiled at. */
function withModules(modules: string, argv: readonly string[]): string[] {
  const script = `ln -s "$1" ${GO_MODULES}; shift; exec "$@"`;
  return ["sh", "-c", script, "sh", modules, ...argv];
}

function environment(of: {
  home: string;
  cache: string;
  jail: Jail;
  egress: Egress | undefined;
}): Record<string, string> {
  const { home, cache, jail, egress } = of;
  return {
    HOME: home,
    CI: "true",
    NO_COLOR: "1",
    npm_config_cache: join(cache, "npm"),
    npm_config_update_notifier: "false",
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_logs_max: "0",
    GOCACHE: goCacheIn(home),
    GOMODCACHE: jail.ownTemporary ? GO_MODULES : modulesIn(cache),
    GOTOOLCHAIN: "local",
    GOFLAGS: "-modcacherw",
    PIP_CACHE_DIR: join(cache, "pip"),
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    CARGO_HOME: join(cache, "cargo"),
    // Maven and Gradle fetch while they build and test, so theirs is made anew each time.
    MAVEN_ARGS: `-Dmaven.repo.local=${join(home, "maven")}`,
    GRADLE_USER_HOME: join(home, "gradle"),
    ...egress?.env,
  };
}
