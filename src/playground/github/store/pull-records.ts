/** Records of pull requests and their reviews; see records.ts for the rules of all records. */

/** The code half of a pull request; head and base are branches of the same repository. */
export interface Pull {
  id: number;
  issueId: number;
  repoId: number;
  draft: boolean;
  headRef: string;
  headSha: string;
  baseRef: string;
  /** Tip of the base branch when last seen. */
  baseSha: string;
  mergedAt: string | null;
  mergedById: number | null;
  mergeCommitSha: string | null;
  requestedReviewerIds: number[];
  maintainerCanModify: boolean;
}

export type ReviewState = "PENDING" | "COMMENTED" | "APPROVED" | "CHANGES_REQUESTED" | "DISMISSED";

export interface Review {
  id: number;
  repoId: number;
  issueId: number;
  authorId: number;
  body: string;
  state: ReviewState;
  commitSha: string;
  /** null while pending. */
  submittedAt: string | null;
  updatedAt: string;
}

export interface ReviewComment {
  id: number;
  repoId: number;
  issueId: number;
  reviewId: number;
  threadId: number;
  inReplyToId: number | null;
  authorId: number;
  viaAppId: number | null;
  body: string;
  /** The commit it was written on, and the hunk of the diff up to its line. */
  originalCommitSha: string;
  diffHunk: string;
  createdAt: string;
  updatedAt: string;
  minimizedReason: string | null;
}

export type Side = "LEFT" | "RIGHT";

/** Where a review conversation hangs, and whether it is settled. */
export interface ReviewThread {
  id: number;
  repoId: number;
  issueId: number;
  path: string;
  subjectType: "line" | "file";
  side: Side;
  /** Line in the file as of the pull request's head; null = outdated. */
  line: number | null;
  startLine: number | null;
  startSide: Side | null;
  originalLine: number | null;
  originalStartLine: number | null;
  /** Lines below the first hunk header of the file's diff; null like `line`. */
  position: number | null;
  originalPosition: number | null;
  resolvedById: number | null;
}
