/** Every sentence of workflow the bot says in a comment of its own, one function each. */
import type { QuestionView } from "../domain/run/run.ts";
import { clip, code, inert } from "./markdown.ts";
import { count, moment } from "./words.ts";

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
  asked: Pick<QuestionView, "number" | "question" | "mayAnswer"> & {
    /** How commands are addressed to this installation; `/orchestrate` unless told. */
    readonly command?: string;
  },
): string {
  const { number, question, mayAnswer, command = "/orchestrate" } = asked;
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
    `${mayAnswer}${HOW_TO_ANSWER} \`${command} answer Q${number} ${question.recommended}\` (or your own words instead of the letter). Silence decides nothing; the run waits.`,
  ].join("\n");
}

const HOW_TO_ANSWER = " may answer: tick a box, or comment";

/** Whether a comment is a question that still waits for its answer, whichever installation asked it. */
export function isOpenQuestion(body: string): boolean {
  return body.includes("<!-- orchestrate:question:") && body.includes(HOW_TO_ANSWER);
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
  // The ticked option says it already, unless something was added to it.
  const said = rendered.includes(`- [ ] **${answer.option}** ${inert(answer.text)}`);
  const words = said ? "" : `: ${clip(inert(answer.text), 1_000)}`;
  return [...lines.slice(0, -1), `Answered by ${inert(answer.by)}${words}`].join("\n");
}

/** The question's comment when nobody answered it in time. */
export function closedQuestion(rendered: string, days: number): string {
  const lines = rendered.split("\n").slice(0, -1);
  return [
    ...lines,
    `Nobody answered within ${count(days, "day")}, so nothing was decided and the run is blocked. Comment \`/orchestrate retry\` to be asked again.`,
  ].join("\n");
}

/** A reminder of a question, to the person who asked for the run. It decides nothing. */
export function reminderComment(
  requestedBy: string,
  of: Pick<QuestionView, "number" | "question" | "askedAt" | "commentUrl"> & {
    readonly times: number;
  },
): string {
  const { number, question, askedAt, commentUrl, times } = of;
  const name = commentUrl === undefined ? `Q${number}` : `[Q${number}](${commentUrl})`;
  const again = times === 1 ? "" : ` This is reminder ${times}.`;
  return `@${requestedBy} ${name} still waits for an answer, asked ${moment(askedAt)}: ${clip(inert(question.text), 500)}\n\nThe run goes on when somebody who can write here answers; nothing is decided by waiting.${again}`;
}

/** What a reminder becomes when its question is answered. */
export function reminderDone(number: number, by: string): string {
  return `Q${number} is answered by ${inert(by)}; the run goes on.`;
}

/** The base branch that was asked for does not exist. */
export function missingBranch(branch: string): string {
  return `The branch ${code(branch)} does not exist in this repository, so nothing was started. Comment \`/orchestrate --base <branch>\` with a branch that does.`;
}

/** The repository's profile is wrong; `problems` is a Markdown list of all of them. */
export function wrongProfile(path: string, problems: string): string {
  return `The profile ${code(path)} on the default branch has mistakes, so nothing was started. Mend these and comment \`/orchestrate\` again:\n\n${problems}`;
}
