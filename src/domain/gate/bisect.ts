import type { Sha, TaskId } from "../ids.ts";
import type { LedgerFact } from "../run/ledger-event.ts";
import { type Evidence, passed } from "./evidence.ts";

/** One state of the run branch, and what made it. The first is the base commit, which nobody of the run made. */
export interface Position {
  readonly sha: Sha;
  readonly taskId?: TaskId;
  /** Who pushed it, for commits of somebody else. */
  readonly by?: string;
}

/**
 * The states of the run branch in their order, from the base to its head, by the ledger alone. What the host itself put
 * there, such as the plan, is no state of its own unless it is the head.
 */
export function positionsOf(
  facts: readonly LedgerFact[],
  from: { readonly baseSha: Sha; readonly head: Sha },
): Position[] {
  const positions: Position[] = [{ sha: from.baseSha }];
  for (const fact of facts) {
    const next = positionOf(fact);
    if (next !== undefined && next.sha !== positions.at(-1)?.sha) positions.push(next);
  }
  if (positions.at(-1)?.sha !== from.head) positions.push({ sha: from.head });
  return positions;
}

function positionOf(fact: LedgerFact): Position | undefined {
  switch (fact.type) {
    case "integrated":
      return { sha: fact.sha, taskId: fact.taskId };
    case "adopted":
      return { sha: fact.sha, by: fact.by };
    case "base-merged":
      return { sha: fact.sha, by: "the base branch" };
    default:
      return undefined;
  }
}

/**
 * The part of the history that is searched: the last state known to be green (absent: none is) and every state after
 * it, the red head last. Where the head itself was green before, what was seen earlier proves nothing any more.
 */
export function searched(positions: readonly Position[], evidence: readonly Evidence[]): Searched {
  const head = positions.at(-1);
  if (head && isGreen(head.sha, evidence.slice(0, firstRed(head.sha, evidence))))
    return { known: "outdated", suspects: positions.slice(1) };
  const at = positions.findLastIndex(({ sha }) => isGreen(sha, evidence));
  return at < 0
    ? { known: "nothing", suspects: positions.slice(1) }
    : { known: "green", suspects: positions.slice(at + 1) };
}

/** `known` says what the state before the suspects is: seen green, never seen, or seen before things changed. */
export interface Searched {
  readonly known: "green" | "nothing" | "outdated";
  readonly suspects: readonly Position[];
}

function firstRed(sha: Sha, evidence: readonly Evidence[]): number {
  const at = evidence.findIndex((item) => item.sha === sha && !passed(item));
  return at < 0 ? evidence.length : at;
}

/** True when tests ran on `sha` and nothing that ran there failed. */
export function isGreen(sha: Sha, evidence: readonly Evidence[]): boolean {
  const own = evidence.filter((item) => item.sha === sha);
  return own.some((item) => item.kind === "test") && own.every(passed);
}

/** The middle of what is left between a green and a red state; undefined when the first red one is found. */
export function probe(suspects: readonly Position[]): number | undefined {
  return suspects.length < 2 ? undefined : Math.floor((suspects.length - 2) / 2);
}
