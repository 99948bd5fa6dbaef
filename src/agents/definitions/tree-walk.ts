import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";

/** How much of a folder is looked at. */
export interface WalkLimits {
  readonly depth: number;
  readonly directories: number;
  readonly files: number;
  readonly fileBytes: number;
}

/** For folders that an operator names: wide enough for any real collection. */
export const OPERATOR_LIMITS: WalkLimits = {
  depth: 32,
  directories: 50_000,
  files: 100_000,
  fileBytes: 4 * 1024 * 1024,
};

export interface Walked {
  /** Regular files that `wanted` accepts, relative with `/`, sorted. */
  readonly files: readonly string[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

const NEVER_ENTERED = new Set([".git", "node_modules"]);

/**
 * Lists files below `root` without following anything: symbolic links, FIFOs, sockets and devices are skipped with a
 * reason, and so is what lies beyond the limits. Rejects only when `root` itself cannot be read.
 */
export async function walkTree(
  root: string,
  limits: WalkLimits,
  wanted: (path: string) => boolean,
): Promise<Walked> {
  const files: string[] = [];
  const skipped: { path: string; reason: string }[] = [];
  const open: { path: string; depth: number }[] = [{ path: "", depth: 0 }];
  let directories = 0;
  for (let next = open.shift(); next; next = open.shift()) {
    directories += 1;
    const { path, depth } = next;
    if (depth > limits.depth) {
      skipped.push({ path, reason: `deeper than ${limits.depth} folders` });
      continue;
    }
    if (directories > limits.directories) {
      skipped.push({ path, reason: `beyond the first ${limits.directories} folders` });
      break;
    }
    for (const entry of await entriesOf(root, path, skipped)) {
      const inner = path === "" ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!NEVER_ENTERED.has(entry.name)) open.push({ path: inner, depth: depth + 1 });
      } else if (!wanted(inner)) continue;
      else if (!entry.isFile())
        skipped.push({ path: inner, reason: `not a regular file (${kindOf(entry)})` });
      else if (files.length < limits.files) files.push(inner);
      else skipped.push({ path: inner, reason: `beyond the first ${limits.files} files` });
    }
  }
  return {
    files: files.toSorted(byCodeUnits),
    skipped: skipped.toSorted((a, b) => byCodeUnits(a.path, b.path)),
  };
}

async function entriesOf(
  root: string,
  path: string,
  skipped: { path: string; reason: string }[],
): Promise<Awaited<ReturnType<typeof listing>>> {
  if (path === "") return await listing(root);
  try {
    return await listing(join(root, path));
  } catch (error) {
    skipped.push({ path, reason: `cannot be read (${codeOf(error)})` });
    return [];
  }
}

async function listing(path: string) {
  return await readdir(path, { withFileTypes: true });
}

/** The bytes of a regular file, or why they are not read. Never follows a link, never waits on a FIFO. */
export async function readBounded(
  path: string,
  maxBytes: number,
): Promise<{ bytes: Buffer } | { reason: string }> {
  try {
    const before = await lstat(path);
    if (!before.isFile()) return { reason: "not a regular file" };
    const handle = await open(
      path,
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
    try {
      const { size } = await handle.stat();
      if (size > maxBytes) return { reason: `${size} bytes; ${maxBytes} are allowed` };
      return { bytes: await handle.readFile() };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return { reason: `cannot be read (${codeOf(error)})` };
  }
}

function kindOf(entry: {
  isSymbolicLink(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
}): string {
  if (entry.isSymbolicLink()) return "symbolic link";
  if (entry.isFIFO()) return "FIFO";
  return entry.isSocket() ? "socket" : "device";
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}

/** The order of UTF-16 code units: the same on every machine. */
export function byCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
