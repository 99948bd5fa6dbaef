/** What the app asks GitHub for; `app.yml` says the same. Not `workflows`: such changes are left to people. */
export const APP_PERMISSIONS = {
  actions: "read",
  checks: "write",
  contents: "write",
  issues: "write",
  metadata: "read",
  pull_requests: "write",
  statuses: "read",
} as const;

/** What the API client's tokens may do; pushing has tokens of its own. */
export const API_PERMISSIONS = { ...APP_PERMISSIONS, contents: "read" } as const;

/** What resolving a review conversation needs. */
export const WRITER_PERMISSIONS = { contents: "write", pull_requests: "write" } as const;
