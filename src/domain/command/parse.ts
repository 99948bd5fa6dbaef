import { UserError } from "../failure.ts";
import { PHASES } from "../phase.ts";
import {
  type Command,
  type CommandRow,
  helpText,
  nearestName,
  optionHelp,
  rowNamed,
  rowOf,
} from "./command.ts";
import { type Line, money, phaseNamed, readLine, runOptions, shown, wordsOf } from "./line.ts";

/** A command's text as the Markdown structure gave it. */
export interface Invocation {
  /** What follows `/orchestrate` on its line. */
  readonly line: string;
  /** The lines after it, up to the next command or the end of the comment. */
  readonly rest: string;
}

interface Parts extends Line {
  readonly row: CommandRow;
  readonly rest: string;
  readonly problems: string[];
}

/**
 * The command of an invocation. Throws a `UserError` that names every problem at once, with the options that are
 * valid, or the command that was probably meant.
 */
export function parseCommand({ line, rest }: Invocation): Command {
  const [first] = wordsOf(line);
  const word = first?.text ?? "";
  const row = word === "" ? undefined : rowNamed(approving(word));
  if (row === undefined) {
    const meant = misspelt(word, line.slice(first?.end ?? 0), rest);
    if (meant !== undefined) throw unknownCommand(word, meant);
    return read(rowOf("start"), line, rest);
  }
  return read(row, line.slice(first?.end ?? 0), rest);
}

/** `approve, but …` begins with that command, and is no task. */
function approving(word: string): string {
  return /^approve[,;:.!]+$/i.test(word) ? "approve" : word;
}

/**
 * Whether an unknown first word is a slip for a command: a word alone on its line, or one slip away from a command
 * whose arguments the other words would fit. Everything else is a task's first word.
 */
function misspelt(
  word: string,
  others: string,
  rest: string,
): { readonly name: string | undefined } | undefined {
  if (word === "" || word.startsWith("--") || word.startsWith("`")) return undefined;
  if (others.trim() === "") {
    const name = nearestName(word);
    if (name !== undefined || rest.trim() === "") return { name };
    return undefined;
  }
  const name = nearestName(word, 1);
  const [second = ""] = wordsOf(others).map(({ text }) => text);
  const fits: Readonly<Record<string, boolean>> = {
    retry: phaseNamed(second) !== undefined,
    skip: phaseNamed(second) !== undefined,
    budget: money(second) !== undefined,
    answer: /^(q\d{1,4}|[a-z])[:.)]?$/i.test(second),
    reject: true,
  };
  return name !== undefined && fits[name] === true ? { name } : undefined;
}

function unknownCommand(word: string, meant: { readonly name: string | undefined }): UserError {
  const nearest = meant.name === undefined ? "" : ` Did you mean \`/orchestrate ${meant.name}\`?`;
  return new UserError(
    `${shown(word)} is not a command.${nearest} A task of one word goes after \`--\`.\n\n${helpText()}`,
  );
}

function read(row: CommandRow, line: string, rest: string): Command {
  const { text, values, problems } = readLine(line, row.options);
  const parts: Parts = { row, text, values, rest: rest.trim(), problems: [...problems] };
  const command = build(parts);
  if (parts.problems.length > 0 || command === undefined) throw refusal(parts);
  return command;
}

function build(parts: Parts): Command | undefined {
  const { row, problems, text, values } = parts;
  switch (row.kind) {
    case "start":
    case "plan":
      return { kind: row.kind, task: wholeText(parts), options: runOptions(values, problems) };
    case "reject": {
      const reason = wholeText(parts);
      if (reason === "") problems.push("Say why, so that the next plan is better.");
      return { kind: "reject", reason };
    }
    case "answer":
      return answer(parts);
    case "retry": {
      if (text === "") return { kind: "retry" };
      const phase = phaseArgument(parts, text);
      return phase && { kind: "retry", phase };
    }
    case "skip": {
      const reason = (values.reason ?? "").trim();
      if (reason === "") problems.push('Give the reason: `--reason "…"`. It is recorded.');
      const phase = phaseArgument(parts, text);
      return phase && { kind: "skip", phase, reason };
    }
    case "budget": {
      const usd = money(text);
      if (usd === undefined) problems.push(`Expected US dollars such as \`40\`, ${got(text)}.`);
      return usd === undefined ? undefined : { kind: "budget", usd };
    }
    default:
      if (text !== "") problems.push(nothingAfter(row.kind, text));
      return { kind: row.kind };
  }
}

/** An approval with words is none; what else can be said is named. */
function nothingAfter(kind: string, text: string): string {
  const instead =
    kind === "approve"
      ? " To have it changed first, comment `/orchestrate reject` and what is to be different."
      : "";
  return `\`${kind}\` takes nothing after it, ${got(text)}.${instead}`;
}

function answer(parts: Parts): Command {
  const [first] = wordsOf(parts.text);
  const numbered = /^q(\d{1,4})[:.)]?$/i.exec(first?.text ?? "");
  const line = numbered ? parts.text.slice(first?.end ?? 0).trim() : parts.text;
  const text = wholeText({ ...parts, text: line });
  if (text === "") parts.problems.push("Give an option's letter or your answer in words.");
  return numbered
    ? { kind: "answer", question: Number(numbered[1]), text }
    : { kind: "answer", text };
}

function phaseArgument(parts: Parts, word: string): ReturnType<typeof phaseNamed> {
  const phase = phaseNamed(word);
  if (phase === undefined)
    parts.problems.push(`Expected one of ${PHASES.join(", ")}, ${got(word)}.`);
  return phase;
}

function got(text: string): string {
  return text === "" ? "got nothing" : `got ${shown(text)}`;
}

function wholeText({ text, rest }: Pick<Parts, "text" | "rest">): string {
  return [text, rest].filter((part) => part !== "").join("\n");
}

function refusal({ row, problems }: Parts): UserError {
  const name = row.kind === "start" ? "/orchestrate" : `/orchestrate ${row.kind}`;
  const usage = row.takes === "" ? name : `${name} ${row.takes}`;
  const options =
    row.options.length === 0 ? "" : `\n\nValid options:\n\n${optionHelp(row.options)}`;
  const hint =
    row.kind === "start"
      ? "A word of the task that begins with two hyphens goes in backticks, or after `--`."
      : `A task that begins with the word “${row.kind}” goes after \`--\`.`;
  const example = row.example === usage ? "" : `, for example \`${row.example}\``;
  return new UserError(
    `Nothing was done. The command is \`${usage}\`${example}.\n\n${problems
      .map((problem) => `- ${problem}`)
      .join("\n")}${options}\n\n${hint}`,
  );
}
