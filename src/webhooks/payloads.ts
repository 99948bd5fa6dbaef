/** What we read of webhook payloads: only these fields, checked at the door. */
import { z } from "zod";
import type { RepoRef } from "../domain/ids.ts";

const Id = z.number().int().positive();

export const Account = z.object({ id: Id, login: z.string().min(1), type: z.string() });

export const Addressed = z.object({
  installation: z.object({ id: Id }),
  repository: z.object({
    id: Id,
    name: z.string().min(1),
    owner: z.object({ login: z.string().min(1) }),
    default_branch: z.string().min(1),
    archived: z.boolean().default(false),
  }),
  sender: Account,
});
export type Addressed = z.infer<typeof Addressed>;

/** The repository of a payload, with the installation that may act on it. */
export function repoOf({ repository, installation }: Addressed): RepoRef {
  const { id, name, owner } = repository;
  return { id, name, owner: owner.login, installationId: installation.id };
}

const App = z.object({ id: Id });

export const CommentCreated = Addressed.extend({
  comment: z.object({
    id: Id,
    html_url: z.string(),
    body: z.string(),
    user: Account.nullable(),
    performed_via_github_app: App.nullish(),
  }),
  issue: z.object({
    number: Id,
    title: z.string(),
    body: z.string().nullish(),
    labels: z.array(z.object({ name: z.string() })).default([]),
    state: z.enum(["open", "closed"]),
    locked: z.boolean().default(false),
    pull_request: z.unknown().optional(),
  }),
});

export type CommentCreated = z.infer<typeof CommentCreated>;

/** Without `requested_action` somebody asked for the whole check run again. */
export const ButtonPressed = Addressed.extend({
  requested_action: z.object({ identifier: z.string().max(20) }).nullish(),
  check_run: z.object({ external_id: z.string(), app: App.nullish() }),
});

export const CheckRunEvent = Addressed.extend({
  check_run: z.object({
    head_sha: z.string(),
    app: App.nullish(),
    check_suite: z.object({ head_branch: z.string().nullish() }).nullish(),
  }),
});

export const CheckSuiteEvent = Addressed.extend({
  check_suite: z.object({
    head_sha: z.string(),
    head_branch: z.string().nullish(),
    app: App.nullish(),
  }),
});

export const StatusEvent = Addressed.extend({
  sha: z.string(),
  state: z.string(),
  branches: z.array(z.object({ name: z.string() })).default([]),
});

export const CommentEdited = Addressed.extend({
  comment: z.object({
    id: Id,
    body: z.string(),
    user: Account.nullish(),
    performed_via_github_app: App.nullish(),
  }),
  issue: z.object({ number: Id }),
});

export const PullRequestEvent = Addressed.extend({
  pull_request: z.object({
    number: Id,
    merged: z.boolean().nullish(),
    head: z.object({ sha: z.string() }),
  }),
});

export const PushEvent = Addressed.extend({
  ref: z.string(),
  after: z.string(),
  deleted: z.boolean().default(false),
});

export const ReviewSubmitted = Addressed.extend({
  review: z.object({ id: Id, user: Account.nullable() }),
  pull_request: z.object({ number: Id }),
});

export const ReviewCommentCreated = Addressed.extend({
  comment: z.object({ pull_request_review_id: Id.nullish(), user: Account.nullable() }),
  pull_request: z.object({ number: Id }),
});

export const IssueClosed = Addressed.extend({
  issue: z.object({ number: Id, state_reason: z.string().nullish() }),
});

export const IssueLabeled = Addressed.extend({
  issue: z.object({ number: Id }),
  label: z.object({ name: z.string() }),
});

/** The first thing that is wrong with a payload, for the record. */
export function problemOf(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined
    ? "unknown shape"
    : `${issue.path.join(".") || "payload"}: ${issue.message}`;
}
