import type { MethodFact } from "../run/method-facts.ts";
import type { RunView } from "../run/run.ts";
import { ImplementationResult, TestingResult } from "../specialist/results.ts";
import type { Requirement } from "./plan.ts";
import { countClaims, singular } from "./requirements.ts";

export type Counted = Extract<MethodFact, { type: "counted" }>;

/** A change as git shows it: its added lines, and the files it touches. */
export interface Change {
  readonly added: string;
  readonly files: readonly string[];
}

/**
 * Counts what requirements ask for by number ("3 endpoints") in their own unit: each thing that an accepted specialist
 * says it made is looked for in the change. A requirement of which nobody claims anything is not counted, and so stays
 * a gap.
 */
export function countRequirements(view: RunView, change: Change): Counted[] {
  return (view.plan?.requirements ?? []).flatMap((requirement) => {
    const { id, count } = requirement;
    const claimed = claimsFor(view, requirement);
    if (count === undefined || claimed.length === 0) return [];
    const { found } = countClaims(claimed, change);
    return [
      {
        type: "counted" as const,
        requirement: id,
        unit: count.unit,
        wanted: count.n,
        found: found.slice(0, 500),
      },
    ];
  });
}

function claimsFor(view: RunView, { id, count }: Requirement): string[] {
  return view.tasks.flatMap((task) => {
    if (task.state !== "accepted") return [];
    const { data } = [ImplementationResult, TestingResult]
      .map((shape) => shape.safeParse(task.result))
      .find((parsed) => parsed.success) ?? { data: undefined };
    return (data?.counted ?? [])
      .filter((one) => one.requirement === id && singular(one.unit) === count?.unit)
      .flatMap((one) => one.items);
  });
}

/**
 * The added lines of a unified diff as git prints it, without their marks. The file `except` is left out; only git's
 * own header names a file, so that no added line can pass for one.
 */
export function addedLines(diff: string, except?: string): string {
  const added: string[] = [];
  let inHeader = false;
  let left = false;
  for (const line of diff.split("\n")) {
    if (line.startsWith("diff --git ")) [inHeader, left] = [true, false];
    else if (line.startsWith("@@")) inHeader = false;
    else if (inHeader) left ||= except !== undefined && line === `+++ b/${except}`;
    else if (line.startsWith("+") && !left) added.push(line.slice(1));
  }
  return added.join("\n");
}

/** The requirements as the plan words them. */
export function requirementLines(requirements: readonly Requirement[]): string[] {
  return requirements.map(({ id, text }) => `Requirement ${id}: ${text}`);
}

/** What a specialist is told of those requirements that the host will count. */
export function countLines(requirements: readonly Requirement[]): string[] {
  return requirements.flatMap(({ id, count }) =>
    count === undefined
      ? []
      : [
          `${id} asks for ${count.n} of the unit "${count.unit}": name each one that you made in \`counted\`, written as in the code; the host looks for every one in the change.`,
        ],
  );
}
