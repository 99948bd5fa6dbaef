/** Every sentence that answers a command, one function each. Texts of others come in as code. */
import { helpText } from "../domain/command/command.ts";
import type { QuestionDraft } from "../domain/specialist/results.ts";
import type { LiveRun } from "../ports/control.ts";
import { clip, code, inert } from "../reports/markdown.ts";

export function notServed(owner: string): string {
  return `This installation does not serve ${code(owner)}. Its operator can add the name to \`ALLOWED_OWNERS\`.`;
}

export function refused(login: string, reason: string): string {
  return `@${login} ${reason} Nothing was done. Somebody who has it can do it instead.`;
}

/** What somebody wanted to do who may not, as the beginning of the reason. */
export const ACTIONS = {
  answer: "An answer",
  tick: "Ticking an answer",
  half: "Ticking that a half is done",
  review: "A review that is worked on",
  closing: "Closing the issue of a run",
} as const;

export function tooMany(login: string): string {
  return `@${login} that is more commands than one person can give here in ten minutes. The latest were not carried out; please wait a little and repeat what still matters.`;
}

export function closed(number: number): string {
  return `No run was started: #${number} is closed. Reopen it and comment again.`;
}

export function alreadyLive(run: LiveRun): string {
  return `${whatRuns(run)} A second run was not started. Steer it with \`/orchestrate <text>\`, look with \`/orchestrate status\`, or stop it with \`/orchestrate cancel\`.`;
}

export function steered(run: LiveRun, said: string | undefined): string {
  const outcome = said ?? "Your text was given to it.";
  return `${whatRuns(run)} A second run was not started; ${lowerFirst(outcome)}`;
}

export function optionsIgnored(): string {
  return "Options count only when a run starts, so they changed nothing.";
}

export function notLive(kind: string): string {
  return `\`${kind}\` needs a run that is under way, and there is none here. Start one with \`/orchestrate\`.`;
}

export function noRunYet(): string {
  return "There has been no run here yet. Start one with `/orchestrate`.";
}

export function help(): string {
  return `### Commands\n\n${helpText()}`;
}

/** Added to whatever else is said when a comment held more than one command. */
export function moreCommands(more: number): string {
  const others = more === 1 ? "One more command" : `${more} more commands`;
  return `${others} in the same comment ${more === 1 ? "was" : "were"} not read: only the first one counts.`;
}

/** Said once per question, where a comment was none of its answers. */
export function howToAnswer(number: number, question: QuestionDraft): string {
  const keys = question.options.map(({ key }) => code(key)).join(", ");
  return `Q${number} is still open, and this comment was not read as its answer. Tick a box in the question, begin a comment with ${code(`Q${number}`)} and one of ${keys} or your own words, or quote the question above your answer.`;
}

/** Said once per question, where another orchestrator asks on the same issue and a comment does not say whom it answers. */
export function whomToAnswer(number: number, question: QuestionDraft, command: string): string {
  const example = code(`${command} answer Q${number} ${question.recommended}`);
  return `More than one orchestrator waits for an answer here, and this comment does not say which one it answers. For Q${number}, “${clip(inert(question.text), 200)}”: tick a box in it, quote it above your answer, or comment for example ${example}.`;
}

/** Two boxes of one question are ticked. */
export function severalTicks(number: number): string {
  return `Several boxes of Q${number} are ticked, so none of them counts. Leave one ticked, or comment \`/orchestrate answer Q${number} <option>\`.`;
}

/** What closing the issue of a run at work did. */
export function issueClosed(issue: number, done: string): string {
  return done === "cancel"
    ? `#${issue} was closed as not planned, so its run is cancelled. Its branches are kept.`
    : `#${issue} was closed, so its run is paused: nothing new is started. Comment \`/orchestrate resume\` to let it finish, or \`/orchestrate cancel\` to stop it.`;
}

function whatRuns(run: LiveRun): string {
  const where = run.pullRequest === undefined ? "" : ` (#${run.pullRequest})`;
  const link = run.statusUrl === undefined ? "" : ` [Its status](${run.statusUrl}).`;
  const what = run.standsBy
    ? "A run has done its work here and stands by"
    : "A run is under way here";
  return `${what}${where}: ${clip(run.state, 200)}.${link}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
