import { posix } from "node:path";
import type { RepoCommand } from "../domain/gate/evidence.ts";

export type ReadFile = (path: string) => Promise<string | undefined>;

/** A repository's file names and, on demand, their text. Folders are named like `services/api`, the root `.`. */
export interface RepoTree {
  readonly files: readonly string[];
  has(dir: string, name: string): boolean;
  /** Folders that hold a file called `name`, outermost first, without vendored code, examples and fixtures. */
  foldersWith(name: string): string[];
  /** Files below `dir`. */
  below(dir: string): string[];
  read(dir: string, name: string): Promise<string | undefined>;
}

const NOT_OURS =
  /(^|\/)(node_modules|vendor|third_party|testdata|fixtures?|__fixtures__|examples?|templates?|\.[^/]+)\//;
const MAX_DEPTH = 5;
const MAX_MODULES = 30;

export function createTree(files: readonly string[], read: ReadFile): RepoTree {
  const known = new Set(files);
  return {
    files,
    has: (dir, name) => known.has(posix.join(dir, name)),
    foldersWith: (name) =>
      files
        .filter((path) => posix.basename(path) === name && !NOT_OURS.test(path))
        .map((path) => posix.dirname(path))
        .filter((dir) => depthOf(dir) <= MAX_DEPTH)
        .sort((one, other) => depthOf(one) - depthOf(other) || (one < other ? -1 : 1))
        .slice(0, MAX_MODULES),
    below: (dir) => (dir === "." ? [...files] : files.filter((path) => path.startsWith(`${dir}/`))),
    read: (dir, name) => read(posix.join(dir, name)),
  };
}

/** Folders of `dirs` that lie in no other of them. */
export function outermost(dirs: readonly string[]): string[] {
  return dirs.filter((dir) => !dirs.some((other) => other !== dir && contains(other, dir)));
}

export function contains(outer: string, inner: string): boolean {
  return outer === "." || inner === outer || inner.startsWith(`${outer}/`);
}

/** A detected command with the usual time limit for its kind. */
export function detected(kind: RepoCommand["kind"], command: string, cwd: string): RepoCommand {
  const minutes = kind === "test" || kind === "build" ? 20 : 10;
  return { kind, command, cwd, source: "detected", timeoutMs: minutes * 60_000 };
}

function depthOf(dir: string): number {
  return dir === "." ? 0 : dir.split("/").length;
}
