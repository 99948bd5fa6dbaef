import { TaskId } from "../ids.ts";
import type { PlannedTask } from "../plan/plan.ts";
import { errorSignature } from "./error-signature.ts";
import type { Evidence } from "./evidence.ts";
import { passed } from "./evidence.ts";
import { parseFailures } from "./failure-formats.ts";

/** Independent failures from which several specialists investigate together. */
const PARALLEL_FROM = 3;

const GROUP_TEXT = 3_000;

/** One failed test or build error, read from a command's output. */
export interface Failure {
  /** Where it is, relative to the repository; undefined when the output does not say. */
  readonly file?: string;
  readonly test?: string;
  /** The first production file that its stack names. */
  readonly cause?: string;
  readonly text: string;
  readonly signature: string;
}

/** Failures that share a file or a signature, and so probably a cause. */
export interface FailureGroup {
  readonly name: string;
  readonly files: readonly string[];
  readonly failures: readonly Failure[];
}

/** How failures are looked into: one specialist, or one for each group at the same time. */
export type Investigation =
  | { readonly kind: "none" }
  | { readonly kind: "single"; readonly groups: readonly FailureGroup[] }
  | { readonly kind: "parallel"; readonly groups: readonly FailureGroup[] };

/** Every failure that the failed commands among `evidence` show. A command that says nothing readable counts as one. */
export function failuresIn(evidence: readonly Evidence[]): Failure[] {
  return evidence
    .filter((item) => !passed(item))
    .flatMap((item) => {
      const found = parseFailures(item.outputTail).map((one) => ({
        ...one,
        signature: errorSignature(one.text === "" ? (one.test ?? "") : one.text),
      }));
      if (found.length > 0) return found;
      const text = item.outputTail.slice(-GROUP_TEXT);
      return [{ text: `${item.command}: ${text}`, signature: errorSignature(text) }];
    });
}

/** Puts failures together that share a file, a cause or a signature, directly or over others. In order of appearance. */
export function groupFailures(failures: readonly Failure[]): FailureGroup[] {
  const groups: { marks: Set<string>; failures: Failure[] }[] = [];
  for (const failure of failures) {
    const marks = marksOf(failure);
    const related = groups.filter((group) => marks.some((mark) => group.marks.has(mark)));
    const [target = { marks: new Set<string>(), failures: [] }, ...others] = related;
    if (related.length === 0) groups.push(target);
    for (const other of others) {
      target.failures.push(...other.failures);
      for (const mark of other.marks) target.marks.add(mark);
      groups.splice(groups.indexOf(other), 1);
    }
    target.failures.push(failure);
    for (const mark of marks) target.marks.add(mark);
  }
  return groups.map((group) => {
    const files = [...new Set(group.failures.flatMap((one) => one.file ?? []))];
    const name = files[0] ?? group.failures[0]?.test ?? "the output";
    return { name, files, failures: group.failures };
  });
}

function marksOf({ file, cause, signature }: Failure): string[] {
  return [
    `signature ${signature}`,
    ...[file, cause].flatMap((path) => (path === undefined ? [] : [`file ${path}`])),
  ];
}

/**
 * Decides who looks into failures. Three or more groups in different files without a shared signature go to one
 * specialist each, together; anything less, or failures that do not say where they are, to a single one.
 */
export function investigationOf(failures: readonly Failure[]): Investigation {
  const groups = groupFailures(failures);
  if (groups.length === 0) return { kind: "none" };
  const placed = groups.filter((group) => group.files.length > 0);
  return placed.length >= PARALLEL_FROM && placed.length === groups.length
    ? { kind: "parallel", groups }
    : { kind: "single", groups };
}

/** What an investigator of a group is given: a task of its own with error text and test names, and what to leave alone. */
export interface InvestigationBrief {
  readonly task: PlannedTask;
  readonly findings: readonly string[];
  readonly scope: readonly string[];
}

/** The brief for one group; `n` counts the groups of this round from 1, `round` the rounds of the run. */
export function investigationBrief(
  group: FailureGroup,
  place: { readonly round: number; readonly n: number; readonly of: number },
): InvestigationBrief {
  const tests = group.failures.map((failure) => failure.test).filter((name) => name !== undefined);
  const named = tests.length > 0 ? ` Failing tests: ${tests.slice(0, 20).join("; ")}.` : "";
  return {
    task: {
      id: TaskId.parse(`find-${place.round}-${place.n}`),
      title: `Find and mend the failure in ${group.name}`.slice(0, 120),
      specialist: "backend-developer",
      mode: "implementation",
      objective:
        `Find the cause of the failures in ${group.name} and mend it with the smallest sound change.${named}`.slice(
          0,
          4_000,
        ),
      inputs: [],
      files: [],
      expected_output:
        "A summary with the cause, the change, and the command that shows the named tests pass; no test is deleted or skipped.",
      depends_on: [],
    },
    findings: group.failures.slice(0, 5).map((failure) => describe(failure).slice(0, GROUP_TEXT)),
    scope: [
      `Look only into these failures; ${place.of - 1} other group(s) are being looked into by others at the same time.`,
      "Do not weaken, skip or delete a test to make it pass.",
    ],
  };
}

function describe(failure: Failure): string {
  const where = [failure.file, failure.test].filter((part) => part !== undefined).join(", ");
  return where === "" ? failure.text : `${where}:\n${failure.text}`;
}
