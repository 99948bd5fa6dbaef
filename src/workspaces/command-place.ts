import { lchown, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Evidence, RepoCommand } from "../domain/gate/evidence.ts";
import type { RepoRef, RunId, Sha } from "../domain/ids.ts";
import type { Jail } from "../ports/jail.ts";
import type { Identity } from "./checkout.ts";
import type { Git } from "./git.ts";
import { GO_MODULES } from "./go-compile.ts";
import type { GoSeed } from "./go-seed.ts";
import type { Mirrors } from "./mirror.ts";
import { missingTool } from "./missing-tool.ts";
import { look, ownDirectory } from "./own-directory.ts";
import { type CommandPlace, runCommand } from "./run-command.ts";

/** A way out of the jail to package registries, made for one verification or the setup of one clone. */
export interface Egress {
  readonly socket: string;
  readonly readable: readonly string[];
  /** Proxy variables and the like. */
  readonly env: Readonly<Record<string, string>>;
  /** Puts a relay in front of a command. */
  wrap(argv: readonly string[]): readonly string[];
  close(): Promise<void>;
}

export interface CommandSettings {
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

/** A checkout in which commands of its repository are run, as verification runs them. */
export interface Place {
  readonly settings: CommandSettings;
  readonly dir: string;
  readonly sha: Sha;
  /** The mirror whose objects the checkout borrows. */
  readonly mirrorDir: string;
  readonly home: string;
  /** Go's build cache, below the home. */
  readonly goCache: string;
  readonly cache: string;
  readonly egress: Egress | undefined;
}

/**
 * Runs the commands one after another. A failed setup or build ends it, since what follows would say nothing; a failed
 * lint or test does not keep the next one from running.
 */
export async function runAll(
  place: Place,
  request: { readonly commands: readonly RepoCommand[]; readonly signal: AbortSignal },
): Promise<Evidence[]> {
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
  const { settings, egress, cache } = place;
  const objects = join(place.mirrorDir, "objects");
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
      env: environment(place),
      readable: [objects, ...(egress?.readable ?? []), ...(fills ? [] : [cache])],
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
export async function openCache(settings: CommandSettings, runId: RunId): Promise<string> {
  const path = await ownDirectory(settings.dataDir, "caches", runId);
  const modules = modulesIn(path);
  await mkdir(modules, { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  // Several of a run may be opening it at once: no step may depend on who was first.
  const { owner } = settings.jail;
  if (owner === undefined) return path;
  for (const made of [modules, path])
    if ((await look(made))?.uid === 0) await lchown(made, owner.uid, owner.gid);
  return path;
}

/** Where the modules of Go lie in a package cache. */
export function modulesIn(cache: string): string {
  return join(cache, "go");
}

/** Shows a folder of modules to Go at the place that the seed was compiled at. */
export function withModules(modules: string, argv: readonly string[]): string[] {
  const script = `ln -s "$1" ${GO_MODULES}; shift; exec "$@"`;
  return ["sh", "-c", script, "sh", modules, ...argv];
}

function environment({ settings, home, cache, goCache, egress }: Place): Record<string, string> {
  return {
    HOME: home,
    CI: "true",
    NO_COLOR: "1",
    npm_config_cache: join(cache, "npm"),
    npm_config_update_notifier: "false",
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_logs_max: "0",
    ...buildEnvironment(home, goCache),
    GOMODCACHE: settings.jail.ownTemporary ? GO_MODULES : modulesIn(cache),
    PIP_CACHE_DIR: join(cache, "pip"),
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    CARGO_HOME: join(cache, "cargo"),
    ...egress?.env,
  };
}

/** What builds write to beside the checkout. */
export function buildEnvironment(home: string, goCache: string): Record<string, string> {
  return {
    GOCACHE: goCache,
    GOTOOLCHAIN: "local",
    GOFLAGS: "-modcacherw",
    // Maven and Gradle fetch while they build and test, so theirs is made anew for each home.
    MAVEN_ARGS: `-Dmaven.repo.local=${join(home, "maven")}`,
    GRADLE_USER_HOME: join(home, "gradle"),
  };
}
