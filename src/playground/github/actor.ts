import type { CheckRun } from "./store/check-records.ts";
import type { Comment, Issue, Reaction, ReactionContent } from "./store/issue-records.ts";
import type { Review, ReviewComment, ReviewThread, Side } from "./store/pull-records.ts";

/** "owner/name". */
export type RepoName = string;

export type Lines = { path: string; line: number; side?: Side; startLine?: number };

/** A file to commit; null content deletes it. */
export interface FileChange {
  branch: string;
  path: string;
  content: string | Uint8Array | null;
  message?: string;
}

/**
 * What one person can do, as if on GitHub's pages. Each act checks that person's permission, changes
 * the state, and sends the webhooks that GitHub would. A refused act throws ApiError (its `status` and
 * `message` are what the API would answer).
 */
export interface Actor {
  readonly login: string;

  openIssue(repo: RepoName, input: OpenIssue): Promise<Issue>;
  editIssue(repo: RepoName, number: number, input: EditIssue): Promise<Issue>;
  close(repo: RepoName, number: number, reason?: "completed" | "not_planned"): Promise<Issue>;
  reopen(repo: RepoName, number: number): Promise<Issue>;
  /** For administrators; the issue answers 410 from then on. */
  deleteIssue(repo: RepoName, number: number): Promise<void>;
  lock(repo: RepoName, number: number): Promise<void>;
  unlock(repo: RepoName, number: number): Promise<void>;
  label(repo: RepoName, number: number, names: readonly string[]): Promise<void>;
  unlabel(repo: RepoName, number: number, name: string): Promise<void>;
  assign(repo: RepoName, number: number, logins: readonly string[]): Promise<void>;

  comment(repo: RepoName, number: number, body: string): Promise<Comment>;
  editComment(repo: RepoName, commentId: number, body: string): Promise<Comment>;
  deleteComment(repo: RepoName, commentId: number): Promise<void>;
  /** Ticks or unticks the index-th task-list box (0-based, outside code) of an issue body or comment. */
  tickCheckbox(repo: RepoName, where: BoxPlace, checked?: boolean): Promise<void>;
  react(repo: RepoName, to: ReactionTarget, content: ReactionContent): Promise<Reaction>;

  openPull(repo: RepoName, input: OpenPull): Promise<Issue>;
  markReady(repo: RepoName, number: number): Promise<void>;
  convertToDraft(repo: RepoName, number: number): Promise<void>;
  requestReview(repo: RepoName, number: number, logins: readonly string[]): Promise<void>;
  /** Returns the merge commit's sha. Throws 405 when not mergeable or when a rule forbids it. */
  merge(repo: RepoName, number: number, options?: MergeOptions): Promise<string>;
  updateBranch(repo: RepoName, number: number): Promise<void>;

  /** A finished review with its line comments. */
  review(repo: RepoName, number: number, input: ReviewInput): Promise<Review>;
  dismissReview(repo: RepoName, reviewId: number, message: string): Promise<Review>;
  /** A single comment on a line of the pull request's diff; opens a thread. */
  commentOnLine(
    repo: RepoName,
    number: number,
    input: Lines & { body: string },
  ): Promise<ReviewComment>;
  replyToReviewComment(repo: RepoName, commentId: number, body: string): Promise<ReviewComment>;
  editReviewComment(repo: RepoName, commentId: number, body: string): Promise<ReviewComment>;
  deleteReviewComment(repo: RepoName, commentId: number): Promise<void>;
  resolveThread(repo: RepoName, threadId: number): Promise<ReviewThread>;
  unresolveThread(repo: RepoName, threadId: number): Promise<ReviewThread>;

  /** Presses one of a check run's buttons: sends `check_run.requested_action` to its app. */
  pressCheckButton(repo: RepoName, checkRunId: number, identifier: string): Promise<void>;
  /** "Re-run": sends `check_run.rerequested` to its app. */
  rerunCheck(repo: RepoName, checkRunId: number): Promise<CheckRun>;

  /** Commits one file on a branch (made from the default branch if new). Returns the commit's sha. */
  pushFile(repo: RepoName, change: FileChange): Promise<string>;
  /** Points a branch at any commit of the repository, by force if need be. */
  pushRef(repo: RepoName, branch: string, sha: string): Promise<void>;
  createBranch(repo: RepoName, branch: string, from?: string): Promise<string>;
  deleteBranch(repo: RepoName, branch: string): Promise<void>;
}

export interface OpenIssue {
  title: string;
  body?: string;
  labels?: readonly string[];
  assignees?: readonly string[];
}
export interface EditIssue {
  title?: string;
  body?: string;
}
export interface OpenPull {
  title: string;
  head: string;
  base?: string;
  body?: string;
  draft?: boolean;
}
export interface MergeOptions {
  method?: "merge" | "squash" | "rebase";
  title?: string;
  message?: string;
}
export interface ReviewInput {
  event: "APPROVE" | "REQUEST_CHANGES" | "COMMENT";
  body?: string;
  comments?: readonly (Lines & { body: string })[];
}
export type BoxPlace = { number: number; index: number } | { commentId: number; index: number };
export type ReactionTarget =
  | { number: number }
  | { commentId: number }
  | { reviewCommentId: number };
