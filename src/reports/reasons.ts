/** Why the host adds a task or opens a run again, and what comes next: half sentences for the report and the headline. */
import type { Phase } from "../domain/phase.ts";
import type { ReviewGate } from "../domain/specialist/acceptance.ts";
import { count, listed } from "./words.ts";

/** A person reviewed, so the review is read. */
export function reviewed(by: string): string {
  return `${by} reviewed`;
}

/** A person's review asks for something. */
export function changesAsked(by: string): string {
  return `${by} asked for changes in a review`;
}

/** A person's instruction is worked on after all others were done. */
export function askedFor(by: string): string {
  return `${by} asked for it`;
}

/** Somebody else pushed to the run's branch. */
export function commitsOfOthers(): string {
  return "commits of somebody else";
}

/** The other side's half is complete. */
export function halfComplete(to: string): string {
  return `the half of ${to} is complete`;
}

/** A person wants phases carried out again. */
export function retriedFrom(phase: Phase): string {
  return `retry from ${phase}`;
}

/** Required checks are red. */
export function checksFailed(names: readonly string[]): string {
  const shown = names.map((name) => JSON.stringify(name));
  return `${names.length === 1 ? "the required check" : "the required checks"} ${listed(shown)} failed`;
}

/** What one red required check says, for the developer who mends it and for the report. */
export function redCheck(name: string, sha: string, detail: string): string {
  return `The required check ${JSON.stringify(name)} is red on ${sha.slice(0, 7)}. It says:\n${detail}`;
}

/** The final suite is red because of one task. */
export function redSince(task: string): string {
  return `the suite is red since the integration of ${task}`;
}

/** A person asked the run to stop. */
export function stopAsked(): string {
  return "asked to stop; its branches are kept";
}

/** The pull request was merged or closed while the run worked. */
export function pullRequestGone(what: "merged" | "closed", number: number): string {
  return `${what} pull request #${number} while it was worked on; its branches are kept`;
}

/** The profile is wrong, and its mistakes were listed in a comment. */
export function profileMistakes(path: string): string {
  return `${path} has mistakes; they are listed on the issue`;
}

/** Definitions were ignored, more of them than are named. */
export function moreIgnored(more: number): string {
  return `and ${more} more; npm run doctor lists them all`;
}

/** What becomes of work that was not accepted. */
export const NEXT = {
  anotherRound: "another round, within the limits",
  dispatchedAgain: "dispatched again with what was wrong, within the limit of attempts",
  developerMends: "the developer is asked to address the findings; then the review is repeated",
  person: "a person is asked",
  suiteMended: "the developer is asked to make the whole suite pass",
  again: "dispatched again with what was wrong",
  askedAgain: "asked again",
  everythingToDo: "every comment is taken as something to do",
} as const;

/** What was wrong with work that was handed in, or that was not. */
export const PROBLEMS = {
  noPlan: "The orchestrator ended without a plan.",
  noCommit: "No commit came.",
  noFix: "The fix came without a commit.",
  fixNotIntegrated: "The fix could not be integrated onto the run branch.",
  notIntegrated: "It could not be integrated.",
  stillRed: "The suite is still red with all of them.",
  forPeople: "It says that people have to decide.",
  notClassed: "No comment was classed.",
} as const;

/** What one of several developers brought does not go with what the others did. */
export function conflictsWithOthers(files: readonly string[]): string {
  return `It conflicts with the others in ${files.join(", ")}.`;
}

/** The title of a task that mends what was found. */
export function fixTitle(round: number): string {
  return `Fix what was found (round ${round})`;
}

/** The title of a task that resolves a conflict with the base branch. */
export function conflictTitle(branch: string): string {
  return `Resolve the conflict with ${branch}`;
}

/** The title of a task that reads a person's review. */
export function readingTitle(by: string): string {
  return `Read the review of ${by}`;
}

/** Failures that have nothing to do with each other are looked into by one developer each. */
export function independentFailures(because: string, groups: number): string {
  return `${because}: ${count(groups, "independent group")} of failures`;
}

/** A reviewer sends the change back. */
export function sentBack(specialist: string, gate: ReviewGate): string {
  return gate === "requirements"
    ? `${specialist} found that the change is not what was asked for`
    : `${specialist} asked for changes`;
}

/** The suite is red after a task was integrated; `elsewhere` when it was red before. */
export function suiteFails(task: string, elsewhere: boolean): string {
  return elsewhere
    ? `the suite was red before ${task}`
    : `the suite fails with what ${task} brought`;
}

/** A phase that the plan has nothing for. */
export function nothingPlanned(): string {
  return "the plan has no task for it";
}

/** A phase that the run could not finish, where nothing says why. */
export function notFinished(): string {
  return "it could not be finished";
}

/** Work was stopped from outside, where nothing says why. */
export function wasStopped(): string {
  return "the run was stopped";
}

/** A new test speaks of files that are not there. */
export function missingTargetsIn(file: string, missing: readonly string[]): string {
  return `${file} refers to what does not exist: ${missing.join(", ")}.`;
}

/** What stands in place of an answer that never came. */
export function notAnswered(): string {
  return "not answered in time";
}

/** What a blocked task wants of people, where its specialist did not say. */
export function whatIsNeeded(task: string): string {
  return `what ${task} needs to go on`;
}

/** Why a file of the host's could not be put on the run branch. */
export function othersWrite(branch: string): string {
  return `somebody else writes to ${branch}`;
}

/** How one dispatch ended, for what was attempted. */
export function endedWords(ended: {
  readonly role: string;
  readonly taskId: string;
  readonly status: string;
}): string {
  return `${ended.role} for ${ended.taskId}: ${ended.status}`;
}

/** What was attempted before anybody was dispatched. */
export function madeAPlan(): string {
  return "made a plan";
}
