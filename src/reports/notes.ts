/** What the host notes in a run's record, shown under the notes of the status comment. */
import type { Phase } from "../domain/phase.ts";

/** Why a run that had a plan begins again with planning. */
export function plannedAnew(): string {
  return "planned anew: the work is larger than it looked";
}

export function skipNote(by: string, phase: Phase, reason: string): string {
  return `${by} left out phase ${phase}: ${reason}`;
}

/** The reason of a phase that a person left out. */
export function skipReason(by: string, reason: string): string {
  return `${reason.replace(/[.\s]+$/, "")}, says ${by}`;
}

export function budgetNote(by: string, usd: number): string {
  return `${by} set the budget of this run to $${usd}.`;
}

/** The latest order failed; the run stands by as before. */
export function notTakenNote(reason: string): string {
  return `The latest order could not be carried out: ${reason.slice(0, 500)}`;
}

/** A comment was no answer to that question, and its author was told how to answer. */
export function hintNote(question: number): string {
  return `A comment was not read as an answer to Q${question}; how to answer was explained once.`;
}

/** A review with more comments than one round takes; the others are not forgotten in silence. */
export function longReviewNote(by: string, taken: number, all: number): string {
  return `${by}'s review has ${all} comments; the first ${taken} are worked on. The other ${all - taken} are taken when another review says them again.`;
}

/** A review that asks for nothing. */
export function reviewNote(by: string, approved: boolean): string {
  return approved
    ? `${by} approved the pull request.`
    : `${by} left a review that asks for nothing.`;
}

/** The plan document could not be committed; the plan is carried out all the same. */
export function planNotWritten(reason: string): string {
  return `The plan document was not committed: ${reason}.`;
}

/** A plan leaves a phase out for want of time, and what was measured backs it. */
export function leftOutNote(phase: Phase, backing: string): string {
  return `Phase ${phase} is left out for want of time: ${backing}.`;
}
