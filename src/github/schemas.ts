/** What we read of GitHub's answers: only these fields, checked. */
import { z } from "zod";

export const InstallationToken = z.object({ token: z.string().min(1), expires_at: z.string() });
export type InstallationToken = z.infer<typeof InstallationToken>;

export const CollaboratorPermission = z.object({
  permission: z.enum(["admin", "write", "read", "none"]),
  role_name: z.string().optional(),
});

export type CollaboratorPermission = z.infer<typeof CollaboratorPermission>;

export const Repository = z.object({ default_branch: z.string().min(1) });

const Author = z.object({ login: z.string() }).nullish();

export const Issue = z.object({
  number: z.number().int(),
  title: z.string(),
  body: z.string().nullish(),
  user: Author,
  state: z.enum(["open", "closed"]),
  locked: z.boolean(),
  labels: z.array(z.union([z.string(), z.object({ name: z.string().nullish() })])).default([]),
  pull_request: z.unknown().optional(),
  html_url: z.string(),
});

export const Comment = z.object({
  id: z.number().int(),
  html_url: z.string(),
  body: z.string().nullish(),
  performed_via_github_app: z.object({ id: z.number().int() }).nullish(),
});
export type Comment = z.infer<typeof Comment>;

export const PullRequest = z.object({
  number: z.number().int(),
  html_url: z.string(),
  draft: z.boolean().default(false),
  state: z.enum(["open", "closed"]),
  merged_at: z.string().nullish(),
  node_id: z.string(),
  body: z.string().nullish(),
  head: z.object({ sha: z.string(), ref: z.string() }),
  base: z.object({ ref: z.string() }),
});
export type PullRequest = z.infer<typeof PullRequest>;

export const CheckRuns = z.object({
  check_runs: z.array(
    z.object({
      id: z.number().int(),
      external_id: z.string().nullish(),
      app: z.object({ id: z.number().int() }).nullish(),
    }),
  ),
});

export const App = z.object({
  id: z.number().int(),
  slug: z.string(),
  owner: z.object({ login: z.string() }),
});
