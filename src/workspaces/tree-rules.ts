/** What an agent's change may contain. Pure: decides over the entries of a diff. */
import { INVISIBLE } from "../domain/invisible.ts";

export interface ChangedEntry {
  readonly path: string;
  readonly status: "A" | "M" | "D" | "T";
  /** Git's mode after the change, for example 100644; 000000 when deleted. */
  readonly mode: string;
  readonly blob: string;
}

export interface ChangeLimits {
  readonly maxFiles: number;
  readonly maxBlobBytes: number;
  readonly maxTotalBytes: number;
  readonly maxPathBytes: number;
}

export const DEFAULT_LIMITS: ChangeLimits = {
  maxFiles: 10_000,
  maxBlobBytes: 100_000_000,
  maxTotalBytes: 500_000_000,
  maxPathBytes: 1_024,
};

const MODES = new Set(["100644", "100755", "120000", "000000"]);
/** Characters that hide or reorder what a person reads, and control characters. */
const UNSEEN = new RegExp(`[\\p{Cc}${INVISIBLE}]`, "u");
const MAX_PROBLEMS = 20;

/** Parses `git diff-tree -r -z --raw --no-renames`. */
export function parseRawDiff(text: string): ChangedEntry[] {
  const parts = text.split("\0");
  const entries: ChangedEntry[] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const match = /^:\d+ (\d+) [0-9a-f]+ ([0-9a-f]+) ([AMDT])$/.exec(parts[index] ?? "");
    if (match === null) throw new Error(`Read a raw diff: unexpected entry ${parts[index]}`);
    const [, mode = "", blob = "", status = ""] = match;
    entries.push({
      path: parts[index + 1] ?? "",
      status: status as ChangedEntry["status"],
      mode,
      blob,
    });
  }
  return entries;
}

/** Workflow files run with the repository's own rights: a person applies them, never this app. */
export function isWorkflowFile(path: string): boolean {
  return /^\.github\/workflows(\/|$)/i.test(path);
}

/** Why these paths and kinds of entries cannot be taken; empty when they can. */
export function pathProblems(entries: readonly ChangedEntry[], limits: ChangeLimits): string[] {
  const problems: string[] = [];
  if (entries.length > limits.maxFiles) {
    problems.push(`${entries.length} files changed; the limit is ${limits.maxFiles}.`);
  }
  for (const entry of entries) {
    const problem = entryProblem(entry, limits);
    if (problem !== undefined) problems.push(problem);
    if (problems.length >= MAX_PROBLEMS) break;
  }
  return problems;
}

function entryProblem(entry: ChangedEntry, limits: ChangeLimits): string | undefined {
  const shown = JSON.stringify(entry.path.slice(0, 200));
  if (entry.mode === "160000") {
    return `${shown} is a repository inside the repository (a submodule); remove its .git or leave it out.`;
  }
  if (!MODES.has(entry.mode)) return `${shown} has the unknown file mode ${entry.mode}.`;
  if (entry.path === ".gitmodules" && entry.status !== "D") {
    return `${shown} declares submodules, which are not served.`;
  }
  // A name that the repository already has is its own business.
  if (entry.status !== "A") return undefined;
  if (Buffer.byteLength(entry.path) > limits.maxPathBytes) {
    return `${shown} is longer than ${limits.maxPathBytes} bytes, the limit of a path.`;
  }
  if (UNSEEN.test(entry.path)) return `${shown} holds control or invisible characters.`;
  if (entry.path.includes("\uFFFD")) return `${shown} is not UTF-8.`;
  if (entry.path.split("/").some(isGitName)) return `${shown} looks like git's own folder.`;
  return undefined;
}

/** `.git` and the spellings that file systems of other machines take for it. */
function isGitName(part: string): boolean {
  const plain = part
    .replaceAll(/[\u200C-\u200F\u202A-\u202E\u206A-\u206F\uFEFF]/gu, "")
    .replace(/::?\$.*$/u, "")
    .replace(/[. ]+$/u, "")
    .toLowerCase();
  return plain === ".git" || /^git~\d+$/.test(plain) || part === ".." || part === ".";
}

/** Why a symbolic link at `path` with this target cannot be taken; undefined when it stays inside the tree. */
export function linkProblem(path: string, target: string): string | undefined {
  const shown = `${JSON.stringify(path)} -> ${JSON.stringify(target.slice(0, 200))}`;
  if (target === "" || target.startsWith("/") || /[\0\\]/.test(target)) {
    return `${shown}: a link must be relative and stay inside the repository.`;
  }
  let depth = path.split("/").length - 1;
  let descended = false;
  for (const part of target.split("/")) {
    if (part === "" || part === ".") continue;
    if (isGitName(part) && part !== "..") return `${shown}: a link into git's own folder.`;
    if (part !== "..") {
      descended = true;
      continue;
    }
    // After a name, `..` may leave through another link; going up is only allowed at the start.
    depth -= 1;
    if (descended || depth < 0) return `${shown}: a link must not leave the repository.`;
  }
  return undefined;
}

/** Why blobs of these sizes cannot be taken. */
export function sizeProblems(
  blobs: readonly { path: string; bytes: number }[],
  limits: ChangeLimits,
): string[] {
  const problems = blobs
    .filter(({ bytes }) => bytes > limits.maxBlobBytes)
    .slice(0, MAX_PROBLEMS)
    .map(
      ({ path, bytes }) =>
        `${JSON.stringify(path)} has ${bytes} bytes; the limit is ${limits.maxBlobBytes}.`,
    );
  const total = blobs.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > limits.maxTotalBytes) {
    problems.push(`The change has ${total} bytes; the limit is ${limits.maxTotalBytes}.`);
  }
  return problems;
}
