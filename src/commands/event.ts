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

/** A button of our check run that a person pressed. */
export interface ButtonEvent {
  readonly deliveryId: string;
  readonly repo: RepoRef;
  readonly sender: Account;
  readonly runId: RunId;
  readonly button: string;
}
