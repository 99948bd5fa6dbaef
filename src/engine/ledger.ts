import { sql } from "kysely";
import type { RunId } from "../domain/ids.ts";
import { LedgerEvent, type LedgerFact } from "../domain/run/ledger-event.ts";
import type { Ledger } from "../ports/stores.ts";
import type { Database } from "./database.ts";
import { keepText, type Redact } from "./recorded.ts";
import { jsonbText } from "./stored-text.ts";
import type { Tables } from "./tables.ts";

type Row = { seq: number; key: string; at: Date; fact: unknown };

/** The ledger on Postgres: numbered without gaps under concurrency, rows unchangeable, secrets redacted on the way in. */
export class PostgresLedger implements Ledger {
  readonly #tables: Database["tables"];
  readonly #redact: Redact;

  constructor(database: Pick<Database, "tables">, redact: Redact = keepText) {
    this.#tables = database.tables;
    this.#redact = redact;
  }

  async append(runId: RunId, key: string, fact: LedgerFact): Promise<LedgerEvent> {
    const text = jsonbText(fact, this.#redact);
    const { rows } = await sql<Pick<Tables["ledger"], never> & Row>`
      select seq, key, at, fact from orchestrator.append_fact(${runId}, ${key}, ${text}::jsonb)
    `.execute(this.#tables);
    const [row] = rows;
    if (!row) throw new Error(`The ledger of ${runId} gave no event for ${key}`);
    return eventOf(row);
  }

  async read(runId: RunId, after = 0): Promise<LedgerEvent[]> {
    const rows = await this.#tables
      .selectFrom("ledger")
      .select(["seq", "key", "at", "fact"])
      .where("run_id", "=", runId)
      .where("seq", ">", after)
      .orderBy("seq")
      .execute();
    return rows.map(eventOf);
  }
}

function eventOf(row: Row): LedgerEvent {
  return LedgerEvent.parse({ ...row, at: row.at.toISOString() });
}
