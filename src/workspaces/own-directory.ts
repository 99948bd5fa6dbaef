import { execFile } from "node:child_process";
import type { Stats } from "node:fs";
import { chmod, lchown, lstat, mkdir, readdir, realpath, rename } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { WorldError } from "../domain/failure.ts";

const run = promisify(execFile);
const SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

/** A user on the host to whom files are given so that a jailed process may write them. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Others may pass the root, since the database's account lives below it, and look into none of our folders in it. */
const PRIVATE = 0o700;

/**
 * The directory `segments` below `root`, made where missing. The first of them is for us alone, whatever is in it:
 * jails are shown its parts by bubblewrap, not by the way there. Every step must be a real directory: a link planted
 * anywhere on the way is refused, so that nothing is ever written outside `root`.
 */
export async function ownDirectory(root: string, ...segments: readonly string[]): Promise<string> {
  if (!isAbsolute(root)) throw new Error(`Data directory ${root} must be absolute`);
  await mkdir(root, { recursive: true, mode: 0o755 });
  let path = await realpath(root);
  for (const [index, segment] of segments.entries()) {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,150}$/.test(segment) || segment.includes("..")) {
      throw new Error(`Make a directory: ${JSON.stringify(segment)} is no plain name`);
    }
    path = join(path, segment);
    await mkdir(path, { mode: index === 0 ? PRIVATE : 0o755 }).catch(ignore("EEXIST"));
    const stats = await lstat(path);
    if (!stats.isDirectory()) {
      throw new WorldError(
        `Open ${path}: a directory was expected and something else is there`,
        "stop",
      );
    }
    // A folder of an earlier version may still be open.
    if (index === 0 && (stats.mode & 0o077) !== 0) await chmod(path, PRIVATE);
  }
  return path;
}

/** What stands at `path` without following a link; undefined when nothing does. */
export async function look(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Gives a tree to `owner`, links themselves and never what they point to. Only for trees that no other process writes
 * to: it is called once after we made them, before anybody else has seen them.
 */
export async function giveTo(path: string, owner: Owner | undefined): Promise<void> {
  if (owner === undefined) return;
  const stats = await lstat(path);
  const alone = !stats.isDirectory() || (await readdir(path)).length === 0;
  if (alone) return await lchown(path, owner.uid, owner.gid);
  const whom = `${owner.uid}:${owner.gid}`;
  await run("chown", ["-h", "-R", "-P", "--", whom, path], { env: { PATH: SYSTEM_PATH } });
}

/**
 * Removes a tree, also one whose directories were made unreadable or read-only. It first moves it to a name nobody
 * else knows, so that a half-removed tree is never taken for a whole one. Never follows a link.
 */
export async function removeTree(path: string): Promise<void> {
  const doomed = `${path}.removed-${process.pid}-${Date.now().toString(36)}`;
  try {
    await rename(path, doomed);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  await removeForGood(doomed);
}

/** Removes a tree where it stands; for leftovers of `removeTree`. */
export async function removeForGood(path: string): Promise<void> {
  const env = { PATH: SYSTEM_PATH };
  const remove = ["-rf", "--one-file-system", "--", path];
  try {
    await run("rm", remove, { env });
  } catch {
    // Directories without permissions, as agents and package caches leave them, are opened first.
    await run("chmod", ["-R", "u+rwx", "--", path], { env }).catch(() => undefined);
    await run("rm", remove, { env });
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

function ignore(code: string): (error: unknown) => void {
  return (error) => {
    if (codeOf(error) !== code) throw error;
  };
}
