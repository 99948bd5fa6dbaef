import type { Probot } from "probot";
import type { CommandPorts } from "../commands/handle.ts";
import type { Delivery, DeliveryOutcome } from "../ports/stores.ts";
import { onCheckRun } from "./check-run.ts";
import { onIssueComment } from "./issue-comment.ts";
import { Outcomes } from "./outcomes.ts";

/** Every event we hear; `app.yml` asks GitHub for exactly these. */
export const EVENTS = ["check_run", "issue_comment"] as const;

/** Registers every event's handler and returns what works on one stored delivery. */
export function listen(
  probot: Probot,
  ports: CommandPorts,
): (delivery: Delivery, payload: Record<string, unknown>) => Promise<DeliveryOutcome> {
  const outcomes = new Outcomes();
  onIssueComment(probot, ports, outcomes);
  onCheckRun(probot, ports, outcomes);
  return async ({ id, event }, payload) => {
    if (!(EVENTS as readonly string[]).includes(event)) return outcomes.take(id, event);
    try {
      await probot.receive({ id, name: event, payload } as Parameters<typeof probot.receive>[0]);
    } catch (error) {
      throw error instanceof AggregateError ? (error.errors[0] ?? error) : error;
    }
    return outcomes.take(id, event);
  };
}
