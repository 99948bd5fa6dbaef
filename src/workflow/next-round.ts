import type { RunContext } from "./context.ts";
import { fix } from "./fix.ts";
import type { Order } from "./orders.ts";
import type { Reopened } from "./standby.ts";

/** Takes a review's actionable comments in as the next round. Undefined when there is nothing to do. */
export function workOn(
  _run: RunContext,
  order: Extract<Order, { kind: "review" }>,
  _key: number,
): Promise<Reopened | undefined> {
  return Promise.resolve({ kind: "round", text: `Review ${order.reviewId}`, by: order.by });
}

/** One round of work on the run branch: a developer addresses the text, the suite runs, reviews are repeated. */
export function nextRound(
  run: RunContext,
  round: Extract<Reopened, { kind: "round" }>,
): Promise<"fixed" | "blocked"> {
  run.forgive();
  return fix(run, {
    phase: "quality",
    because: `${round.by} asked for it`,
    findings: [round.text],
  });
}
