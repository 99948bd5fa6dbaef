import { gunzipSync, gzipSync } from "node:zlib";
import { sql } from "kysely";
import type { RunId } from "../domain/ids.ts";
import { LedgerEvent, type LedgerFact } from "../domain/run/ledger-event.ts";
import type { LedgerArchive } from "../ports/retention.ts";
import type { Ledger } from "../ports/stores.ts";
import type { Database } from "./database.ts";
import { keepText, type Redact } from "./recorded.ts";
import { jsonbText } from "./stored-text.ts";
import type { Tables } from "./tables.ts";

type Row = { seq: number; key: string; at: Date; fact: unknown };

/** The ledger on Postgres: numbered without gaps under concurrency, rows unchangeable, secrets redacted on the way in. */
export class PostgresLedger implements Ledger, LedgerArchive {
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
    return rows.length > 0 ? rows.map(eventOf) : this.#archived(runId, after);
  }

  async archive(runId: RunId, report: unknown): Promise<void> {
    const text = jsonbText(report, this.#redact);
    await this.#tables.transaction().execute(async (transaction) => {
      const lock = `orchestrator.ledger/${runId}`;
      await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(transaction);
      const ledger = transaction.selectFrom("ledger").select(["seq", "key", "at", "fact"]);
      const rows = await ledger.where("run_id", "=", runId).orderBy("seq").execute();
      if (rows.length === 0) return;
      const packed = gzipSync(JSON.stringify(rows.map(eventOf)));
      await transaction
        .insertInto("archive")
        .values({ run_id: runId, ledger: packed, report: text })
        .execute();
      await transaction.deleteFrom("ledger").where("run_id", "=", runId).execute();
    });
  }

  async lastReport(runId: RunId): Promise<unknown> {
    const archived = this.#tables.selectFrom("archive").where("run_id", "=", runId);
    return (await archived.select("report").executeTakeFirst())?.report;
  }

  async #archived(runId: RunId, after: number): Promise<LedgerEvent[]> {
    const archived = this.#tables.selectFrom("archive").where("run_id", "=", runId);
    const row = await archived.select("ledger").executeTakeFirst();
    if (!row) return [];
    const events = LedgerEvent.array().parse(JSON.parse(gunzipSync(row.ledger).toString("utf8")));
    return events.filter(({ seq }) => seq > after);
  }
}

function eventOf(row: Row): LedgerEvent {
  return LedgerEvent.parse({ ...row, at: row.at.toISOString() });
}
