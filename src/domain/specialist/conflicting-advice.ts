import type { FindingView, RunView } from "../run/run.ts";
import type { QuestionDraft } from "./results.ts";

/** What one specialist recommends about one place. */
export interface Advice {
  readonly by: string;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Two specialists that recommend opposite things about the same place. */
export interface AdviceConflict {
  readonly place: string;
  readonly sides: readonly [Advice, Advice];
}

const NEAR_LINES = 3;
const AGAINST =
  /\b(?:remove|removes|drop|delete|forbid|disallow|disable|hide|avoid|omit|strip|stop|do not|don't|must not|should not|never|no longer|unnecessary|not asked for)\b/i;
const FOR =
  /\b(?:add|adds|introduce|keep|retain|allow|enable|expose|include|require|return|log|use|missing|restore|needs?)\b/i;

/** The advice that a run's findings give, with the specialist behind each. */
export function adviceOf(view: RunView): Advice[] {
  return view.findings.map((finding: FindingView) => ({
    by:
      view.tasks.find((task) => task.task.id === finding.taskId)?.task.specialist ?? finding.taskId,
    file: finding.file,
    line: finding.line,
    text: finding.text,
  }));
}

/**
 * Pairs of recommendations that cannot both be followed: of different specialists, about the same lines or the same
 * words, one for and one against the same thing. Such pairs go to people; no specialist overrules another.
 */
export function adviceConflicts(advice: readonly Advice[]): AdviceConflict[] {
  const found: AdviceConflict[] = [];
  for (const [index, one] of advice.entries())
    for (const other of advice.slice(index + 1))
      if (opposed(one, other))
        found.push({
          place: one.file === "" ? "the change" : `${one.file}:${one.line}`,
          sides: [one, other],
        });
  return found;
}

function opposed(one: Advice, other: Advice): boolean {
  if (one.by === other.by || one.file !== other.file) return false;
  if (one.file !== "" && Math.abs(one.line - other.line) > NEAR_LINES) return false;
  const [a, b] = [stance(one.text), stance(other.text)];
  if (a === 0 || b === 0 || a === b) return false;
  const words = nouns(one.text);
  return [...nouns(other.text)].some((word) => words.has(word));
}

function stance(text: string): -1 | 0 | 1 {
  if (AGAINST.test(text)) return -1;
  return FOR.test(text) ? 1 : 0;
}

function nouns(text: string): Set<string> {
  const words = text.toLowerCase().match(/[a-z_][a-z0-9_]{3,}/g) ?? [];
  return new Set(
    words
      .filter((word) => !AGAINST.test(word) && !FOR.test(word) && !COMMON.has(word))
      .map((word) => word.slice(0, 6)),
  );
}

const COMMON = new Set(
  "this that with from there their they when where will must should would could have been into than then only also does because which code file line function value call here".split(
    " ",
  ),
);

/** The question to people: the two ways with who recommends each; neither is preferred by the host. */
export function conflictQuestion(conflict: AdviceConflict): QuestionDraft {
  const [one, other] = conflict.sides;
  return {
    text: `${one.by} and ${other.by} recommend opposite things about ${conflict.place}. Which is to be followed?`,
    options: [
      {
        key: "a",
        label: one.text.slice(0, 2_000),
        consequence: `the advice of ${one.by} is followed`,
      },
      {
        key: "b",
        label: other.text.slice(0, 2_000),
        consequence: `the advice of ${other.by} is followed`,
      },
      {
        key: "c",
        label: "Neither",
        consequence: "the place stays as it is; say why, and both are told",
      },
    ],
    recommended: one.by.includes("security") ? "a" : other.by.includes("security") ? "b" : "a",
  };
}
