/** What is said when a specialist could not go on and others help. */

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
