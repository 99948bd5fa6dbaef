import { z } from "zod";
import {
  Annotations,
  App,
  BranchRules,
  CheckRuns,
  CollaboratorPermission,
  CombinedStatus,
  Comment,
  InstallationToken,
  Issue,
  ProtectedBranch,
  PullRequest,
  Repository,
  Review,
  ReviewComment,
} from "../../src/github/schemas.ts";
import {
  ButtonPressed,
  CheckRunEvent,
  CheckSuiteEvent,
  CommentCreated,
  CommentEdited,
  IssueClosed,
  IssueLabeled,
  PullRequestEvent,
  PushEvent,
  ReviewCommentCreated,
  ReviewSubmitted,
  StatusEvent,
} from "../../src/webhooks/payloads.ts";
import type { Stage } from "./stage.ts";

const NOTHING = z.object({});

/**
 * What the app reads of each answer and each webhook. An operation that the app uses, or a webhook that it acts on, and
 * that is not listed here fails the stage.
 */
const READ: Readonly<Record<string, z.ZodType>> = {
  "actions/download-job-logs-for-workflow-run": NOTHING,
  "apps/create-installation-access-token": InstallationToken,
  "apps/get-authenticated": App,
  "apps/list-webhook-deliveries": z.array(
    z.object({
      id: z.number(),
      guid: z.string(),
      delivered_at: z.string(),
      status: z.string(),
      event: z.string(),
    }),
  ),
  "apps/redeliver-webhook-delivery": NOTHING,
  "apps/revoke-installation-access-token": NOTHING,
  "checks/create": z.object({ id: z.number() }),
  "checks/list-annotations": Annotations,
  "checks/list-for-ref": CheckRuns,
  "checks/update": NOTHING,
  "issues/add-labels": NOTHING,
  "issues/create-comment": Comment,
  "issues/create-label": NOTHING,
  "issues/get": Issue,
  "issues/get-comment": Comment,
  "issues/list-comments": z.array(Comment),
  "issues/remove-label": NOTHING,
  "issues/update-comment": Comment,
  "pulls/create": PullRequest,
  "pulls/create-reply-for-review-comment": ReviewComment,
  "pulls/get": PullRequest,
  "pulls/get-review": Review,
  "pulls/list": z.array(PullRequest),
  "pulls/list-comments-for-review": z.array(ReviewComment),
  "pulls/list-review-comments": z.array(ReviewComment),
  "pulls/request-reviewers": NOTHING,
  "pulls/update": NOTHING,
  "reactions/create-for-issue-comment": NOTHING,
  "repos/get": Repository,
  "repos/get-branch": ProtectedBranch,
  "repos/get-branch-rules": BranchRules,
  "repos/get-collaborator-permission-level": CollaboratorPermission,
  "repos/get-combined-status-for-ref": CombinedStatus,
  graphql: NOTHING,
  "issue_comment.created": CommentCreated,
  "issue_comment.edited": CommentEdited,
  "issues.closed": IssueClosed,
  "check_run.completed": CheckRunEvent,
  "issues.labeled": IssueLabeled,
  "check_run.requested_action": ButtonPressed,
  "check_run.rerequested": ButtonPressed,
  "check_suite.completed": CheckSuiteEvent,
  "pull_request.closed": PullRequestEvent,
  "pull_request.synchronize": PullRequestEvent,
  push: PushEvent,
  "pull_request_review.submitted": ReviewSubmitted,
  "pull_request_review_comment.created": ReviewCommentCreated,
  status: StatusEvent,
};

/** Fields that the app reads although the local GitHub made them up, and what nobody knows the app to read. */
export function inventedAndRead(stage: Stage): string[] {
  const unlisted = [...operationsOf(stage), ...webhooksOf(stage)].filter((id) => !(id in READ));
  const read = stage.hub.inventedFields().filter(({ where, field }) => {
    const schema = READ[where];
    return schema !== undefined && pathsOf(schema, "").includes(field);
  });
  return [
    ...unlisted.map((id) => `${id}: list in test/helpers/invented-fields.ts what the app reads`),
    ...read.map(({ where, field }) => `${where}: ${field}`),
  ];
}

function operationsOf(stage: Stage): Set<string> {
  const asked = stage.hub.journal
    .requests()
    .filter(({ actor }) => actor.includes(stage.appIdentity.slug))
    .map(({ operationId }) => operationId);
  return new Set(asked.filter((id) => !id.startsWith("git-http/")));
}

function webhooksOf(stage: Stage): Set<string> {
  const actedOn = new Set(
    stage.outcomes.filter(({ state }) => state === "done").map(({ id }) => id),
  );
  const heard = stage.hub.webhooks.log().filter(({ guid }) => actedOn.has(guid));
  return new Set(
    heard.map(({ event, action }) => (action === null ? event : `${event}.${action}`)),
  );
}

/** Dotted paths of everything a schema looks at; "[]" for any element of a list. */
function pathsOf(schema: unknown, path: string): string[] {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault
  )
    return pathsOf(schema.unwrap(), path);
  if (schema instanceof z.ZodArray) return [path, ...pathsOf(schema.element, `${path}[]`)];
  if (schema instanceof z.ZodUnion)
    return schema.options.flatMap((option) => pathsOf(option, path));
  if (!(schema instanceof z.ZodObject)) return [path];
  const own = path === "" ? [] : [path];
  const inner = Object.entries(schema.shape).flatMap(([name, property]) =>
    pathsOf(property, path === "" ? name : `${path}.${name}`),
  );
  return [...own, ...inner];
}
