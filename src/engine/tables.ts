import type { ColumnType, Generated } from "kysely";
import type { LedgerFact } from "../domain/run/ledger-event.ts";
import type { QuestionDraft } from "../domain/specialist/results.ts";

/** A time that the database or the caller writes as text and that is read as a `Date`. */
type Written = ColumnType<Date, string, string>;
type Stamped = ColumnType<Date, never, Date>;
type StampedLater = ColumnType<Date | null, never, Date>;
/** Given as JSON text, read as the value. */
type Json<T> = ColumnType<T, string, never>;

/** Our own tables, in the schema `orchestrator`; made by `migrations/`. */
export interface Tables {
  deliveries: {
    id: string;
    event: string;
    action: string | null;
    payload: string;
    received_at: Written;
    stored_at: Stamped;
    content_key: string | null;
    state: Generated<"stored" | "done" | "ignored" | "dead">;
    reason: string | null;
    attempts: Generated<number>;
    handed_at: StampedLater;
    finished_at: StampedLater;
  };
  runs: {
    run_id: string;
    repo_id: number;
    owner: string;
    name: string;
    installation_id: number;
    issue: number;
    n: number;
    requested_by: string;
    comment_key: string;
    run_branch: string;
    state: Generated<"live" | "ended">;
    pull_request: number | null;
    created_at: Stamped;
    updated_at: Stamped;
    ended_at: StampedLater;
    workflows_cleared_at: StampedLater;
    branches_cleared_at: StampedLater;
    ledger_cleared_at: StampedLater;
  };
  archive: {
    run_id: string;
    ledger: Buffer;
    report: Json<unknown>;
    archived_at: Stamped;
  };
  ledger: {
    run_id: string;
    seq: ColumnType<number, never, never>;
    key: ColumnType<string, never, never>;
    at: ColumnType<Date, never, never>;
    fact: ColumnType<LedgerFact, never, never>;
  };
  questions: {
    run_id: string;
    number: number;
    key: string;
    question: Json<QuestionDraft>;
    comment_id: number | null;
    asked_at: Stamped;
    answered_by: string | null;
    answer: string | null;
    answered_at: StampedLater;
  };
  effects: { key: string; value: string; at: Stamped };
  github_requests: { run_id: string; content: number; edit: number; other: number };
  tokens: {
    id: string;
    repository: string;
    intended_at: Written;
    sealed: string | null;
    expires_at: ColumnType<Date | null, string | null, string | null>;
    revoked_at: StampedLater;
  };
  durations: {
    id: Generated<number>;
    repo_id: number;
    specialist: string;
    phase: string;
    task_type: string;
    ms: number;
    tokens: Generated<number>;
    usd: number | null;
    key: string | null;
    at: Stamped;
  };
  replicas: {
    id: string;
    lock_key: number;
    started_at: Stamped;
    beat: Generated<number>;
    beat_at: Stamped;
  };
}
