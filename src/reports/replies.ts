/** Every sentence of workflow the bot says in a comment of its own, one function each. */
import type { QuestionView } from "../domain/run/run.ts";
import { clip, code, inert } from "./markdown.ts";

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

/** Who may answer the questions of a run. */
export function mayAnswerWords(requestedBy: string): string {
  return `${requestedBy} or anyone who can write to this repository`;
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

/** The question's comment once it is answered: the option that was chosen is ticked, and who answered is said. */
export function answeredQuestion(
  rendered: string,
  answer: { readonly by: string; readonly text: string; readonly option?: string },
): string {
  const lines = rendered
    .split("\n")
    .map((line) =>
      line.startsWith(`- [ ] **${answer.option}** `) ? line.replace("- [ ]", "- [x]") : line,
    );
  const words = answer.option === undefined ? `: ${clip(inert(answer.text), 1_000)}` : "";
  return [...lines.slice(0, -1), `Answered by ${inert(answer.by)}${words}`].join("\n");
}

/** The base branch that was asked for does not exist. */
export function missingBranch(branch: string): string {
  return `The branch ${code(branch)} does not exist in this repository, so nothing was started. Comment \`/orchestrate --base <branch>\` with a branch that does.`;
}

/** The repository's profile is wrong; `problems` is a Markdown list of all of them. */
export function wrongProfile(path: string, problems: string): string {
  return `The profile ${code(path)} on the default branch has mistakes, so nothing was started. Mend these and comment \`/orchestrate\` again:\n\n${problems}`;
}
