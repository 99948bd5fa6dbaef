import type { RunId } from "../ids.ts";

/** What is queued of one repository: keys of its dispatches, each of which begins with its run's id and a dot. */
export interface QueueState {
  readonly atWork: readonly string[];
  /** In the order in which they will start, unless somebody comes before them meanwhile. */
  readonly waiting: readonly string[];
  /** For so many of those that wait there is room: they start at once. */
  readonly room: number;
}

/** The part of the engine's queue in which a repository's dispatches wait. */
export function partitionOf(repo: { readonly id: number }): string {
  return String(repo.id);
}

/** Where a run stands that cannot begin because its repository's places are taken. */
export interface QueuePlace {
  /** From 1. */
  readonly place: number;
  /** Runs of the repository that wait for a place, this one included. */
  readonly of: number;
  /** Issues whose runs go before this one. */
  readonly before: readonly number[];
  /** Issues whose runs have a place. */
  readonly atWork: readonly number[];
}

/** A run's place among the runs that wait; undefined when it is at work or does not wait for a place. */
export function placeOf(run: RunId, { atWork, waiting, room }: QueueState): QueuePlace | undefined {
  const busy = runsOf([...atWork, ...waiting.slice(0, room)]);
  if (busy.includes(run)) return undefined;
  const queued = runsOf(waiting.slice(room));
  const index = queued.indexOf(run);
  if (index < 0) return undefined;
  return {
    place: index + 1,
    of: queued.length,
    before: issuesOf(queued.slice(0, index)),
    atWork: issuesOf(busy),
  };
}

function runsOf(keys: readonly string[]): string[] {
  return [...new Set(keys.map((key) => key.split(".")[0] ?? key))];
}

function issuesOf(runs: readonly string[]): number[] {
  return [...new Set(runs.map((run) => Number(run.split("-")[1])))];
}

/** What decides a run's turn: whose it is, and since when. */
export interface Requested {
  readonly runId: RunId;
  readonly repo: { readonly id: number };
  readonly requestedBy: string;
  /** ISO time. */
  readonly createdAt: string;
}

/** So much later comes a run for each earlier one that its person has under way in the repository. */
const STAND_BACK_MINUTES = 24 * 60;

/**
 * A run's turn in its repository's queue; the smallest goes first. Older runs go before younger ones, but each run
 * that the same person has under way puts the next one back by a day: many runs of one person let everybody else's
 * first one pass, and still nobody waits for ever, because what is asked later than that comes after them.
 */
export function turnOf(run: Requested, live: readonly Requested[]): number {
  const earlier = live.filter(
    (other) =>
      other.runId !== run.runId &&
      other.repo.id === run.repo.id &&
      other.requestedBy.toLowerCase() === run.requestedBy.toLowerCase() &&
      other.createdAt <= run.createdAt,
  );
  return Math.floor(Date.parse(run.createdAt) / 60_000) + earlier.length * STAND_BACK_MINUTES;
}
