import type { RepoRef, RunId } from "../domain/ids.ts";

export interface Account {
  readonly id: number;
  readonly login: string;
  /** GitHub's word: `User`, `Bot`, `Organization`. */
  readonly type: string;
}

/** A comment that GitHub says was just created, as far as commands need it. */
export interface CommentEvent {
  readonly deliveryId: string;
  readonly repo: RepoRef;
  readonly defaultBranch: string;
  readonly archived: boolean;
  readonly sender: Account;
  readonly comment: {
    readonly id: number;
    readonly url: string;
    readonly body: string;
    /** Undefined when the account is gone. */
    readonly author: Account | undefined;
    /** The app that wrote the comment, if one did. */
    readonly appId: number | undefined;
  };
  readonly issue: {
    readonly number: number;
    readonly title: string;
    readonly body: string;
    readonly labels: readonly string[];
    readonly state: "open" | "closed";
    readonly locked: boolean;
    readonly isPullRequest: boolean;
  };
}

/** A comment that GitHub says somebody edited. */
export interface EditEvent {
  readonly deliveryId: string;
  readonly repo: RepoRef;
  readonly archived: boolean;
  /** Who edited it. */
  readonly sender: Account;
  readonly issue: number;
  readonly comment: {
    readonly id: number;
    readonly body: string;
    readonly author?: Account | undefined;
    /** The app that wrote the comment, if one did. */
    readonly appId: number | undefined;
  };
}

/** A review that was submitted, or a comment on the diff, which GitHub makes a review of its own. */
export interface ReviewEvent {
  readonly deliveryId: string;
  readonly repo: RepoRef;
  readonly archived: boolean;
  readonly sender: Account;
  readonly author: Account | undefined;
  readonly pullRequest: number;
  readonly reviewId: number;
}

/** An issue that was closed. */
export interface IssueClosedEvent {
  readonly deliveryId: string;
  readonly repo: RepoRef;
  readonly archived: boolean;
  readonly sender: Account;
  readonly issue: number;
  /** Closed as not planned, or as a duplicate. */
  readonly notPlanned: boolean;
}

/** A button of our check run that a person pressed. */
export interface ButtonEvent {
  readonly deliveryId: string;
  readonly repo: RepoRef;
  readonly sender: Account;
  readonly runId: RunId;
  readonly button: string;
}
