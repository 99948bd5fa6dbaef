import { z } from "zod";
import * as replies from "../../../src/github/schemas.ts";
import * as payloads from "../../../src/webhooks/payloads.ts";
import { fieldsRead, touches } from "./read-fields.ts";

/** One thing that the app reads, and where GitHub says it. */
export interface Read {
  readonly schema: z.ZodType;
  /** Operation or webhook; with "[]" a list of such things. */
  readonly where: readonly string[];
}

const Made = z.object({ id: z.number() });

/** Replies by the schemas that the adapter reads them with; what is not here is sent and its answer not looked at. */
export const READ_REPLIES: readonly Read[] = [
  { schema: replies.InstallationToken, where: ["apps/create-installation-access-token"] },
  { schema: replies.CollaboratorPermission, where: ["repos/get-collaborator-permission-level"] },
  { schema: replies.Repository, where: ["repos/get"] },
  { schema: replies.Issue, where: ["issues/get"] },
  {
    schema: replies.Comment,
    where: [
      "issues/create-comment",
      "issues/update-comment",
      "issues/get-comment",
      "issues/list-comments []",
      "pulls/create-reply-for-review-comment",
    ],
  },
  { schema: replies.PullRequest, where: ["pulls/create", "pulls/get", "pulls/list []"] },
  { schema: replies.CheckRuns, where: ["checks/list-for-ref"] },
  { schema: replies.CheckRun, where: ["checks/list-for-ref"] },
  { schema: replies.Annotations, where: ["checks/list-annotations"] },
  { schema: replies.CombinedStatus, where: ["repos/get-combined-status-for-ref"] },
  { schema: replies.ProtectedBranch, where: ["repos/get-branch"] },
  { schema: replies.BranchRules, where: ["repos/get-branch-rules"] },
  { schema: replies.Review, where: ["pulls/get-review"] },
  {
    schema: replies.ReviewComment,
    where: ["pulls/list-comments-for-review []", "pulls/list-review-comments []"],
  },
  { schema: Made, where: ["checks/create"] },
  { schema: replies.App, where: ["apps/get-authenticated"] },
];

/** What decides whether two deliveries say the same (src/webhooks/delivery.ts keeps this to itself). */
const ContentKey = z.object({
  installation: Made,
  repository: Made,
  comment: z.object({ id: z.number(), updated_at: z.string() }),
});

export const READ_PAYLOADS: readonly Read[] = [
  { schema: payloads.CommentCreated, where: ["issue_comment.created"] },
  { schema: ContentKey, where: ["issue_comment.created"] },
  {
    schema: payloads.ButtonPressed,
    where: ["check_run.requested_action", "check_run.rerequested"],
  },
  { schema: payloads.CheckRunEvent, where: ["check_run.completed"] },
  { schema: payloads.CheckSuiteEvent, where: ["check_suite.completed"] },
  { schema: payloads.StatusEvent, where: ["status"] },
  { schema: payloads.CommentEdited, where: ["issue_comment.edited"] },
  { schema: payloads.PullRequestEvent, where: ["pull_request.closed", "pull_request.synchronize"] },
  { schema: payloads.PushEvent, where: ["push"] },
  { schema: payloads.ReviewSubmitted, where: ["pull_request_review.submitted"] },
  { schema: payloads.ReviewCommentCreated, where: ["pull_request_review_comment.created"] },
  { schema: payloads.IssueClosed, where: ["issues.closed"] },
  { schema: payloads.IssueLabeled, where: ["issues.labeled"] },
];

/** Of the fields that were made up, those that some schema reads. */
export function readAndMadeUp<T extends { where: string; field: string }>(
  reads: readonly Read[],
  invented: readonly T[],
): T[] {
  const read = reads.flatMap(({ schema, where }) =>
    where.flatMap((place) => {
      const [name = "", list = ""] = place.split(" ");
      return fieldsRead(schema, list).map((field) => ({ where: name, field }));
    }),
  );
  return invented.filter((made) =>
    read.some(({ where, field }) => where === made.where && touches(field, made.field)),
  );
}

/** Schemas of a module that are read by no entry of a list. */
export function unlisted(module: object, reads: readonly Read[]): string[] {
  return Object.entries(module)
    .filter(([, value]) => value instanceof z.ZodType)
    .filter(([, value]) => !reads.some(({ schema }) => schema === value))
    .map(([name]) => name);
}
