import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";

/**
 * The real path that `path` (relative to `root`) names, which may not exist yet. Throws when it lies outside `root`,
 * also by way of symbolic links, or inside git's own folder.
 */
export async function inside(root: string, path: string): Promise<string> {
  const realRoot = await realpath(root);
  const real = await realOfNearest(resolve(realRoot, path), path);
  const within = relative(realRoot, real);
  if (within === ".." || within.startsWith(`..${sep}`)) {
    throw new Error(`Refused: ${path} is outside the working directory.`);
  }
  if (within.split(sep).includes(".git")) {
    throw new Error(`Refused: ${path} belongs to git; the host commits for you.`);
  }
  return real;
}

/** `path` as people write it: relative to the working directory. */
export async function shown(root: string, path: string): Promise<string> {
  return relative(await realpath(root), path) || ".";
}

async function realOfNearest(path: string, asked: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const there = await lstat(path).catch(() => undefined);
  if (there) throw new Error(`Refused: ${asked} goes through a symbolic link that leads nowhere.`);
  return join(await realOfNearest(dirname(path), asked), basename(path));
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
