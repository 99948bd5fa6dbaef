/** Records of conversations; see records.ts for the rules of all records. */

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
