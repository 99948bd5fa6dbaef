/** What is said about plans and designs when only people can go on. */
import type { BlockedView } from "../domain/run/run.ts";

type Blocked = Omit<BlockedView, "type">;

/** Nobody decided a design's trade-off in time; nothing is built on a guess. */
export function undecidedTradeOff(question: string): Blocked {
  return {
    issue: `nobody decided: ${question}`,
    attempted: ["asked on the issue and waited"],
    recommend: "user",
    capability: "an answer; then comment /orchestrate retry",
  };
}
