/** What a run answers to a person's order: one sentence each, without a line break at the end. */
import type { Phase } from "../domain/phase.ts";
import type { QuestionDraft } from "../domain/specialist/results.ts";
import { code, inert } from "./markdown.ts";
import { count } from "./words.ts";

/** A pause was ordered while so many specialists are at work; what is under way is finished. */
export function pausing(atWork: number): string {
  const first =
    atWork === 0
      ? "Nothing new is started."
      : `Nothing new is started; the ${atWork === 1 ? "specialist" : count(atWork, "specialist")} at work may finish first.`;
  return `${first} Comment \`/orchestrate resume\` to go on.`;
}

/** The run has ended and only waits for reviews and orders. */
export function nothingToPause(): string {
  return "This run has ended and only stands by for reviews, so there is nothing to pause.";
}

export function resumed(): string {
  return "The run goes on.";
}

/** A retry from that phase; without one, of whatever is not done. */
export function retried(phase: Phase | undefined): string {
  return phase === undefined
    ? "What is not done yet is carried out again. Finished work is kept."
    : `Phase ${phase} and the phases after it are carried out again. The work of earlier phases is kept.`;
}

export function skipped(phase: Phase): string {
  return `Phase ${phase} is left out from here on. The report says so, with your reason.`;
}

export function budgetSet(usd: number): string {
  return `This run may now spend $${usd} in all.`;
}

export function cancelled(): string {
  return "The run is cancelled. Its branches are kept.";
}

/** An instruction came while so many specialists are at work. */
export function told(atWork: number): string {
  if (atWork === 0) return "Your instruction is told to whoever works next.";
  const who = atWork === 1 ? "the specialist" : `the ${count(atWork, "specialist")}`;
  return `Your instruction is told to ${who} at work, before any result counts, and to everyone who works after.`;
}

/** An instruction came after the run's work had ended. */
export function nextRound(): string {
  return "Your instruction begins another round of work on the same branch.";
}

export function answerTaken(number: number): string {
  return `Your answer to Q${number} is taken; the run goes on.`;
}

export function answeredBefore(number: number): string {
  return `Q${number} was answered before; the first answer counts.`;
}

/** The answer names no open question; `open` are the numbers of those there are. */
export function whichQuestion(open: readonly number[]): string {
  if (open.length === 0) return "This run has no open question.";
  return `Which question do you answer? Open: ${open.map((number) => `Q${number}`).join(", ")}.`;
}

/** The words ask back or name several options. */
export function unclearAnswer(number: number, question: QuestionDraft): string {
  const keys = question.options.map(({ key }) => code(key)).join(", ");
  return `That answers Q${number} in more than one way, or asks back, so it was not taken. Name one of ${keys}, or say it in your own words.`;
}

/** Words that approve with a condition, wish for a change, or say yes in another way: nothing is approved by them. */
export function notPlainlyApproved(number: number, question: QuestionDraft): string {
  const yes = question.options.find(({ approves }) => approves);
  const other = question.options.find(({ approves }) => !approves);
  function named(option: typeof yes): string {
    return `${code(`Q${number} ${option?.key}`)} (${inert(option?.label ?? "")})`;
  }
  return `Q${number} is still open: an approval counts only as it was asked, without conditions. Comment ${named(yes)} alone, or ${named(other)} and what is to be different.`;
}

export function noPlanWaits(): string {
  return "No plan waits for approval.";
}

export function aboutToStart(): string {
  return "The run was accepted and is about to start.";
}
