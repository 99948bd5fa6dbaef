import type { QuestionDraft } from "../specialist/results.ts";
import { approvesInOtherWords } from "./plain-approval.ts";

/** A question that waits for its answer, as far as answers are read for it. */
export interface AskedQuestion {
  readonly number: number;
  readonly question: QuestionDraft;
}

/** An answer in a comment without a command: a free text, or an option by its key. */
export interface ReadAnswer {
  readonly number: number;
  readonly text: string;
  readonly option?: string;
}

const NUMBERED = /^[*_]*Q(\d{1,3})\b[*_]*[\s:.,)–—-]*/i;
/** Words after which a lone `a` or `i` at the beginning is an option and not the word. */
const GROUNDS = /^(?:because|since|as|please|but|for)\b/i;
/** Shorter texts of questions are not looked for in quotes. */
const SHORTEST_QUOTE = 8;

/**
 * Reads a comment as an answer where somebody else asks, too: only one that quotes the very words of a question says
 * whom it answers.
 */
export function readQuotedAnswer(
  body: string,
  open: readonly AskedQuestion[],
): ReadAnswer | undefined {
  const { quoted } = splitQuote(body.replace(/\r\n?/g, "\n").trim());
  const asked = open.filter(({ question }) => plain(quoted).includes(plain(question.text)));
  return asked.length === 0 ? undefined : readAnswer(body, asked);
}

/**
 * Reads a comment as an answer: it begins with a question's number (`Q1 b`), with an option's key when only one
 * question is open, or it quotes the question. A comment that asks back, names several options or begins in any other
 * way is no answer, and nothing is guessed from it.
 */
export function readAnswer(body: string, open: readonly AskedQuestion[]): ReadAnswer | undefined {
  const { quoted, rest } = splitQuote(body.replace(/\r\n?/g, "\n").trim());
  if (quoted !== "") {
    const asked = open.filter((one) => quotes(quoted, one));
    const [only, ...others] = asked;
    return only && others.length === 0 ? answerTo(only, rest) : undefined;
  }
  const numbered = NUMBERED.exec(rest);
  if (numbered) {
    const asked = open.find(({ number }) => number === Number(numbered[1]));
    return asked && answerTo(asked, rest.slice(numbered[0].length));
  }
  const [only, ...others] = open;
  if (!only || others.length > 0) return undefined;
  return optionIn(rest, only.question) === undefined ? undefined : answerTo(only, rest);
}

/** The open question that a comment would approve, were it not for a condition, a change or other words for yes. */
export function halfApproved(
  body: string,
  open: readonly AskedQuestion[],
): AskedQuestion | undefined {
  const { quoted, rest } = splitQuote(body.replace(/\r\n?/g, "\n").trim());
  const numbered = NUMBERED.exec(rest);
  const said = numbered ? rest.slice(numbered[0].length) : rest;
  const asked = open.filter(
    (one) =>
      (numbered ? one.number === Number(numbered[1]) : quoted === "" || quotes(quoted, one)) &&
      approvesInOtherWords(said, one.question),
  );
  const [only, ...others] = asked;
  return others.length === 0 ? only : undefined;
}

/** The lines quoted at the beginning, without their marks, and what follows them. */
function splitQuote(body: string): { quoted: string; rest: string } {
  const lines = body.split("\n");
  const end = lines.findIndex((line) => !line.startsWith(">"));
  const count = end === -1 ? lines.length : end;
  return {
    quoted: lines
      .slice(0, count)
      .map((line) => line.replace(/^>+\s?/, ""))
      .join("\n"),
    rest: lines.slice(count).join("\n").trim(),
  };
}

function quotes(quoted: string, { number, question }: AskedQuestion): boolean {
  const named = /^[#\s*_]*Q(\d{1,3})\s*:/im.exec(quoted);
  if (named) return Number(named[1]) === number;
  const wanted = plain(question.text);
  return wanted.length >= SHORTEST_QUOTE && plain(quoted).includes(wanted);
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

function answerTo({ number, question }: AskedQuestion, said: string): ReadAnswer | undefined {
  const text = said.trim();
  const words = answerIn(text, question);
  if (words === undefined) return undefined;
  return { number, text, ...(words.option === undefined ? {} : { option: words.option }) };
}

/** An answer in full: the option's label with what else was said, or the words alone. */
export interface AnswerWords {
  readonly option?: string;
  readonly text: string;
}

/**
 * What words said to one question answer; undefined when they are empty, ask back, name several options, or approve
 * with a condition or without naming the option.
 */
export function answerIn(said: string, question: QuestionDraft): AnswerWords | undefined {
  const text = said.trim();
  const key = optionIn(text, question) ?? optionNamed(text, question);
  const option = question.options.find((candidate) => candidate.key === key);
  if (option === undefined)
    return text === "" ||
      asksBack(text) ||
      wavers(text, question) ||
      approvesInOtherWords(text, question)
      ? undefined
      : { text };
  const more = wordsBeside(text, option);
  if (option.approves && approvesInOtherWords(text, question)) return undefined;
  return { option: option.key, text: more === "" ? option.label : `${option.label}: ${more}` };
}

/** The key of the option that is called exactly so; undefined when none is, or when it is asked rather than said. */
function optionNamed(text: string, question: QuestionDraft): string | undefined {
  if (asksBack(text)) return undefined;
  const said = plain(text);
  return question.options.find(({ key, label }) => key === said || plain(label) === said)?.key;
}

/** What an answer says beside naming its option by key or label; empty when it says nothing more. */
function wordsBeside(text: string, option: { key: string; label: string }): string {
  const said = text.trim();
  if (plain(said) === plain(option.label)) return "";
  const keyed = new RegExp(
    `^[*_\`(]*${option.key}[*_\`)]*(?=$|[\\s.,:;!)–—-])[\\s.,:;!)–—-]*`,
    "i",
  );
  return said.replace(keyed, "");
}

/** The option whose key the text begins with, if nothing in its first line takes that back. */
function optionIn(text: string, question: QuestionDraft): string | undefined {
  const [line = ""] = text.split("\n");
  const found = /^[*_`(]*([a-z])[*_`)]*(?=$|[\s.,:;!)–—-])(.*)$/i.exec(line);
  const key = found?.[1]?.toLowerCase() ?? "";
  const after = found?.[2] ?? "";
  if (!question.options.some((option) => option.key === key)) return undefined;
  if (asksBack(line) || wavers(line, question)) return undefined;
  const isWord = (key === "a" || key === "i") && /^\s+\S/.test(after);
  return isWord && !GROUNDS.test(after.trim()) ? undefined : key;
}

function asksBack(text: string): boolean {
  return /\?[\s)*_"]*$/.test(text.split("\n")[0] ?? "") || /\?\s*$/.test(text);
}

/** True for `a or b`, `a/b`, `b, c`: several options, so none. */
function wavers(line: string, question: QuestionDraft): boolean {
  const keys = question.options.map(({ key }) => key).join("");
  return new RegExp(`^[*_\`(]*[${keys}][*_\`)]*\\s*(?:or|and|/|,|&|\\+)\\s*[${keys}]\\b`, "i").test(
    line,
  );
}
