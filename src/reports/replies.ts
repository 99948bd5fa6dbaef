/** Every sentence of workflow the bot says in a comment of its own, one function each. */
import type { QuestionView } from "../domain/run.ts";
import { clip, inert } from "./markdown.ts";

/** The escalation sentence, exactly: `Blocked: … . Attempted: … . Recommend: … for … .` */
export function blockedSentence(parts: {
  issue: string;
  attempted: readonly string[];
  recommend: string;
  capability: string;
}): string {
  const attempted = parts.attempted.map((text) => plain(text)).join("; ");
  return `Blocked: ${plain(parts.issue)}. Attempted: ${attempted}. Recommend: ${plain(parts.recommend)} for ${plain(parts.capability)}.`;
}

function plain(text: string): string {
  return clip(inert(text), 1_000).replace(/[.\s]+$/, "");
}

/** A question comment: numbered, options with consequences, the recommended one, how and by whom to answer. */
export function questionComment(
  runId: string,
  asked: Pick<QuestionView, "number" | "question" | "mayAnswer">,
): string {
  const { number, question, mayAnswer } = asked;
  const options = question.options.map((option) => {
    const recommended = option.key === question.recommended ? " **(recommended)**" : "";
    return `- [ ] **${option.key}** ${inert(option.label)}${recommended} — ${inert(option.consequence)}`;
  });
  return [
    `<!-- orchestrate:question:${runId}:Q${number} -->`,
    `### Q${number}: ${inert(question.text)}`,
    "",
    ...options,
    "",
    `${mayAnswer} may answer: tick a box, or comment \`/orchestrate answer Q${number} ${question.recommended}\` (or your own words instead of the letter). Silence decides nothing; the run waits.`,
  ].join("\n");
}
