import type { QuestionDraft } from "../../../../src/domain/specialist/results.ts";
import {
  blockedSentence,
  mayAnswerWords,
  questionComment,
} from "../../../../src/reports/replies.ts";

/** A function that makes a sentence, called with an example. */
export interface Said {
  readonly sentence: unknown;
  readonly name: string;
  readonly text: string;
}

/** What is said in one situation, in the order in which a person would read it. */
export interface Situation {
  readonly heading: string;
  readonly said: readonly Said[];
}

/** The sentence that a function makes of these arguments. */
export function said<A extends unknown[]>(
  sentence: (...args: A) => string | undefined,
  ...args: A
): Said {
  return saidAs(sentence, sentence(...args) ?? "(nothing)");
}

/** The same for a function that gives more than a text: what a person reads of it. */
export function saidAs(sentence: { readonly name: string }, text: string): Said {
  return { sentence, name: sentence.name, text };
}

/** Short texts that are kept as a list. */
export function listed(texts: Readonly<Record<string, string>>, name: string): Said {
  const lines = Object.values(texts).map((text) => `- ${text}`);
  return { sentence: texts, name, text: lines.join("\n") };
}

/** What stands on the issue when a run ends blocked with these words. */
export function blocked(
  sentence: { readonly name: string },
  parts: Parameters<typeof blockedSentence>[0],
): Said {
  return saidAs(sentence, blockedSentence(parts));
}

/** A question as people read it on the issue. */
export function asked(sentence: { readonly name: string }, question: QuestionDraft): Said {
  const mayAnswer = mayAnswerWords("alice");
  return saidAs(sentence, questionComment("7-12-r1", { number: 1, question, mayAnswer }));
}

/** All situations as one page. */
export function page(situations: readonly Situation[]): string {
  const parts = situations.map(({ heading, said: all }) =>
    [`## ${heading}`, ...all.map(({ name, text }) => `**${name}**\n\n${quoted(text)}`)].join(
      "\n\n",
    ),
  );
  return `# What the bot says\n\nMade by sentences.test.ts; \`npx vitest run test/unit/reports -u\` renews it. Read it from top to bottom.\n\n${parts.join("\n\n")}\n`;
}

function quoted(text: string): string {
  return text
    .split("\n")
    .map((line) => `> ${line}`.trimEnd())
    .join("\n");
}
