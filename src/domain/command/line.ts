/** How one line of a command is cut into words, options and text. Linear in the line's length. */
import { clip, code } from "../../reports/markdown.ts";
import { isPlainBranch } from "../branch-name.ts";
import { PHASES, type Phase } from "../phase.ts";
import { OPTIONS, type OptionName, type RunOptions } from "./command.ts";

export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Line {
  /** What is left of the line without its options. */
  readonly text: string;
  readonly values: Readonly<Partial<Record<OptionName, string>>>;
  readonly problems: readonly string[];
}

const QUOTES: Readonly<Record<string, string>> = { '"': '"', "\u201C": "\u201D" };

/** The next word from `from`: up to white space, except inside quotes that start a value and inside code spans. */
function nextWord(line: string, from: number): Word | undefined {
  let start = from;
  while (start < line.length && isSpace(line[start])) start += 1;
  if (start >= line.length) return undefined;
  let end = closingOf(line, start);
  while (end < line.length && !isSpace(line[end])) {
    const opensValue = line[end] === "=" && line.startsWith("--", start);
    end = opensValue ? Math.max(end + 1, closingOf(line, end + 1)) : end + 1;
  }
  return { text: line.slice(start, end), start, end };
}

/** Past the quote or code span that opens at `at`; `at` itself when none opens or none closes. */
function closingOf(line: string, at: number): number {
  const opening = line[at] ?? "";
  if (opening === "`") {
    let ticks = at;
    while (line[ticks] === "`") ticks += 1;
    const run = line.slice(at, ticks);
    const closing = line.indexOf(run, ticks);
    return closing < 0 ? line.length : closing + run.length;
  }
  const quote = QUOTES[opening];
  const closing = quote === undefined ? -1 : line.indexOf(quote, at + 1);
  return closing < 0 ? at : closing + 1;
}

function isSpace(character: string | undefined): boolean {
  return character !== undefined && /\s/.test(character);
}

/** The words of a line. */
export function wordsOf(line: string): Word[] {
  const words: Word[] = [];
  for (let word = nextWord(line, 0); word !== undefined; word = nextWord(line, word.end)) {
    words.push(word);
  }
  return words;
}

function unquoted(value: string): string {
  const closing = QUOTES[value[0] ?? ""];
  return closing !== undefined && value.length > 1 && value.endsWith(closing)
    ? value.slice(1, -1)
    : value;
}

/** Shows what a person wrote, safely and shortly. */
export function shown(text: string): string {
  return code(clip(text, 60));
}

/** Takes the options out of a line; `--` ends them. Code spans are never options. */
export function readLine(line: string, allowed: readonly OptionName[]): Line {
  const values: Partial<Record<OptionName, string>> = {};
  const problems: string[] = [];
  const kept: string[] = [];
  let from = 0;
  const words = wordsOf(line);
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i];
    if (word === undefined) break;
    if (isDashed(word.text, allowed)) problems.push(`${shown(word.text)}: write two hyphens.`);
    if (!/^--(?:\w|$)/.test(word.text)) continue;
    kept.push(line.slice(from, word.start));
    from = word.end;
    if (word.text === "--") break;
    const follower = words[i + 1];
    const read = readOption(word.text, follower?.text, allowed);
    if (read.tookNext && follower !== undefined) {
      from = follower.end;
      i += 1;
    }
    if (read.problem !== undefined) problems.push(read.problem);
    else if (read.name in values) problems.push(`\`--${read.name}\` is given twice.`);
    else values[read.name] = read.value;
  }
  kept.push(line.slice(from));
  const text = kept
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .join(" ");
  return { text, values, problems };
}

/** Phones turn two hyphens into a dash. */
function isDashed(word: string, allowed: readonly OptionName[]): boolean {
  return /^[\u2012-\u2015]/.test(word) && allowed.some((name) => word.slice(1).startsWith(name));
}

type OptionRead =
  | { readonly problem: string; readonly tookNext: boolean }
  | {
      readonly problem?: undefined;
      readonly name: OptionName;
      readonly value: string;
      readonly tookNext: boolean;
    };

function readOption(
  word: string,
  next: string | undefined,
  allowed: readonly OptionName[],
): OptionRead {
  const equals = word.indexOf("=");
  const given = (equals < 0 ? word.slice(2) : word.slice(2, equals)).toLowerCase();
  const name = allowed.find((candidate) => candidate === given);
  if (name === undefined) {
    return { problem: `${shown(word)} is not an option here.`, tookNext: false };
  }
  const { takes } = OPTIONS[name];
  if (takes === undefined) {
    if (equals < 0) return { name, value: "", tookNext: false };
    return { problem: `\`--${name}\` takes no value.`, tookNext: false };
  }
  const value = equals < 0 ? next : word.slice(equals + 1);
  if (value === undefined || value === "" || (equals < 0 && value.startsWith("--"))) {
    return { problem: `\`--${name}\` needs ${takes}.`, tookNext: false };
  }
  return { name, value: unquoted(value), tookNext: equals < 0 };
}

/** The options of a start, checked; problems are added to `problems`. */
export function runOptions(values: Line["values"], problems: string[]): RunOptions {
  const { base, phases, budget, model } = values;
  const usd = budget === undefined ? undefined : money(budget);
  const list = phases === undefined ? undefined : phaseList(phases, problems);
  if (base !== undefined && !isPlainBranch(base)) {
    problems.push(`\`--base\` expects a plain branch name, not ${shown(base)}.`);
  }
  if (budget !== undefined && usd === undefined) {
    problems.push(`\`--budget\` expects US dollars such as \`20\`, not ${shown(budget)}.`);
  }
  if (model !== undefined && !isModel(model)) {
    problems.push(`\`--model\` expects a model's name, not ${shown(model)}.`);
  }
  return {
    ...(base === undefined ? {} : { base }),
    ...(list === undefined ? {} : { phases: list }),
    ...("plan-only" in values ? { planOnly: true } : {}),
    ...(usd === undefined ? {} : { budgetUsd: usd }),
    ...(model === undefined ? {} : { model }),
  };
}

function isModel(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,99}$/.test(name) && !name.includes("..");
}

function phaseList(text: string, problems: string[]): readonly Phase[] {
  const names = text.split(",").map((name) => name.trim().toLowerCase());
  for (const name of names) {
    if (phaseNamed(name) === undefined) {
      problems.push(`\`--phases\` knows ${PHASES.join(", ")}, not ${shown(name)}.`);
    }
  }
  if (new Set(names).size < names.length) problems.push("`--phases` names a phase twice.");
  return PHASES.filter((phase) => names.includes(phase));
}

/** The phase a person named, in any case. */
export function phaseNamed(word: string): Phase | undefined {
  return PHASES.find((phase) => phase === word.toLowerCase());
}

/** US dollars above 0 up to 10,000, with at most two decimals, as `20`, `$20` or `20.50`. */
export function money(text: string): number | undefined {
  const match = /^\$?(\d{1,5}(?:\.\d{1,2})?)$/.exec(text);
  const usd = Number(match?.[1]);
  return match !== null && usd > 0 && usd <= 10_000 ? usd : undefined;
}
