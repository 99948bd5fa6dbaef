import type { HistoryRecord } from "../domain/budget/estimate.ts";
import type { RepoRef, RunId, Sha } from "../domain/ids.ts";
import type { RepoConfig } from "../domain/repo-config.ts";
import type { LedgerEvent, LedgerFact } from "../domain/run/ledger-event.ts";
import type { DefinitionSet } from "../domain/skill/definition.ts";

export interface Ledger {
  /** Appends once per (run, key): a second append with the same key returns the first event. */
  append(runId: RunId, key: string, fact: LedgerFact): Promise<LedgerEvent>;
  read(runId: RunId, after?: number): Promise<LedgerEvent[]>;
}

export interface Definitions {
  /** The package's definitions with the repository's (at `sha`) laid over them by fixed rules. */
  load(repo: RepoRef, sha: Sha): Promise<DefinitionSet>;
}

/** What a repository says about itself in `.github/orchestrator.yml` at one commit. */
export interface Profiles {
  /** The profile; `{}` when there is none; a list in Markdown of everything that is wrong with it. */
  read(repo: RepoRef, sha: Sha): Promise<{ config?: RepoConfig; problems?: string }>;
}

/** A kind of work, in one repository. */
export type Work = Pick<HistoryRecord, "repositoryId" | "specialist" | "phase" | "taskType">;

/** What finished tasks took, for the estimates of later runs. */
export interface Durations {
  /** Keeps one task's record under its key; the same key again replaces it. */
  put(key: string, record: HistoryRecord): Promise<void>;
  /** The latest 50 of each kind of work, newest first: this repository's where they are enough, else everybody's. */
  latest(works: readonly Work[]): Promise<readonly HistoryRecord[]>;
}

export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A webhook delivery whose signature was checked. */
export interface Delivery {
  /** GitHub's delivery id (`X-GitHub-Delivery`), the same in a redelivery. */
  readonly id: string;
  readonly event: string;
  readonly action: string | undefined;
  /** The JSON text as it was signed; store it as text (JSON columns refuse `\u0000`). */
  readonly payload: string;
  /** ISO time. */
  readonly receivedAt: string;
  /** Names the same thing said through another hook, for example `comment:<repository>:<id>:<updated_at>`. */
  readonly contentKey?: string;
}

/** `dead` is a delivery that failed every time it was tried, or that crashed us. */
export interface DeliveryOutcome {
  readonly state: "done" | "ignored" | "dead";
  readonly reason: string;
}

export interface Deliveries {
  /**
   * Stores the delivery durably, once. `duplicate` when its id or its content key is known; a new id with a known
   * content key is stored as already finished (`ignored`), so that every accepted delivery has an outcome.
   */
  store(delivery: Delivery): Promise<"stored" | "duplicate">;
  /**
   * The oldest deliveries without an outcome that are at least `olderThanMs` old, each with the number of times it
   * has been handed out, this time included (counted durably before it returns).
   */
  pending(
    limit: number,
    olderThanMs: number,
  ): Promise<readonly (Delivery & { readonly attempts: number })[]>;
  /** Records the outcome; the first one stays. */
  finish(id: string, outcome: DeliveryOutcome): Promise<void>;
}

/** Remembers what an effect made at GitHub (`key` -> its id), so that a lagging read cannot make it twice. */
export interface Effects {
  get(key: string): Promise<string | undefined>;
  put(key: string, value: string): Promise<void>;
}

/** How a request to GitHub counts: `content` makes a comment, review, pull request or issue; `edit` changes one. */
export type RequestKind = "content" | "edit" | "other";

export interface RequestCounts {
  add(runId: RunId, counts: Readonly<Record<RequestKind, number>>): Promise<void>;
  read(runId: RunId): Promise<Record<RequestKind, number>>;
}

/** The tokens that are out. `sealed` is the token encrypted by the caller: the store never sees it. */
export interface IssuedTokens {
  /** Recorded before the request to mint, so that a lost answer leaves a trace. */
  intend(token: { id: string; repository: string; at: string }): Promise<void>;
  issued(id: string, token: { sealed: string; expiresAt: string }): Promise<void>;
  revoked(id: string): Promise<void>;
  /** Everything not revoked, oldest first. */
  outstanding(): Promise<
    readonly {
      readonly id: string;
      readonly at: string;
      readonly sealed?: string;
      readonly expiresAt?: string;
    }[]
  >;
}
