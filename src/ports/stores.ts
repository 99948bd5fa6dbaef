import type { DefinitionSet } from "../domain/definition.ts";
import type { RepoRef, RunId, Sha } from "../domain/ids.ts";
import type { LedgerEvent, LedgerFact } from "../domain/ledger-event.ts";

export interface Ledger {
  /** Appends once per (run, key): a second append with the same key returns the first event. */
  append(runId: RunId, key: string, fact: LedgerFact): Promise<LedgerEvent>;
  read(runId: RunId, after?: number): Promise<LedgerEvent[]>;
}

export interface Definitions {
  /** The package's definitions with the repository's (at `sha`) laid over them by fixed rules. */
  load(repo: RepoRef, sha: Sha): Promise<DefinitionSet>;
}

export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
