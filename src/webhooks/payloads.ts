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

export const ButtonPressed = Addressed.extend({
  requested_action: z.object({ identifier: z.string().max(20) }),
  check_run: z.object({ external_id: z.string(), app: App.nullish() }),
});

/** The first thing that is wrong with a payload, for the record. */
export function problemOf(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined
    ? "unknown shape"
    : `${issue.path.join(".") || "payload"}: ${issue.message}`;
}
