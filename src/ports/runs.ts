import type { RepoRef, RunId } from "../domain/ids.ts";
import type { QuestionDraft } from "../domain/specialist/results.ts";

/** One row per run: how runs are found. What happened in them is in the ledger. */
export interface RunRow {
  readonly runId: RunId;
  readonly repo: RepoRef;
  readonly issue: number;
  readonly n: number;
  readonly requestedBy: string;
  readonly runBranch: string;
  readonly state: "live" | "ended";
  readonly pullRequest?: number;
  readonly createdAt: string;
}

export interface Runs {
  /**
   * Allocates the next run of the issue, once per `commentKey`. `live` when another run of the issue is not over;
   * the same comment always finds its own run again.
   */
  create(request: {
    repo: RepoRef;
    issue: number;
    requestedBy: string;
    commentKey: string;
    /** Makes the branch from the run's number. */
    runBranch(n: number): string;
  }): Promise<{ readonly kind: "created" | "existing" | "live"; readonly run: RunRow }>;
  get(runId: RunId): Promise<RunRow | undefined>;
  /** The live run on this issue or with this pull request. */
  live(repositoryId: number, number: number): Promise<RunRow | undefined>;
  /** The latest run on this issue or with this pull request, live or not. */
  latest(repositoryId: number, number: number): Promise<RunRow | undefined>;
  allLive(): Promise<readonly RunRow[]>;
  /** Runs of the repository that have a pull request, the latest first; at most 200. */
  withPullRequest(repositoryId: number): Promise<readonly RunRow[]>;
  setPullRequest(runId: RunId, number: number): Promise<void>;
  end(runId: RunId): Promise<void>;
}

export interface OpenQuestion {
  readonly runId: RunId;
  readonly number: number;
  readonly question: QuestionDraft;
  readonly commentId?: number;
}

export interface Questions {
  /** Numbers the question from 1 within its run, once per key. */
  ask(runId: RunId, key: string, question: QuestionDraft): Promise<OpenQuestion>;
  setComment(runId: RunId, number: number, commentId: number): Promise<void>;
  /** Closes it once; false when it was answered before. */
  answer(runId: RunId, number: number, answer: { by: string; text: string }): Promise<boolean>;
  open(runId: RunId): Promise<readonly OpenQuestion[]>;
}
