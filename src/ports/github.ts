import type { RepoRef, RunId, Sha } from "../domain/ids.ts";
import type { Permission } from "../domain/permission.ts";
import type { Secret } from "../domain/secret.ts";

export interface IssueText {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: string | undefined;
  readonly state: "open" | "closed";
  readonly locked: boolean;
  readonly labels: readonly string[];
  readonly isPullRequest: boolean;
  readonly url: string;
}

export interface CommentRef {
  readonly id: number;
  readonly url: string;
}

export interface PullRequestRef {
  readonly number: number;
  readonly url: string;
  readonly draft: boolean;
  readonly state: "open" | "closed" | "merged";
  readonly headSha: string;
  readonly nodeId: string;
}

export type Reaction = "eyes" | "rocket" | "confused" | "+1" | "-1";

/** Every effect is idempotent: keyed by `marker` or by its natural identity, read back before it is repeated. */
export interface GitHub {
  permissionOf(repo: RepoRef, login: string): Promise<Permission>;
  defaultBranch(repo: RepoRef): Promise<string>;
  issue(repo: RepoRef, number: number): Promise<IssueText>;
  react(repo: RepoRef, commentId: number, reaction: Reaction): Promise<void>;
  /** Creates the comment that carries `marker` or edits it in place; only our own app's comments count. */
  putComment(
    repo: RepoRef,
    comment: { number: number; marker: string; body: string },
  ): Promise<CommentRef>;
  /** Opens the pull request from `head`, or adopts the open one that exists. */
  openPullRequest(
    repo: RepoRef,
    request: { head: string; base: string; title: string; body: string },
  ): Promise<PullRequestRef>;
  pullRequest(repo: RepoRef, number: number): Promise<PullRequestRef>;
  updatePullRequestBody(repo: RepoRef, number: number, body: string): Promise<void>;
  markReady(repo: RepoRef, number: number): Promise<void>;
  requestReview(repo: RepoRef, number: number, login: string): Promise<void>;
  putCheckRun(repo: RepoRef, check: CheckRunContent): Promise<void>;
  /** Requests sent so far for this run, by the requests' own tag. */
  requestCount(runId: RunId): Promise<{ total: number; contentCreating: number; edits: number }>;
}

export interface CheckRunContent {
  readonly runId: RunId;
  readonly headSha: Sha;
  readonly status: "queued" | "in_progress" | "completed";
  readonly conclusion?: "success" | "failure" | "neutral" | "cancelled" | "action_required";
  readonly title: string;
  readonly summary: string;
  readonly actions: readonly {
    readonly label: string;
    readonly description: string;
    readonly identifier: string;
  }[];
}

/** Mints a token for one repository and exactly these permissions; the caller revokes it when done. */
export interface TokenSource {
  withToken<T>(
    repo: RepoRef,
    permissions: Readonly<Record<string, "read" | "write">>,
    use: (token: Secret) => Promise<T>,
  ): Promise<T>;
}
