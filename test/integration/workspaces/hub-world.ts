import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { dispatchId, type RepoRef } from "../../../src/domain/ids.ts";
import type { TokenSource } from "../../../src/ports/github.ts";
import type { Clone } from "../../../src/ports/workspaces.ts";
import { newStage } from "../github/stage.ts";
import { agentRuns, makeWorld, RUN, temporaryDirectory, type World } from "./world.ts";

export interface Hub extends World {
  readonly url: string;
  /** Every token that was used. */
  readonly used: string[];
  /** Where every command line of git is written down. */
  readonly argv: string;
}

/** Real git over HTTP with real tokens. */
export async function worldOfHub(): Promise<Hub> {
  const stage = await newStage();
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const used: string[] = [];
  const tokens: TokenSource = {
    withToken: (of, permissions, use) =>
      stage.tokens.withToken(of, permissions, (token) => {
        used.push(token.reveal());
        return use(token);
      }),
  };
  const { repo } = stage;
  const bin = temporaryDirectory("bin");
  const [argv, git] = [join(bin, "argv"), join(bin, "git")];
  put(git, `#!/bin/sh\nprintf '%s ' "$@" >> ${argv}\nexec git "$@"\n`);
  chmodSync(git, 0o755);
  const world = await makeWorld({}, { gitBaseUrl: stage.hub.url, tokens, git });
  return { ...world, repo, used, url: stage.hub.url, argv };
}

export async function cloned(
  world: World,
  change: { run?: typeof RUN; repo?: RepoRef } = {},
): Promise<Clone> {
  const { run = RUN, repo = world.repo } = change;
  const sha = await world.workspaces.fetchBranch(repo, "main");
  if (sha === undefined) throw new Error("The remote has no main");
  const request = { dispatchId: dispatchId(run, "api", 1), sha, writable: true };
  return await world.workspaces.openClone(repo, request);
}

export async function inClone(world: World, clone: Clone, script: string): Promise<string> {
  const { dir, stateDir, borrows = [] } = clone;
  const dirs = { cwd: dir, writable: [dir, stateDir], readable: borrows };
  return (await agentRuns(world, dirs, `export HOME=${stateDir}; ${script}`)).output;
}

export function put(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
