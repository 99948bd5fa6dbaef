import type { Probot } from "probot";
import type { CommandPorts } from "../commands/handle.ts";
import type { Delivery, DeliveryOutcome } from "../ports/stores.ts";
import { onCheckRun } from "./check-run.ts";
import { onCheckSuite } from "./check-suite.ts";
import { onCommentEdited } from "./comment-edited.ts";
import { onIssueComment } from "./issue-comment.ts";
import { onIssues } from "./issues.ts";
import { Outcomes } from "./outcomes.ts";
import { onPullRequest } from "./pull-request.ts";
import { onPush } from "./push.ts";
import { onReviews } from "./reviews.ts";
import { onStatus } from "./status.ts";

/** Every event we hear; `app.yml` asks GitHub for exactly these. */
export const EVENTS = [
  "check_run",
  "check_suite",
  "issue_comment",
  "issues",
  "pull_request",
  "pull_request_review",
  "pull_request_review_comment",
  "push",
  "status",
] as const;

const FAMILIES = [
  onCheckRun,
  onCheckSuite,
  onCommentEdited,
  onIssueComment,
  onIssues,
  onPullRequest,
  onPush,
  onReviews,
  onStatus,
];

/** Registers every event's handler and returns what works on one stored delivery. */
export function listen(
  probot: Probot,
  ports: CommandPorts,
): (delivery: Delivery, payload: Record<string, unknown>) => Promise<DeliveryOutcome> {
  const outcomes = new Outcomes();
  for (const listenTo of FAMILIES) listenTo(probot, ports, outcomes);
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
