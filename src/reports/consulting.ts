/** What is said when a specialist could not go on and others help. */
import type { QuestionDraft } from "../domain/specialist/results.ts";

/** Why a specialist is asked: another one's question. */
export function questionOf(asker: { readonly id: string; readonly specialist: string }): string {
  return `${asker.specialist} has a question in task ${asker.id}`;
}

/** Why a specialist is asked: another one is blocked. */
export function helpWith(blocked: { readonly id: string; readonly specialist: string }): string {
  return `${blocked.specialist} is blocked in task ${blocked.id}`;
}

/** Who answered a question, for the specialist who asked it. */
export function clarifiedBy(by: "plan" | "research" | "lead", source: string | undefined): string {
  if (by === "lead") return "backend-lead";
  return source === undefined ? "the plan of this run" : `the host, from ${source}`;
}

/** Nobody answered a question in the time it waits. */
export function noAnswer(question: string): {
  issue: string;
  attempted: string[];
  recommend: string;
  capability: string;
} {
  return {
    issue: `nobody answered: ${question}`,
    attempted: ["asked and waited"],
    recommend: "user",
    capability: "an answer",
  };
}

/** What everybody is told once people have decided between two recommendations. */
export function conflictDecided(place: string, decision: string): string {
  return `Two specialists recommended opposite things about ${place}. Follow this: ${decision}`;
}

/** The longest parts of what a specialist said that a question repeats. */
const SAID = 2_000;

/**
 * A specialist stopped because the request leaves something open, and asked nothing: the question names what is
 * missing. `advice` is what the specialist recommends, where that is more than a name.
 */
export function missingRequirement(stopped: {
  readonly specialist: string;
  readonly title: string;
  readonly issue: string;
  readonly advice?: string;
}): QuestionDraft {
  const { specialist, title, issue, advice } = stopped;
  const whole = issue
    .slice(0, SAID)
    .trim()
    .replace(/(?<![.!?])$/, ".");
  const ways = [
    ...(advice === undefined ? [] : [[advice.slice(0, SAID), "the work goes on with that"]]),
    ["Leave it open", "the work goes on without it, and its result says what was left out"],
    ["Stop", "the run ends; what is done stays on its branch"],
  ];
  return {
    text: `${specialist} cannot go on with "${title}" because the request leaves something open: ${whole} What is wanted?`,
    options: ways.map(([label = "", consequence = ""], index) => ({
      key: "abc".charAt(index),
      label,
      consequence,
    })),
    recommended: "a",
  };
}
