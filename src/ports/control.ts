import type { Instruction, RunOptions } from "../domain/command/command.ts";
import type { Grant } from "../domain/command/permission.ts";
import type { RepoRef, RunId } from "../domain/ids.ts";
import type { QuestionDraft } from "../domain/specialist/results.ts";
import type { HandOff, HandOffState } from "../domain/triage/hand-off.ts";

/** What people may do to runs; a `Grant` proves that GitHub said this person may. */
export interface RunControl {
  /** Starts one run for the comment, once; `live` when the issue (or the pull request's issue) has one already. */
  start(grant: Grant, request: RunRequest): Promise<StartOutcome>;
  /** The run that is not over on this issue, or whose pull request this is. */
  live(repo: RepoRef, number: number): Promise<LiveRun | undefined>;
  /** Gives the command to the live run, once per `deliveryId`. */
  instruct(grant: Grant, order: RunOrder): Promise<OrderOutcome>;
  /** Hands free text to the live run: its next dispatch, or the running agent, gets it. Once per `commentId`. */
  steer(grant: Grant, message: Steering): Promise<OrderOutcome>;
  /** State, phases, wait, time, cost and requests of the latest run here, as Markdown; undefined when there is none. */
  status(repo: RepoRef, number: number): Promise<string | undefined>;
  /** Hands a review of its pull request to the run, once per review. */
  review(grant: Grant, review: ReviewOrder): Promise<OrderOutcome>;
  /** What the live run here waits to be told; undefined without a run or an open question. */
  openQuestions(repo: RepoRef, number: number): Promise<AskedRun | undefined>;
  /** True once per question: then somebody whose comment was no answer is told how to give one. */
  takeHint(runId: RunId, question: number): Promise<boolean>;
  /**
   * Tells a run what happened at GitHub to its pull request, its branch or its checks. Needs no grant: whoever could do
   * that needs none of us. Gives words for the record; undefined when it concerns no run. A push may concern several.
   */
  happened(happening: Happening): Promise<string | undefined>;
  /** Whether the latest run here was started with the hand-off of that run of another orchestrator. */
  tookUp(repo: RepoRef, issue: number, run: string): Promise<boolean>;
  /** A person says that the half that `run` handed to `to` is done, once per delivery; as `happened`. */
  halfDone(grant: Grant, half: HalfDone): Promise<string | undefined>;
}

export interface HalfDone {
  readonly repo: RepoRef;
  readonly deliveryId: string;
  readonly issue: number;
  readonly run: string;
  readonly to: string;
}

export interface ReviewOrder {
  readonly run: LiveRun;
  readonly reviewId: number;
}

/** A live run with its open questions; `rendered` is each question's comment as we wrote it. */
export interface AskedRun {
  readonly run: LiveRun;
  readonly questions: readonly {
    readonly number: number;
    readonly question: QuestionDraft;
    readonly rendered: string;
    readonly commentId?: number;
  }[];
}

export type Happening = {
  readonly repo: RepoRef;
  readonly deliveryId: string;
  readonly by: string;
} & (
  | { readonly kind: "closed"; readonly pullRequest: number; readonly merged: boolean }
  | { readonly kind: "pushed"; readonly pullRequest: number; readonly sha: string }
  /** Commits reached a branch that is not ours; runs may have it as their base. */
  | { readonly kind: "base"; readonly branch: string; readonly sha: string }
  | { readonly kind: "checks"; readonly branch: string; readonly sha: string }
  | {
      /** The orchestrator `to` says how far the half is that our `run` handed to it. */
      readonly kind: "half";
      readonly issue: number;
      readonly run: string;
      readonly to: string;
      readonly state: HandOffState;
      readonly url?: string;
    }
  | {
      /** The orchestrator `from` says how far its own half is, in `run`, which handed us ours. */
      readonly kind: "giver";
      readonly issue: number;
      readonly run: string;
      readonly from: string;
      readonly state: HandOffState;
    }
);

/** Everything a run takes from GitHub at its trigger; later edits of the issue do not count. */
export interface RunRequest {
  readonly repo: RepoRef;
  /** The issue, or the pull request, the command was written on. */
  readonly issue: number;
  readonly issueTitle: string;
  readonly issueBody: string;
  readonly labels: readonly string[];
  readonly isPullRequest: boolean;
  readonly defaultBranch: string;
  /** The text after the command; empty means that the issue says it all. */
  readonly task: string;
  readonly options: RunOptions;
  /** True for `/orchestrate plan` and `--plan-only`: plan, then wait for approval. */
  readonly planOnly: boolean;
  readonly commentId: number;
  readonly commentUrl: string;
  readonly deliveryId: string;
  /** What another orchestrator handed to this one; it stands in place of the issue's body. */
  readonly handOff?: HandOff;
}

export type StartOutcome =
  | { readonly kind: "started"; readonly runId: RunId }
  | { readonly kind: "live"; readonly run: LiveRun };

export interface LiveRun {
  readonly runId: RunId;
  readonly issue: number;
  readonly pullRequest?: number;
  readonly requestedBy: string;
  /** Words a person understands, for example "testing, 2 of 3 tasks done". */
  readonly state: string;
  readonly statusUrl?: string;
  /** Its work has ended; it only stands by for reviews and orders. */
  readonly standsBy?: boolean;
}

export interface RunOrder {
  readonly repo: RepoRef;
  readonly run: LiveRun;
  readonly command: Instruction;
  /** Absent when a button gave the order. */
  readonly commentId?: number;
  readonly deliveryId: string;
}

export interface Steering {
  readonly repo: RepoRef;
  readonly run: LiveRun;
  readonly text: string;
  readonly commentId: number;
  readonly deliveryId: string;
}

/** `said` is one sentence for the person, without a trailing newline. */
export type OrderOutcome =
  | { readonly kind: "accepted"; readonly said?: string }
  | { readonly kind: "refused"; readonly said: string };
