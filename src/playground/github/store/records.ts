/**
 * The nouns that the local GitHub remembers. Code is not here: it lives in bare git repositories.
 * Records refer to one another by id, so that the whole state is plain JSON. Times are ISO 8601 with
 * one-second resolution, as GitHub sends them.
 */

export type AccountType = "User" | "Organization" | "Bot";
export type Role = "read" | "triage" | "write" | "maintain" | "admin";
export type Access = "read" | "write" | "admin";
export type Permissions = Readonly<Record<string, Access>>;

export interface Account {
  id: number;
  login: string;
  type: AccountType;
  name: string | null;
  email: string | null;
  createdAt: string;
  /** The app whose bot this is. */
  appId: number | null;
  /** Of an organization: the accounts that administer all its repositories. */
  ownerIds: number[];
}

export interface App {
  id: number;
  slug: string;
  name: string;
  ownerId: number;
  botId: number;
  clientId: string;
  clientSecret: string;
  publicKeyPem: string;
  permissions: Permissions;
  events: string[];
  webhookUrl: string | null;
  webhookSecret: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface Installation {
  id: number;
  appId: number;
  accountId: number;
  repositorySelection: "all" | "selected";
  /** Empty when the selection is "all". */
  repositoryIds: number[];
  permissions: Permissions;
  events: string[];
  suspendedAt: string | null;
  suspendedById: number | null;
  createdAt: string;
  updatedAt: string;
}

export interface Repository {
  id: number;
  ownerId: number;
  name: string;
  description: string | null;
  private: boolean;
  archived: boolean;
  defaultBranch: string;
  deleteBranchOnMerge: boolean;
  allowMergeCommit: boolean;
  allowSquashMerge: boolean;
  allowRebaseMerge: boolean;
  createdAt: string;
  updatedAt: string;
  pushedAt: string;
  /** Issues and pull requests share one number line. */
  nextNumber: number;
  /** Account id -> role; the owner is not listed. */
  collaborators: Record<string, Role>;
  /** Branch name -> its rules. */
  protection: Record<string, BranchProtection>;
  /** "owner/name" it had before; requests for them are answered 301. */
  formerNames: string[];
}

export interface BranchProtection {
  requiredChecks: { context: string; appId: number | null }[];
  /** The head must contain the base's tip before a merge. */
  strict: boolean;
  /** null = no review needed. */
  requiredApprovals: number | null;
  dismissStaleReviews: boolean;
  enforceAdmins: boolean;
  allowForcePushes: boolean;
  allowDeletions: boolean;
  requiredConversationResolution: boolean;
}

/** An issue, or the conversation half of a pull request (GitHub: every pull request is an issue). */
export interface Issue {
  id: number;
  repoId: number;
  number: number;
  title: string;
  body: string | null;
  state: "open" | "closed";
  stateReason: "completed" | "not_planned" | "reopened" | "duplicate" | null;
  authorId: number;
  /** The app through which it was written, if any. */
  viaAppId: number | null;
  locked: boolean;
  lockReason: string | null;
  assigneeIds: number[];
  labelIds: number[];
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedById: number | null;
  /** Set when this is a pull request. */
  pullId: number | null;
}

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

/** A comment of the conversation. */
export interface Comment {
  id: number;
  repoId: number;
  issueId: number;
  authorId: number;
  viaAppId: number | null;
  body: string;
  createdAt: string;
  updatedAt: string;
  editorId: number | null;
  minimizedReason: string | null;
}

export type ReactionContent =
  | "+1"
  | "-1"
  | "laugh"
  | "confused"
  | "heart"
  | "hooray"
  | "rocket"
  | "eyes";

export interface Reaction {
  id: number;
  repoId: number;
  subject: ReactionSubject;
  subjectId: number;
  userId: number;
  content: ReactionContent;
  createdAt: string;
}
export type ReactionSubject = "issue" | "comment" | "reviewComment";

export interface Label {
  id: number;
  repoId: number;
  name: string;
  /** Six hex digits without "#". */
  color: string;
  description: string | null;
  default: boolean;
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
  resolvedById: number | null;
}

export type CheckStatus =
  | "queued"
  | "in_progress"
  | "completed"
  | "waiting"
  | "requested"
  | "pending";
export type CheckConclusion =
  | "success"
  | "failure"
  | "neutral"
  | "cancelled"
  | "skipped"
  | "timed_out"
  | "action_required"
  | "stale";

export interface CheckSuite {
  id: number;
  repoId: number;
  appId: number;
  headSha: string;
  headBranch: string | null;
  beforeSha: string | null;
  createdAt: string;
  updatedAt: string;
  rerequestable: boolean;
}

export interface CheckAnnotation {
  path: string;
  startLine: number;
  endLine: number;
  startColumn: number | null;
  endColumn: number | null;
  level: "notice" | "warning" | "failure";
  message: string;
  title: string | null;
  rawDetails: string | null;
}

/** A button on a check run; pressing it sends `check_run.requested_action`. */
export interface CheckAction {
  label: string;
  description: string;
  identifier: string;
}

export interface CheckRun {
  id: number;
  repoId: number;
  suiteId: number;
  appId: number;
  name: string;
  headSha: string;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  startedAt: string;
  completedAt: string | null;
  detailsUrl: string | null;
  externalId: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
  annotations: CheckAnnotation[];
  actions: CheckAction[];
}

export interface CommitStatus {
  id: number;
  repoId: number;
  sha: string;
  context: string;
  state: "error" | "failure" | "pending" | "success";
  description: string | null;
  targetUrl: string | null;
  creatorId: number;
  createdAt: string;
}

/** One line of an issue's timeline other than a comment or review ("labeled", "closed", ...). */
export interface IssueEvent {
  id: number;
  repoId: number;
  issueId: number;
  actorId: number;
  viaAppId: number | null;
  event: string;
  commitSha: string | null;
  createdAt: string;
  data: Readonly<Record<string, unknown>>;
}

/** A webhook of a repository (an app's own webhook is part of its record). */
export interface RepositoryHook {
  id: number;
  repoId: number;
  url: string;
  secret: string | null;
  contentType: "json" | "form";
  events: string[];
  active: boolean;
  createdAt: string;
  updatedAt: string;
}

/** One attempt at handing an event to a webhook; a redelivery is a new record with the same guid. */
export interface Delivery {
  id: number;
  guid: string;
  appId: number | null;
  hookId: number | null;
  installationId: number | null;
  repoId: number | null;
  event: string;
  action: string | null;
  url: string;
  redelivery: boolean;
  createdAt: string;
  /** null until answered. */
  statusCode: number | null;
  /** "pending" until answered, then "OK" or the reason of the failure. */
  status: string;
  durationSeconds: number;
  requestHeaders: Readonly<Record<string, string>>;
  /** The exact body sent. */
  requestBody: string;
  responseHeaders: Readonly<Record<string, string>>;
  responseBody: string;
}

export interface Token {
  id: number;
  /** The secret itself. */
  value: string;
  kind: "user" | "installation";
  accountId: number | null;
  installationId: number | null;
  /** null = every repository of the installation. */
  repositoryIds: number[] | null;
  permissions: Permissions | null;
  createdAt: string;
  expiresAt: string | null;
}
