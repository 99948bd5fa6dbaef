/** What is said when a pull request conflicts with its base branch. */
import { shortSha } from "./words.ts";

const FILES_NAMED = 8;

interface Conflict {
  readonly branch: string;
  /** Tip of the base branch. */
  readonly base: string;
  readonly files: readonly string[];
}

/** Why a task is added that nobody planned. */
export function conflictsWithBase({ branch, base, files }: Conflict): string {
  return `the run branch conflicts with ${branch} at ${shortSha(base)} in ${listed(files)}`;
}

/** Why a run that was done takes up its work again. */
export function baseMovedAway(branch: string): string {
  return `${branch} moved, and the run branch conflicts with it now`;
}

export function mergeMessage(branch: string, base: string): string {
  return `Merge ${branch} at ${shortSha(base)} into the run branch`;
}

/** What the developer is told to do. */
export function resolveObjective({ branch, files }: Conflict): string {
  return (
    `The run's work and ${branch} changed the same lines of ${listed(files)}. In your clone these files hold both sides ` +
    "between conflict markers: first the run's side, then the other. Resolve every conflict so that both intentions are " +
    "kept, remove all markers, and change nothing else. You need no merge and no rebase: edit the files."
  );
}

/** What is wrong with a resolution, one sentence each. */
export function stillMarked(files: readonly string[]): string {
  return `Conflict markers are left in ${listed(files)}.`;
}

export function beyondConflict(files: readonly string[]): string {
  return `The resolution also changes files that only a person may let in: ${listed(files)}.`;
}

/** Why the run ends blocked: `tried` is what a developer's one attempt came to. */
export function conflictBlocks(
  conflict: Conflict,
  tried: readonly string[],
): { issue: string; attempted: string[]; recommend: string; capability: string } {
  return {
    issue: conflictsWithBase(conflict),
    attempted: [...tried],
    recommend: "user",
    capability: "a merge of the base branch into the run branch, made by hand and pushed",
  };
}

/** A second conflict is not tried again by itself. */
export const RESOLVED_BEFORE = "an earlier conflict with the base branch was resolved already";

function listed(files: readonly string[]): string {
  const named = files.slice(0, FILES_NAMED).join(", ");
  const more = files.length - FILES_NAMED;
  return more > 0 ? `${named} and ${more} more` : named;
}
