/** What is said when a loop has used up its limit, and when a run is given up. */
import { clip, inert } from "./markdown.ts";

const LINE = 500;

/** The comment that lists what failed in each round, oldest first. */
export function loopHistoryComment(marker: string, lines: readonly string[]): string {
  const items = lines.map((line) => `- ${clip(inert(line), LINE)}`);
  return [`<!-- ${marker} -->`, "What failed so far:", "", ...items].join("\n");
}

/** A question that is asked once more because the answer to it decided nothing. */
export function askedAgain(question: string, missing: string): string {
  return `The last answer decided nothing; it needs ${missing}. ${question}`;
}

/** Why a run is blocked: a person ended it at a question about its loops, or nobody answered it. */
export function loopEnded(ended: {
  readonly by: string | undefined;
  /** What is open was taken as it is, although nothing can be called complete with it. */
  readonly accepted: boolean;
  readonly why: string;
  readonly last: string | undefined;
}): string {
  const { by, accepted, why } = ended;
  const who =
    by === undefined
      ? "nobody decided how to go on"
      : `${by} ended the run${accepted ? " with this open" : ""}`;
  const [last = ""] = (ended.last ?? "").split("\n");
  return last === "" || why.includes(last) ? `${who}: ${why}` : `${who}: ${why}; last: ${last}`;
}

/** Why a run is blocked that its own ledger says is no use going on with. */
export function givenUpWords(why: string): string {
  return `the run was given up: ${why}`;
}
