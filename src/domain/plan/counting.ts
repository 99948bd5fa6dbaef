import type { MethodFact } from "../run/method-facts.ts";
import type { RunView } from "../run/run.ts";
import { ImplementationResult, TestingResult } from "../specialist/results.ts";
import type { Requirement } from "./plan.ts";
import { singular } from "./requirements.ts";

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

/**
 * Looks for each thing that was claimed in what the change really holds: only different things that stand in the added
 * lines or among the changed files count. "118 files" are counted as files, not as calls.
 */
export function countClaims(
  claimed: readonly string[],
  change: Change,
): { readonly found: string[]; readonly notFound: string[] } {
  const text = plainRoute(change.added);
  const found = new Map<string, string>();
  const notFound: string[] = [];
  for (const item of claimed) {
    const key = plainRoute(item.replace(/^(?:GET|POST|PUT|PATCH|DELETE|HEAD)\s+(?=\/)/i, ""));
    const whole = `${/^[a-z]+(?= )/i.exec(item)?.[0]?.toUpperCase() ?? ""} ${key}`;
    const there = change.files.includes(item) || holdsWhole(text, key);
    if (there && key !== "") found.set(whole, item);
    else notFound.push(item);
  }
  return { found: [...found.values()], notFound };
}

/** Route parameters are written differently by every router: `{id}`, `:id` and `<id>` are one. */
function plainRoute(text: string): string {
  return text.toLowerCase().replace(/\/(?:\{[^}/\n]*\}|:[a-z]\w*|<[^>/\n]*>)/g, "/*");
}

function holdsWhole(text: string, key: string): boolean {
  for (let at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + 1)) {
    const [before, after] = [text[at - 1] ?? " ", text[at + key.length] ?? " "];
    if (!/[\w/*-]/.test(before) && !/[\w/*-]/.test(after)) return true;
  }
  return false;
}
