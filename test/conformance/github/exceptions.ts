/**
 * Where the local GitHub does not do what GitHub's description says, one by one. Each entry must still occur: one that
 * no longer does fails the tests.
 */
export interface Exception {
  readonly reason: string;
  /** `<operation or webhook> <field>: <message>`, as the tests print it. */
  readonly at: readonly string[];
}

export const REPLY_EXCEPTIONS: readonly Exception[] = [
  {
    reason:
      "Media types of their own (docs: 'Media types'): raw, diff and patch are bytes, which the description does not list.",
    at: [
      "pulls/get content-type: application/vnd.github.diff is not documented",
      "pulls/get content-type: application/vnd.github.patch is not documented",
      "repos/get-content content-type: application/vnd.github.raw is not documented",
      "repos/get-readme content-type: application/vnd.github.raw is not documented",
    ],
  },
  {
    reason:
      "An issue without text has the body null in every other reply; the description forgot that for searches.",
    at: ["search/issues-and-pull-requests items.[].body: must be string"],
  },
  {
    reason: "The timeline's events document it, the same events in these lists do not.",
    at: [
      "issues/get-event state_reason: is unknown",
      "issues/list-events [].state_reason: is unknown",
      "issues/list-events-for-repo [].state_reason: is unknown",
    ],
  },
  {
    reason: "apps/get-installation documents both; the list repeats an older form of the schema.",
    at: [
      "apps/list-installations [].account.user_view_type: is unknown",
      "apps/list-installations [].client_id: is unknown",
    ],
  },
];

export const WEBHOOK_EXCEPTIONS: readonly Exception[] = [
  {
    reason:
      "The description's list of an app's events lacks pull_request_review_thread, which apps can subscribe to.",
    at: [
      "issue_comment.deleted issue.performed_via_github_app.events.[]: must be equal to one of the allowed values",
    ],
  },
  {
    reason:
      "REST and comment.performed_via_github_app document it for the same app; the issue's copy does not.",
    at: [
      "issues.assigned issue.performed_via_github_app.client_id: is unknown",
      "issues.edited issue.performed_via_github_app.client_id: is unknown",
      "issues.labeled issue.performed_via_github_app.client_id: is unknown",
      "issues.opened issue.performed_via_github_app.client_id: is unknown",
      "issues.unassigned issue.performed_via_github_app.client_id: is unknown",
      "issues.unlabeled issue.performed_via_github_app.client_id: is unknown",
    ],
  },
  {
    reason: "Documented for an account in every reply and in most webhooks.",
    at: ["status commit.author.user_view_type: is unknown"],
  },
  {
    reason: "Documented for assignees in issues.opened and eleven other actions.",
    at: ["issues.labeled issue.assignees.[].user_view_type: is unknown"],
  },
  {
    reason: "Documented for the repository in pull_request_review.submitted and everywhere else.",
    at: [
      "pull_request_review.edited pull_request.base.repo.has_discussions: is unknown",
      "pull_request_review.edited pull_request.base.repo.web_commit_signoff_required: is unknown",
      "pull_request_review.edited pull_request.head.repo.has_discussions: is unknown",
      "pull_request_review.edited pull_request.head.repo.web_commit_signoff_required: is unknown",
    ],
  },
];

/** Error bodies that are not what their operation documents. */
export const ERROR_EXCEPTIONS: readonly Exception[] = [
  {
    reason:
      "Described as exactly one of two forms, the second of which any error has: no body at all could conform.",
    at: ["repos/create-or-update-file-contents 409: must match exactly one schema in oneOf"],
  },
];

export function listed(exceptions: readonly Exception[]): string[] {
  return exceptions.flatMap(({ at }) => at).toSorted();
}
