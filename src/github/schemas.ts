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
  node_id: z.string().optional(),
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
  mergeable: z.boolean().nullish(),
  head: z.object({ sha: z.string(), ref: z.string() }),
  base: z.object({ ref: z.string() }),
});
export type PullRequest = z.infer<typeof PullRequest>;

export const CheckRun = z.object({
  id: z.number().int(),
  name: z.string().default(""),
  external_id: z.string().nullish(),
  app: z.object({ id: z.number().int(), slug: z.string().optional() }).nullish(),
  status: z.string().default("queued"),
  conclusion: z.string().nullish(),
  output: z
    .object({
      title: z.string().nullish(),
      summary: z.string().nullish(),
      text: z.string().nullish(),
      annotations_count: z.number().int().default(0),
    })
    .optional(),
});
export type CheckRun = z.infer<typeof CheckRun>;

export const CheckRuns = z.object({ check_runs: z.array(CheckRun) });

export const Annotations = z.array(
  z.object({
    path: z.string(),
    start_line: z.number().int(),
    annotation_level: z.string().nullish(),
    message: z.string().nullish(),
  }),
);

export const CombinedStatus = z.object({
  statuses: z.array(
    z.object({
      context: z.string(),
      state: z.string(),
      description: z.string().nullish(),
    }),
  ),
});

/** What a branch's protection tells without administration rights. */
export const ProtectedBranch = z.object({
  protection: z
    .object({
      required_status_checks: z
        .object({
          contexts: z.array(z.string()).default([]),
          checks: z
            .array(z.object({ context: z.string(), app_id: z.number().int().nullish() }))
            .default([]),
        })
        .nullish(),
    })
    .nullish(),
});

/** The rules of rulesets that apply to a branch; only those about checks are read further. */
export const BranchRules = z.array(
  z.object({
    type: z.string(),
    parameters: z
      .object({
        required_status_checks: z
          .array(z.object({ context: z.string(), integration_id: z.number().int().nullish() }))
          .optional(),
      })
      .nullish(),
  }),
);

export const Review = z.object({
  id: z.number().int(),
  user: Author,
  body: z.string().nullish(),
  state: z.string(),
  html_url: z.string(),
});

export const ReviewComment = z.object({
  id: z.number().int(),
  in_reply_to_id: z.number().int().nullish(),
  path: z.string(),
  line: z.number().int().nullish(),
  original_line: z.number().int().nullish(),
  body: z.string(),
  diff_hunk: z.string().default(""),
  html_url: z.string(),
  user: z.object({ login: z.string(), type: z.string().default("User") }).nullish(),
});
export type ReviewComment = z.infer<typeof ReviewComment>;

/** Conversations of a pull request, as GraphQL tells them. */
export const ThreadsAnswer = z.object({
  repository: z.object({
    pullRequest: z.object({
      reviewThreads: z.object({
        nodes: z.array(
          z.object({
            id: z.string(),
            isResolved: z.boolean(),
            comments: z.object({
              nodes: z.array(z.object({ databaseId: z.number().int().nullish() })),
            }),
          }),
        ),
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
      }),
    }),
  }),
});

export const CommentNode = z.object({
  node: z.object({ body: z.string(), editor: z.object({ login: z.string() }).nullish() }).nullish(),
});

export const App = z.object({
  id: z.number().int(),
  slug: z.string(),
  owner: z.object({ login: z.string() }),
});
