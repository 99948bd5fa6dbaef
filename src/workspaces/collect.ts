import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { WorldError } from "../domain/failure.ts";
import { type RepoRef, Sha } from "../domain/ids.ts";
import type { Jail } from "../ports/jail.ts";
import type { Clone, Collected } from "../ports/workspaces.ts";
import { bundleChanges } from "./bundle.ts";
import type { Identity } from "./checkout.ts";
import { cleanMessage, commitEnvironment } from "./commit-words.ts";
import type { Git } from "./git.ts";
import type { Mirrors } from "./mirror.ts";
import { ownDirectory, removeTree } from "./own-directory.ts";
import {
  commitTree,
  inspect,
  openQuarantine,
  type Quarantine,
  setWorkflowsAside,
} from "./quarantine.ts";
import { type ChangeLimits, isWorkflowFile } from "./tree-rules.ts";

export interface CollectSettings {
  readonly git: Git;
  readonly mirrors: Mirrors;
  readonly jail: Jail;
  readonly dataDir: string;
  readonly identity: Identity;
  readonly limits: ChangeLimits;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const BUNDLE_WALL_MS = 300_000;

interface Work {
  readonly settings: CollectSettings;
  readonly clone: Clone;
  readonly mirrorDir: string;
  readonly dir: string;
  readonly message: string;
}

/**
 * Brings what stands in a clone into the mirror as one commit of ours on the clone's base. The agent must be dead.
 * Collecting the same files again gives the same commit.
 */
export async function collect(
  settings: CollectSettings,
  repo: RepoRef,
  request: { clone: Clone; message: string },
): Promise<Collected> {
  const { clone } = request;
  const mirrorDir = await settings.mirrors.holding(repo, clone.baseSha);
  const dispatch = await ownDirectory(settings.dataDir, "dispatches", clone.dispatchId);
  const dir = join(dispatch, "collect");
  await removeTree(dir);
  await mkdir(dir, { mode: 0o755 });
  try {
    const message = cleanMessage(request.message);
    return await takeIn({ settings, clone, mirrorDir, dir, message });
  } finally {
    await removeTree(dir);
  }
}

async function takeIn(work: Work): Promise<Collected> {
  const { settings, clone, mirrorDir, dir } = work;
  const bundle = await bundleChanges({
    jail: settings.jail,
    clone,
    mirrorDir,
    workDir: dir,
    identity: settings.identity,
    maxBytes: settings.limits.maxTotalBytes,
    wallMs: BUNDLE_WALL_MS,
  });
  if (bundle.kind === "unchanged") return { kind: "unchanged" };
  if (bundle.kind === "refused") return { kind: "refused", problems: [bundle.problem] };
  const quarantine = await openChecked(work, bundle.path);
  if (typeof quarantine === "string") return { kind: "refused", problems: [quarantine] };
  const { entries, problems } = await inspect(quarantine, settings.limits);
  if (problems.length > 0) return { kind: "refused", problems };
  if (!clone.writable) {
    const named = entries.slice(0, 10).map(({ path }) => path);
    const problem = `This role may not change files; it changed ${entries.length}: ${named.join(", ")}.`;
    return { kind: "refused", problems: [problem] };
  }
  const { tree, setAside, patch } = await setWorkflowsAside(quarantine, entries);
  if (setAside.length === entries.length) {
    return { kind: "unchanged", setAside, setAsidePatch: patch };
  }
  const sha = await commitOnce(work, quarantine, tree);
  const files = entries.map(({ path }) => path).filter((path) => !isWorkflowFile(path));
  return { kind: "commit", sha, files, setAside, setAsidePatch: patch };
}

/** The quarantine with the bundle in it, or what git had against one of its objects. */
async function openChecked(work: Work, bundle: string): Promise<Quarantine | string> {
  const { settings, mirrorDir, clone, dir } = work;
  const request = { dir: join(dir, "quarantine.git"), mirrorDir, bundle, base: clone.baseSha };
  try {
    return await openQuarantine(settings.git, request);
  } catch (error) {
    if (error instanceof WorldError && error.failureClass === "stop") {
      return `Git refuses the change: ${error.message}`;
    }
    throw error;
  }
}

/** Makes the commit and hands it to the mirror under the dispatch's own ref; an equal one made before is kept. */
async function commitOnce(work: Work, quarantine: Quarantine, tree: string): Promise<Sha> {
  const { settings, clone, mirrorDir, message } = work;
  const { git } = settings;
  const ref = `refs/dispatches/${clone.dispatchId}`;
  const before = await madeBefore(work, ref, tree);
  if (before !== undefined) return before;
  const env = commitEnvironment(settings.identity, Math.floor(settings.now() / 1000));
  const sha = await commitTree(quarantine, { tree, message, env });
  await git.run({ gitDir: quarantine.gitDir, args: ["update-ref", "refs/heads/checked", sha] });
  await git.run({
    gitDir: mirrorDir,
    allow: ["file"],
    args: [
      "fetch",
      "--quiet",
      "--no-tags",
      "--no-write-fetch-head",
      "--end-of-options",
      quarantine.gitDir,
      `+refs/heads/checked:${ref}`,
    ],
    timeoutMs: 600_000,
  });
  return sha;
}

async function madeBefore(work: Work, ref: string, tree: string): Promise<Sha | undefined> {
  const { code, stdout } = await work.settings.git.run({
    gitDir: work.mirrorDir,
    args: ["log", "-1", "--format=%H%n%T%n%P%n%B", ref, "--"],
    okCodes: [0, 128],
  });
  if (code !== 0) return undefined;
  const [sha = "", madeOf, parent, ...message] = stdout.toString("utf8").split("\n");
  const same = madeOf === tree && parent === work.clone.baseSha;
  return same && message.join("\n").trim() === work.message.trim() ? Sha.parse(sha) : undefined;
}
