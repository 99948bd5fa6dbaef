import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";

const OTHERS = 0o077;

/** Paths below `root` that another user of the machine can read, change or list, as far as the way there is open. */
export function openPaths(root: string, at = root): string[] {
  return readdirSync(at, { withFileTypes: true }).flatMap((entry) => {
    const path = join(at, entry.name);
    if (entry.isSymbolicLink()) return [];
    const isOpen = (statSync(path).mode & OTHERS) !== 0;
    if (!isOpen) return [];
    return [relative(root, path), ...(entry.isDirectory() ? openPaths(root, path) : [])];
  });
}
