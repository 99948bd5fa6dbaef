import { randomUUID } from "node:crypto";
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { isPlainBranch } from "../domain/branch-name.ts";
import { UserError, WorldError } from "../domain/failure.ts";
import { fullName, type RepoRef, Sha } from "../domain/ids.ts";
import type { Secret } from "../domain/secret.ts";
import type { TokenSource } from "../ports/github.ts";
import type { Git, GitCall, GitOutput } from "./git.ts";
import { type Transport, transportOf } from "./git-environment.ts";
import { createKeyedLock } from "./keyed-lock.ts";
import { look, ownDirectory } from "./own-directory.ts";

export interface MirrorSettings {
  readonly git: Git;
  readonly dataDir: string;
  /** Everything before `/owner/name.git`, for example a GitHub host's root. */
  readonly gitBaseUrl: string;
  readonly tokens: TokenSource;
}

/** The trusted bare repositories, one full mirror per repository id, fetched incrementally and never collected. */
export interface Mirrors {
  /** The mirror's directory; made empty when it does not exist yet. */
  directory(repo: RepoRef): Promise<string>;
  /** Brings every branch up to date. Fetches of one repository happen one after another. */
  update(repo: RepoRef): Promise<string>;
  /** The directory of a mirror that surely holds `sha`; fetches when it is missing. */
  holding(repo: RepoRef, sha: Sha): Promise<string>;
  /** The tip of `branch` after a fetch; undefined when there is no such branch. */
  tip(repo: RepoRef, branch: string): Promise<Sha | undefined>;
  /** One command that talks to the remote, with a token for this repository alone. */
  remote(repo: RepoRef, access: "read" | "write", call: RemoteCall): Promise<GitOutput>;
}

type RemoteCall = (url: string) => GitCall;

const FETCH_TIMEOUT_MS = 60 * 60_000;
const IDLE_MS = 180_000;
const MOST_SEEN = 10_000;

/** Faults of old histories that are no danger; GitHub serves such repositories and so do we. */
const OLD_HISTORY = [
  "zeroPaddedFilemode",
  "missingSpaceBeforeDate",
  "missingSpaceBeforeEmail",
  "missingNameBeforeEmail",
  "missingEmail",
  "badName",
  "badEmail",
  "badDate",
  "badTimezone",
  "badDateOverflow",
  "zeroPaddedDate",
  "missingTaggerEntry",
  "badTagName",
  "nulInCommit",
  "multipleAuthors",
];

export function createMirrors(settings: MirrorSettings): Mirrors {
  return new MirrorStore(settings);
}

class MirrorStore implements Mirrors {
  readonly #settings: MirrorSettings;
  readonly #base: string;
  readonly #transport: Transport;
  readonly #lock = createKeyedLock();
  readonly #opened = new Set<number>();
  /** Commits that were seen in a mirror: nothing is ever taken out of one. */
  readonly #seen = new Set<string>();

  constructor(settings: MirrorSettings) {
    this.#settings = settings;
    this.#base = settings.gitBaseUrl.replace(/\/+$/, "");
    this.#transport = transportOf(this.#base);
  }

  async directory(repo: RepoRef): Promise<string> {
    const { git, dataDir } = this.#settings;
    const parent = await ownDirectory(dataDir, "mirrors");
    const path = join(parent, `${repo.id}.git`);
    if (this.#opened.has(repo.id)) return path;
    await this.#lock.hold(`open ${repo.id}`, async () => {
      if ((await look(path)) === undefined) await createMirror(git, parent, path);
      else if (!this.#opened.has(repo.id)) await removeStaleLocks(path);
      this.#opened.add(repo.id);
    });
    return path;
  }

  async remote(repo: RepoRef, access: "read" | "write", call: RemoteCall): Promise<GitOutput> {
    const gitDir = await this.directory(repo);
    const url = remoteUrl(this.#base, repo);
    return await this.#settings.tokens.withToken(repo, { contents: access }, async (token) => {
      const wanted = call(url);
      return await this.#settings.git.run({
        timeoutMs: FETCH_TIMEOUT_MS,
        idleMs: IDLE_MS,
        gitDir,
        allow: [this.#transport],
        ...wanted,
        config: { ...wanted.config, ...credentials(this.#base, this.#transport, token) },
      });
    });
  }

  async update(repo: RepoRef): Promise<string> {
    await this.#lock.hold(`fetch ${repo.id}`, () => this.remote(repo, "read", fetchEverything));
    return await this.directory(repo);
  }

  async holding(repo: RepoRef, sha: Sha): Promise<string> {
    const { git } = this.#settings;
    const path = await this.directory(repo);
    const key = `${repo.id} ${sha}`;
    if (this.#seen.has(key)) return path;
    if (!(await hasCommit(git, path, sha))) {
      await this.update(repo);
      if (!(await hasCommit(git, path, sha))) throw missing(repo, sha);
    }
    if (this.#seen.size >= MOST_SEEN) this.#seen.clear();
    this.#seen.add(key);
    return path;
  }

  async tip(repo: RepoRef, branch: string): Promise<Sha | undefined> {
    if (!isPlainBranch(branch)) throw refusedBranch(branch);
    const { git } = this.#settings;
    const gitDir = await this.update(repo);
    const { code, stdout } = await git.run({
      gitDir,
      args: ["rev-parse", "--verify", "--quiet", "--end-of-options", `refs/heads/${branch}`],
      okCodes: [0, 1],
    });
    return code === 1 ? undefined : Sha.parse(stdout.toString("utf8").trim());
  }
}

function fetchEverything(url: string): GitCall {
  return {
    args: [
      "fetch",
      "--progress",
      "--prune",
      "--no-write-fetch-head",
      "--no-auto-gc",
      "--end-of-options",
      url,
      "+refs/heads/*:refs/heads/*",
    ],
    config: Object.fromEntries(OLD_HISTORY.map((name) => [`fetch.fsck.${name}`, "ignore"])),
  };
}

function missing(repo: RepoRef, sha: Sha): WorldError {
  return new WorldError(
    `Find commit ${sha} of ${fullName(repo)}: no branch of the repository holds it any more.`,
    "stop",
  );
}

function refusedBranch(branch: string): UserError {
  return new UserError(
    `The branch name ${JSON.stringify(branch.slice(0, 80))} cannot be used. Use a branch whose name is made of ` +
      "letters, digits and . _ - / only.",
  );
}

async function hasCommit(git: Git, gitDir: string, sha: Sha): Promise<boolean> {
  const { code } = await git.run({
    gitDir,
    args: ["cat-file", "-e", `${sha}^{commit}`],
    okCodes: [0, 1, 128],
  });
  return code === 0;
}

async function createMirror(git: Git, parent: string, path: string): Promise<void> {
  const fresh = join(parent, `.new-${randomUUID()}`);
  await git.run({ args: ["init", "--quiet", "--bare", "--template=", "--", fresh] });
  for (const [key, value] of [
    ["core.sharedRepository", "0644"],
    ["core.logAllRefUpdates", "false"],
    ["gc.auto", "0"],
  ] as const) {
    await git.run({ gitDir: fresh, args: ["config", "--local", key, value] });
  }
  await rename(fresh, path);
}

/** A killed process leaves locks; when we open a mirror for the first time nobody else can hold one. */
async function removeStaleLocks(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const inObjects = entry.parentPath.startsWith(join(path, "objects"));
    const stale = inObjects ? entry.name.startsWith("tmp_") : entry.name.endsWith(".lock");
    if (stale) await rm(join(entry.parentPath, entry.name), { force: true });
  }
}

function remoteUrl(base: string, repo: RepoRef): string {
  for (const part of [repo.owner, repo.name]) {
    if (!/^[A-Za-z0-9_.-]{1,100}$/.test(part) || /^\.{1,2}$/.test(part)) {
      throw new WorldError(`Address repository ${fullName(repo)}: not a name GitHub gives`, "stop");
    }
  }
  return `${base}/${repo.owner}/${repo.name}.git`;
}

function credentials(base: string, transport: Transport, token: Secret): Record<string, string> {
  if (transport === "file") return {};
  const basic = Buffer.from(`x-access-token:${token.reveal()}`).toString("base64");
  return { [`http.${base}/.extraHeader`]: `Authorization: Basic ${basic}` };
}
