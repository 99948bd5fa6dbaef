import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { inventedAndRead } from "./invented-fields.ts";
import type { Stage } from "./stage.ts";
import { processesOf } from "./stage-processes.ts";

export interface Leftovers {
  readonly processes: readonly string[];
  /** Clones, checkouts, agents' homes and package caches that nobody needs any more. */
  readonly workFolders: readonly string[];
  readonly temporary: readonly string[];
  /** Tokens that GitHub would still accept from the app. */
  readonly tokens: number;
  /** Fields that the app reads and the local GitHub only made up. */
  readonly invented: readonly string[];
}

/** The npm that is asked for its registry keeps its own compiled code there. */
const NPM_CACHE = "node-compile-cache";

/** What a stopped app left behind. */
export async function leftovers(stage: Stage): Promise<Leftovers> {
  return {
    processes: await lasting(stage.dir),
    workFolders: await workFolders(stage.dir),
    temporary: (await readdir(join(stage.dir, "tmp"))).filter((name) => name !== NPM_CACHE),
    tokens: stage.hub.store.tokens.filter(
      ({ kind, installationId }) =>
        kind === "installation" && installationId === stage.installationId,
    ).length,
    invented: inventedAndRead(stage),
  };
}

async function workFolders(dir: string): Promise<string[]> {
  const folders = ["dispatches", "verifications", "homes", "caches"];
  const found = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(join(dir, "app", "workspaces", folder)).catch(() => []);
      return names.map((name) => `${folder}/${name}`);
    }),
  );
  return found.flat();
}

const CLEARING_MS = 60_000;

/**
 * Waits while the app still removes what its ended runs had on disk: of a run that really built something that takes
 * longer than the words that end it, and nothing tells when it is done. What is left then is left.
 */
export async function cleared(dir: string): Promise<void> {
  const deadline = Date.now() + CLEARING_MS;
  while ((await workFolders(dir)).length > 0 && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

const GRACE_MS = 3_000;

/** The kernel takes a moment to take killed processes away; nothing tells when it has. */
async function lasting(dir: string): Promise<string[]> {
  const deadline = Date.now() + GRACE_MS;
  for (;;) {
    const found = processesOf(dir);
    if (found.length === 0 || Date.now() > deadline)
      return found.map(({ pid, command }) => `${pid} ${command.slice(0, 200)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
