import type { TaskId } from "./ids.ts";
import type { Phase } from "./phase.ts";

const MAX_SLUG = 40;
const MAX_BRANCH = 200;

/** The only branches this app ever writes: `orchestrate/<issue>-<slug>-r<n>/<leaf>`. */
const RUN_BRANCH =
  /^orchestrate\/([1-9]\d{0,9})-([a-z0-9]+(?:-[a-z0-9]+){0,40})-r([1-9]\d{0,5})\/([a-z0-9]+(?:-[a-z0-9]+){0,60})$/;

/** Names git and GitHub accept and that no tool can take for an option, a refspec or a revision expression. */
const PLAIN_BRANCH = /^[A-Za-z0-9_][A-Za-z0-9._+@#-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._+@#-]*){0,20}$/;

/** What a run's branches are named after. `n` counts the runs on one issue from 1. */
export interface RunBranchOwner {
  readonly issue: number;
  readonly title: string;
  readonly n: number;
}

/** Lower-case ASCII words of `title` joined by hyphens, at most 40 characters; `task` when nothing is left. */
export function slugOf(title: string): string {
  const words = title
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  let slug = "";
  for (const word of words) {
    const longer = slug === "" ? word.slice(0, MAX_SLUG) : `${slug}-${word}`;
    if (longer.length > MAX_SLUG) break;
    slug = longer;
  }
  return slug === "" ? "task" : slug;
}

/** The branch a run's pull request is opened from. */
export function runBranch(owner: RunBranchOwner): string {
  return `${folderOf(owner)}/main`;
}

/** The branch of one task of a run; never equal to the run's own branch. */
export function taskBranch(owner: RunBranchOwner, phase: Phase, task: TaskId): string {
  return `${folderOf(owner)}/${phase}-${task}`;
}

/** The task branch that belongs to a run branch made by `runBranch`. */
export function taskBranchBeside(branch: string, phase: Phase, task: TaskId): string {
  const at = branch.lastIndexOf("/");
  return `${branch.slice(0, at)}/${phase}-${task}`;
}

/** True for the branches this app may write, and for nothing else. */
export function isOwnBranch(branch: string): boolean {
  return branch.length <= MAX_BRANCH && RUN_BRANCH.test(branch);
}

/** Issue and run number of one of our own branches; undefined for every other name. */
export function readOwnBranch(
  branch: string,
): { issue: number; n: number; leaf: string } | undefined {
  if (branch.length > MAX_BRANCH) return undefined;
  const match = RUN_BRANCH.exec(branch);
  if (match === null) return undefined;
  return { issue: Number(match[1]), n: Number(match[3]), leaf: match[4] ?? "" };
}

/**
 * True for a branch name of the repository that is safe to hand to git: plain ASCII, no option, refspec, revision or
 * `refs/` syntax. Stricter than git; a repository whose branch is refused here must be served by another branch.
 */
export function isPlainBranch(branch: string): boolean {
  if (branch.length > MAX_BRANCH || !PLAIN_BRANCH.test(branch)) return false;
  if (branch.startsWith("refs/") || branch === "HEAD" || /^[0-9a-f]{40}$/.test(branch))
    return false;
  return !branch.split("/").some(isBadComponent);
}

function isBadComponent(part: string): boolean {
  return part.includes("..") || part.endsWith(".") || part.endsWith(".lock") || part === "@";
}

function folderOf({ issue, title, n }: RunBranchOwner): string {
  return `orchestrate/${issue}-${slugOf(title)}-r${n}`;
}
