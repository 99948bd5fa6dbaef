import type { Limits } from "../limits.ts";
import type { LedgerFact } from "../run/ledger-event.ts";
import type { Gate, LoopVerdict, RoundGate } from "../run/method-facts.ts";
import type { QuestionDraft } from "../specialist/results.ts";
import { errorSignature } from "./error-signature.ts";

/** What is repeated when a gate fails; each has its own number of repetitions. */
export type Pattern = "requirements" | "quality" | "tests" | "checks";

function ofRounds(gate: Gate): gate is RoundGate {
  return gate !== "result" && gate !== "base";
}

const PATTERN_OF: Readonly<Record<RoundGate, Pattern>> = {
  requirements: "requirements",
  quality: "quality",
  security: "quality",
  tests: "tests",
  build: "tests",
  checks: "checks",
};

interface Streak {
  readonly value: string;
  readonly length: number;
}

/**
 * How often work was sent back, by the ledger alone: no restart, new name of a task or other specialist changes it.
 * Only a person's "revise" begins anew; a gate that is passed or accepted ends its own pattern and streak, never the
 * count of cycles.
 */
export interface LoopCounters {
  readonly cycles: number;
  readonly patterns: Readonly<Record<Pattern, number>>;
  readonly failures: Readonly<Partial<Record<Gate, Streak>>>;
  readonly diffs: Readonly<Partial<Record<Gate, Streak>>>;
  /** What people's "continue" has added to each limit. */
  readonly granted: number;
}

export const NO_LOOPS: LoopCounters = {
  cycles: 0,
  patterns: { requirements: 0, quality: 0, tests: 0, checks: 0 },
  failures: {},
  diffs: {},
  granted: 0,
};

type LoopLimits = Pick<Limits, "cycles" | "sameFailures" | "patternRetries" | "continueAdds">;

/** Folds a run's facts to its counters. `continueAdds` is what one "continue" is worth. */
export function loopCounters(
  facts: readonly LedgerFact[],
  limits: Pick<LoopLimits, "continueAdds">,
): LoopCounters {
  return facts.reduce((counters, fact) => count(counters, fact, limits.continueAdds), NO_LOOPS);
}

function count(counters: LoopCounters, fact: LedgerFact, continueAdds: number): LoopCounters {
  switch (fact.type) {
    case "gate-failed":
      return ofRounds(fact.gate) ? countFailure(counters, fact, fact.gate) : counters;
    case "gate-passed":
      return endStreaks(counters, fact.gate);
    case "loop-decided":
      if (fact.verdict === "revise") return NO_LOOPS;
      if (fact.verdict === "accept") return endStreaks(counters, fact.gate);
      return fact.verdict === "continue"
        ? { ...counters, granted: counters.granted + continueAdds }
        : counters;
    default:
      return counters;
  }
}

/** A gate that was passed, or that a person took as it is, has no streak any more; the cycles stay. */
function endStreaks(counters: LoopCounters, gate: Gate): LoopCounters {
  if (!ofRounds(gate)) return counters;
  const { [gate]: _failures, ...failures } = counters.failures;
  const { [gate]: _diffs, ...diffs } = counters.diffs;
  const patterns = { ...counters.patterns, [PATTERN_OF[gate]]: 0 };
  return { ...counters, patterns, failures, diffs };
}

function countFailure(
  counters: LoopCounters,
  fact: Extract<LedgerFact, { type: "gate-failed" }>,
  gate: RoundGate,
): LoopCounters {
  const { signature, diff } = fact;
  const pattern = PATTERN_OF[gate];
  return {
    ...counters,
    cycles: counters.cycles + 1,
    patterns: { ...counters.patterns, [pattern]: counters.patterns[pattern] + 1 },
    failures: { ...counters.failures, [gate]: extend(counters.failures[gate], signature) },
    diffs:
      diff === undefined
        ? counters.diffs
        : { ...counters.diffs, [gate]: extend(counters.diffs[gate], diff) },
  };
}

function extend(streak: Streak | undefined, value: string): Streak {
  return { value, length: streak?.value === value ? streak.length + 1 : 1 };
}

/** Whether work may be sent back once more after a gate has failed, or why a person has to decide. */
export type LoopDecision =
  | { readonly kind: "again"; readonly cycle: number }
  | { readonly kind: "escalate"; readonly why: string };

/** Decides after a `gate-failed` fact was counted. Each limit stands alone: they are never added together. */
export function loopDecision(
  counters: LoopCounters,
  gate: RoundGate,
  limits: Omit<LoopLimits, "continueAdds">,
): LoopDecision {
  const { granted, cycles } = counters;
  const same = counters.failures[gate]?.length ?? 0;
  if (same >= limits.sameFailures + granted)
    return {
      kind: "escalate",
      why: `the gate ${gate} failed ${same} times in a row for the same reason`,
    };
  const diffs = counters.diffs[gate]?.length ?? 0;
  if (diffs >= limits.sameFailures + granted)
    return { kind: "escalate", why: `the same change was handed in ${diffs} times` };
  const pattern = PATTERN_OF[gate];
  const tries = counters.patterns[pattern];
  if (tries > limits.patternRetries + granted)
    return {
      kind: "escalate",
      why: `${pattern} failed ${tries} times; ${tries - 1} repetitions did not mend it`,
    };
  if (cycles >= limits.cycles + granted)
    return {
      kind: "escalate",
      why: `${cycles} rounds of implementing, reviewing and testing are used up`,
    };
  return { kind: "again", cycle: cycles + 1 };
}

/**
 * Decides whether a task is dispatched once more after attempts that brought no acceptable result. Like the counters,
 * by the ledger alone; another task's attempts do not count.
 */
export function attemptDecision(
  facts: readonly LedgerFact[],
  taskId: string,
  limits: Pick<Limits, "taskAttempts" | "continueAdds">,
): LoopDecision {
  let [refused, granted, last] = [0, 0, ""];
  for (const fact of facts) {
    if (fact.type === "gate-failed" && fact.gate === "result" && fact.taskId === taskId) {
      refused += 1;
      last = fact.problems[0] ?? fact.signature;
    }
    if (fact.type !== "loop-decided") continue;
    if (fact.verdict === "revise") [refused, granted] = [0, 0];
    if (fact.verdict === "continue") granted += limits.continueAdds;
  }
  return refused >= limits.taskAttempts + granted
    ? { kind: "escalate", why: `task ${taskId} was refused ${refused} times; last: ${last}` }
    : { kind: "again", cycle: refused + 1 };
}

/** Gates whose failure a person may accept with the risk named; evidence itself cannot be talked away. */
export function mayBeAccepted(gate: Gate): boolean {
  return gate === "requirements" || gate === "quality" || gate === "security";
}

/** The problems that no person has accepted as they are. */
export function notAccepted(
  problems: readonly string[],
  decisions: readonly (LedgerFact & { readonly type: "loop-decided" })[],
): string[] {
  const accepted = decisions.filter((one) => one.verdict === "accept").flatMap((one) => one.open);
  const known = new Set(accepted.map(errorSignature));
  return problems.filter((problem) => !known.has(errorSignature(problem)));
}

/** Asks a person what to do when a loop has used up its limit. */
export function loopQuestion(
  gate: Gate,
  why: string,
  limits: Pick<LoopLimits, "continueAdds">,
): QuestionDraft {
  const accepted = mayBeAccepted(gate)
    ? "answer “b:” and the risk that you take; what is open is listed in the report as accepted by you"
    : "the run ends with a draft pull request and the open issues; it is not called complete";
  return {
    text: `The run is stuck: ${why}. How shall it go on? (In your own words, "revise: …" gives a new approach and begins to count anew.)`,
    options: [
      {
        key: "a",
        label: `Continue (+${limits.continueAdds})`,
        consequence: `up to ${limits.continueAdds} more rounds, then you are asked again`,
      },
      { key: "b", label: "Accept with known issues", consequence: accepted },
      {
        key: "c",
        label: "Show the history",
        consequence: "what failed in each round is listed, then you are asked again",
      },
      { key: "d", label: "Abort", consequence: "the run ends; its branches and its report stay" },
    ],
    recommended: "c",
  };
}

/** What an answer to `loopQuestion` means; `ask-back` says what is missing, and approves nothing. */
export type LoopAnswer =
  | { readonly kind: "decided"; readonly verdict: LoopVerdict; readonly text: string }
  | { readonly kind: "history" }
  | { readonly kind: "ask-back"; readonly missing: string };

const OPTIONS: Readonly<Record<string, LoopVerdict | "history">> = {
  a: "continue",
  b: "accept",
  c: "history",
  d: "abort",
};

/**
 * Reads a person's answer: an option, or words that begin with revise, continue, accept, history or abort. Accepting
 * needs the risk in the person's own words; anything ambiguous is asked back.
 */
export function readLoopAnswer(
  gate: Gate,
  answer: { readonly option?: string; readonly text: string },
): LoopAnswer {
  const text = answer.text.trim();
  const letter = answer.option ?? /^([a-d])\s*[:.,–—-]/i.exec(text)?.[1]?.toLowerCase();
  const word = /^(revise|continue|accept|history|abort)\b/i.exec(text)?.[1]?.toLowerCase();
  const wanted = letter === undefined ? word : OPTIONS[letter];
  const rest = ownWords(text, letter);
  switch (wanted) {
    case "history":
      return { kind: "history" };
    case "continue":
    case "abort":
      return { kind: "decided", verdict: wanted, text };
    case "revise":
      return rest.length < 3
        ? { kind: "ask-back", missing: "the new approach, after `revise:`" }
        : { kind: "decided", verdict: "revise", text: rest };
    case "accept":
      return mayBeAccepted(gate) && rest.length < 10
        ? { kind: "ask-back", missing: "the risk that you accept, in your own words" }
        : { kind: "decided", verdict: "accept", text: rest };
    default:
      return {
        kind: "ask-back",
        missing: "one of the options a to d, or `revise:` and the new approach",
      };
  }
}

/** What a person said beside naming the option, whether by its letter, its label or its first word. */
function ownWords(text: string, option: string | undefined): string {
  const unlettered =
    option !== undefined && new RegExp(`^${option}\\b`, "i").test(text) ? text.slice(1) : text;
  return unlettered
    .replace(/^[\s:,.–—-]+/, "")
    .replace(
      /^(?:revise(?: approach)?|continue(?: \(\+\d+\))?|accept(?: with known issues)?|history|abort)\b[\s:,.–—-]*/i,
      "",
    );
}

/** What failed in each round, oldest first, one line each, for a person to read. */
export function loopHistory(facts: readonly LedgerFact[]): string[] {
  const failed = facts.filter((fact) => fact.type === "gate-failed");
  return failed.map(
    (fact, index) =>
      `Round ${index + 1}, ${fact.phase}, ${fact.taskId}: ${fact.gate} failed: ${fact.problems[0] ?? fact.signature}`,
  );
}
