import type { Permission } from "../domain/command/permission.ts";
import type { RepoRef, RunId, Sha } from "../domain/ids.ts";
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
  /** False when it conflicts with its base; undefined while GitHub has not found out. */
  readonly mergeable?: boolean;
}

/** A review as its author submitted it, made fit for a prompt. */
export interface ReviewText {
  readonly id: number;
  readonly author: string;
  readonly state: "approved" | "changes_requested" | "commented" | "dismissed" | "pending";
  readonly body: string;
  readonly url: string;
  readonly comments: readonly ReviewCommentText[];
}

export interface ReviewCommentText {
  readonly id: number;
  /** The first comment of its conversation: itself, unless it is a reply. */
  readonly thread: number;
  readonly path: string;
  /** Line of the new file; undefined for a whole file or a line that is gone. */
  readonly line: number | undefined;
  readonly body: string;
  /** The lines of the diff it stands on, up to its own. */
  readonly hunk: string;
}

/** One check that the base branch requires, as it stands on a commit. */
export interface RequiredCheck {
  readonly name: string;
  /** `pending` also when nothing has reported it yet. */
  readonly state: "green" | "red" | "pending";
  /** What a red one says: title, summary, the end of its text, its annotations. Written by others. */
  readonly detail?: string;
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
  /** Whether a pull request is open from this branch, whoever opened it. */
  hasOpenPullRequest(repo: RepoRef, head: string): Promise<boolean>;
  pullRequest(repo: RepoRef, number: number): Promise<PullRequestRef>;
  updatePullRequestBody(repo: RepoRef, number: number, body: string): Promise<void>;
  /** Turns a draft into a pull request that is ready for review; `known` saves a look when it was just read. */
  markReady(repo: RepoRef, number: number, known?: PullRequestRef): Promise<void>;
  requestReview(repo: RepoRef, number: number, login: string): Promise<void>;
  putCheckRun(repo: RepoRef, check: CheckRunContent): Promise<void>;
  /** A review with its own comments; undefined when it is gone. */
  review(
    repo: RepoRef,
    review: { number: number; reviewId: number },
  ): Promise<ReviewText | undefined>;
  /** Answers in the conversation of a review comment, once per `marker`. */
  replyToReview(
    repo: RepoRef,
    reply: { number: number; thread: number; marker: string; body: string },
  ): Promise<CommentRef>;
  /** Resolves the conversations that begin with these comments; gives those that are resolved now. */
  resolveThreads(
    repo: RepoRef,
    wanted: { number: number; threads: readonly number[] },
  ): Promise<readonly number[]>;
  /** The checks that `branch` requires, as they stand on `sha`; our own check run never counts among them. */
  requiredChecks(
    repo: RepoRef,
    at: { branch: string; sha: Sha },
  ): Promise<readonly RequiredCheck[]>;
  /** Puts a label on an issue, and makes it first where the repository lacks it; or takes it off. */
  setLabel(repo: RepoRef, label: IssueLabel): Promise<void>;
  /** What these apps wrote on an issue, oldest first. */
  commentsByApps(
    repo: RepoRef,
    on: { readonly number: number; readonly apps: readonly number[] },
  ): Promise<readonly { readonly appId: number; readonly body: string }[]>;
  /** A comment as it stands, and who edited it last; undefined when it is gone. */
  comment(
    repo: RepoRef,
    id: number,
  ): Promise<{ readonly body: string; readonly editor: string | undefined } | undefined>;
  /** Requests sent so far for this run, by the requests' own tag. */
  requestCount(runId: RunId): Promise<{ total: number; contentCreating: number; edits: number }>;
}

export interface IssueLabel {
  readonly number: number;
  readonly name: string;
  /** Shown where the label is made. */
  readonly description: string;
  readonly on: boolean;
}

export interface CheckRunContent {
  readonly runId: RunId;
  readonly headSha: Sha;
  readonly status: "queued" | "in_progress" | "completed";
  readonly conclusion?: "success" | "failure" | "neutral" | "cancelled" | "action_required";
  readonly title: string;
  readonly summary: string;
  /** Each is shown once, however often the check run is put. */
  readonly annotations?: readonly {
    readonly path: string;
    readonly line: number;
    readonly level: "notice" | "warning" | "failure";
    readonly message: string;
  }[];
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
