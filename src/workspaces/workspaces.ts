import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { RepoCommand } from "../domain/gate/evidence.ts";
import type { RepoRef, Sha } from "../domain/ids.ts";
import { withServices } from "../domain/repo-config.ts";
import type { TokenSource } from "../ports/github.ts";
import type { Jail } from "../ports/jail.ts";
import type { Workspaces } from "../ports/workspaces.ts";
import type { Identity } from "./checkout.ts";
import { openClone, removeClone } from "./clones.ts";
import { collect } from "./collect.ts";
import type { CommandSettings } from "./command-place.ts";
import { commitFile } from "./commit-file.ts";
import { configuredCommands } from "./configured-commands.ts";
import { detectCommands } from "./detect-commands.ts";
import { createGit, type Git } from "./git.ts";
import { createGoSeed } from "./go-seed.ts";
import { removeRun } from "./janitor.ts";
import { markConflict, merge, mergeAs } from "./merge.ts";
import { createMirrors, type Mirrors } from "./mirror.ts";
import { publishBranch, removeBranch } from "./publish-branch.ts";
import { createReads } from "./reads.ts";
import { remembered } from "./remembered.ts";
import { type ChangeLimits, DEFAULT_LIMITS } from "./tree-rules.ts";
import { verify } from "./verify.ts";

export interface WorkspacesSettings {
  /** Absolute; everything of ours lies below it and nothing else does. */
  readonly dataDir: string;
  /** Everything before `/owner/name.git`. */
  readonly gitBaseUrl: string;
  readonly tokens: TokenSource;
  readonly jail: Jail;
  /** Author and committer of every commit that is pushed. */
  readonly identity: Identity;
  /** PATH, proxies and certificate variables for git on the trusted side. */
  readonly env: Readonly<Record<string, string>>;
  readonly git?: string;
  readonly limits?: Partial<ChangeLimits>;
  /** Takes live secrets out of what commands printed; default: nothing is taken out. */
  readonly redact?: (text: string) => string;
  /** Milliseconds since 1970; default the machine's clock. */
  readonly now?: () => number;
  /** Opens the way to package registries for verification; absent: there is none. */
  readonly openEgress?: NonNullable<CommandSettings["openEgress"]>;
}

/** Of so many commits it is kept which commands they are verified by. */
const COMMITS_KNOWN = 500;

interface Context extends Omit<CommandSettings, "openEgress"> {
  readonly limits: ChangeLimits;
}

/** Mirrors, clones, evidence: everything that touches git or runs a repository's code. */
export function createWorkspaces(settings: WorkspacesSettings): Workspaces {
  const context = createContext(settings);
  const { git, mirrors, dataDir, identity } = context;
  const reads = createReads(git, mirrors);
  const commandsOf = remembered<RepoCommand[]>(COMMITS_KNOWN);
  const egress = settings.openEgress === undefined ? {} : { openEgress: settings.openEgress };
  return {
    ...reads,
    openClone: (repo, request) => openClone({ ...context, ...egress }, repo, request),
    collect: (repo, clone, commit) => collect(context, repo, { clone, message: commit.message }),
    removeClone: (clone) => removeClone(dataDir, clone),
    removeRun: (runId) => removeRun(dataDir, runId),
    push: (repo, update) => publishBranch({ git, mirrors }, repo, update),
    removeBranch: (repo, gone) => removeBranch({ git, mirrors }, repo, gone),
    merge: (repo, request) => merge({ git, mirrors, identity }, repo, request),
    markConflict: (repo, pair) => markConflict({ git, mirrors, identity }, repo, pair),
    mergeAs: (repo, request) => mergeAs({ git, mirrors, identity }, repo, request),
    commitFile: (repo, request) => commitFile({ git, mirrors, identity }, repo, request),
    commands: async (repo, sha) => [
      ...(await commandsOf(`${repo.id} ${sha}`, () => commandsAt(reads, repo, sha))),
    ],
    run: (repo, request) => verify({ ...context, ...egress }, repo, request),
  };
}

function createContext(settings: WorkspacesSettings): Context {
  const { dataDir, gitBaseUrl, tokens, jail, identity } = settings;
  const git: Git = createGit({
    env: settings.env,
    home: emptyHome(dataDir),
    ...(settings.git === undefined ? {} : { binary: settings.git }),
  });
  const mirrors: Mirrors = createMirrors({ git, dataDir, gitBaseUrl, tokens });
  return {
    git,
    mirrors,
    jail,
    dataDir,
    identity,
    limits: { ...DEFAULT_LIMITS, ...settings.limits },
    redact: settings.redact ?? ((text) => text),
    now: settings.now ?? Date.now,
    goSeed: createGoSeed(jail, dataDir, settings.now ?? Date.now),
  };
}

function emptyHome(dataDir: string): string {
  const home = join(dataDir, "empty-home");
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return home;
}

async function commandsAt(
  reads: Pick<Workspaces, "readFile" | "listFiles">,
  repo: RepoRef,
  sha: Sha,
): ReturnType<Workspaces["commands"]> {
  const configured = await configuredCommands((path) => reads.readFile(repo, sha, path));
  const { commands = [], services = [] } = configured ?? {};
  if (commands.length > 0) return withServices(commands, services);
  const files = await reads.listFiles(repo, sha);
  const detected = await detectCommands(files, (path) => reads.readFile(repo, sha, path));
  return withServices(detected, services);
}
