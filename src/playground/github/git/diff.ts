import type { FileDiff } from "./code-view.ts";
import type { Git } from "./run.ts";

const STATUS: Readonly<Record<string, FileDiff["status"]>> = {
  A: "added",
  D: "removed",
  M: "modified",
  R: "renamed",
  C: "copied",
  T: "changed",
};

/** The empty tree: what a root commit is compared with. */
export const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** What changed from one tree-ish to another, one entry per file, in git's order. */
export async function diffFiles(git: Git, from: string, to: string): Promise<FileDiff[]> {
  const range = ["-M", "-r", from, to];
  const [raw, numbers, patch] = await Promise.all([
    git.bytes(["diff-tree", "--raw", "-z", "--no-abbrev", ...range]),
    git.bytes(["diff-tree", "--numstat", "-z", ...range]),
    git.bytes(["diff-tree", "-p", "--full-index", ...range]),
  ]);
  const patches = splitPatch(patch.toString("utf8"));
  const counts = parseNumstat(numbers.toString("utf8"));
  return parseRaw(raw.toString("utf8")).map((file, i) => ({
    ...file,
    additions: counts[i]?.additions ?? 0,
    deletions: counts[i]?.deletions ?? 0,
    patch: patches[i] ?? null,
  }));
}

/** The diff as `git diff` prints it. */
export async function diffText(git: Git, from: string, to: string): Promise<Buffer> {
  return git.bytes(["diff-tree", "-p", "-M", "-r", "--full-index", from, to]);
}

type RawFile = Pick<FileDiff, "path" | "previousPath" | "status" | "sha">;

function parseRaw(text: string): RawFile[] {
  const parts = text.split("\0");
  const files: RawFile[] = [];
  for (let i = 0; i + 1 < parts.length; ) {
    // ":100644 100644 <sha> <sha> M", then one path, or two for a rename or copy.
    const [, , before = "", after = "", letters = ""] = (parts[i] ?? "").split(" ");
    const status = STATUS[letters.charAt(0)] ?? "changed";
    const moved = status === "renamed" || status === "copied";
    const first = parts[i + 1] ?? "";
    files.push({
      path: moved ? (parts[i + 2] ?? "") : first,
      previousPath: moved ? first : null,
      status,
      sha: status === "removed" ? before : after,
    });
    i += moved ? 3 : 2;
  }
  return files;
}

function parseNumstat(text: string): { additions: number; deletions: number }[] {
  const counts: { additions: number; deletions: number }[] = [];
  const parts = text.split("\0");
  for (let i = 0; i < parts.length; i += 1) {
    const match = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(parts[i] ?? "");
    if (match === null) continue;
    const [, added, deleted, path] = match;
    counts.push({ additions: Number(added) || 0, deletions: Number(deleted) || 0 });
    // A rename has an empty path here and its two names in the next two parts.
    if (path === "") i += 2;
  }
  return counts;
}

/** Hunks per file, in the diff's order; null where there is no text (binary, mode or name only). */
function splitPatch(text: string): (string | null)[] {
  const files = text.split(/^diff --git /m).slice(1);
  return files.map((file) => {
    const start = file.search(/^@@ /m);
    return start === -1 ? null : file.slice(start).replace(/\n$/, "");
  });
}

export interface DiffLine {
  /** 1-based distance from the first hunk header, GitHub's `position`. */
  position: number;
  left: number | null;
  right: number | null;
  text: string;
  /** The hunk from its header to this line, as review comments show it. */
  hunk: string;
}

/** The lines of a patch with their numbers on both sides. */
export function diffLines(patch: string): DiffLine[] {
  const lines: DiffLine[] = [];
  let left = 0;
  let right = 0;
  let hunk: string[] = [];
  for (const [position, text] of patch.split("\n").entries()) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text);
    if (header !== null) {
      left = Number(header[1]);
      right = Number(header[2]);
      hunk = [text];
      continue;
    }
    if (text.startsWith("\\")) continue;
    hunk.push(text);
    const added = text.startsWith("+");
    const removed = text.startsWith("-");
    lines.push({
      position,
      left: added ? null : left,
      right: removed ? null : right,
      text,
      hunk: hunk.join("\n"),
    });
    if (!added) left += 1;
    if (!removed) right += 1;
  }
  return lines;
}
