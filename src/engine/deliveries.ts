import { sql } from "kysely";
import type { SpentDeliveries } from "../ports/retention.ts";
import type { Deliveries, Delivery, DeliveryOutcome } from "../ports/stores.ts";
import type { Database } from "./database.ts";
import { keepText, type Redact } from "./recorded.ts";
import { storable } from "./stored-text.ts";

/**
 * Deliveries on Postgres. A row without an outcome is the intent to act on it: stored in the one transaction that
 * makes the delivery ours, handed out until it has an outcome. Two processes are not handed the same one within
 * `olderThanMs`.
 */
export class PostgresDeliveries implements Deliveries, SpentDeliveries {
  readonly #tables: Database["tables"];
  readonly #redact: Redact;

  constructor(database: Pick<Database, "tables">, redact: Redact = keepText) {
    this.#tables = database.tables;
    this.#redact = redact;
  }

  async store(delivery: Delivery): Promise<"stored" | "duplicate"> {
    const row = {
      id: delivery.id,
      event: delivery.event,
      action: delivery.action ?? null,
      payload: this.#redact(storable(delivery.payload)),
      received_at: delivery.receivedAt,
    };
    const { contentKey } = delivery;
    const fresh = await this.#tables
      .insertInto("deliveries")
      .values({ ...row, content_key: contentKey ?? null })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (fresh.numInsertedOrUpdatedRows === 1n) return "stored";
    const reason = `the same as an earlier delivery of ${contentKey ?? delivery.id}`;
    await this.#tables
      .insertInto("deliveries")
      .values({ ...row, state: "ignored", reason })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return "duplicate";
  }

  async pending(
    limit: number,
    olderThanMs: number,
  ): Promise<readonly (Delivery & { readonly attempts: number })[]> {
    const before = sql<Date>`clock_timestamp() - make_interval(secs => ${olderThanMs / 1_000})`;
    const due = this.#tables
      .selectFrom("deliveries")
      .select("id")
      .where("state", "=", "stored")
      .where("stored_at", "<=", before)
      .where((or) => or.or([or("handed_at", "is", null), or("handed_at", "<=", before)]))
      .orderBy("stored_at")
      .limit(limit)
      .forUpdate()
      .skipLocked();
    const rows = await this.#tables
      .updateTable("deliveries")
      .set({ attempts: sql`attempts + 1`, handed_at: sql`clock_timestamp()` })
      .where("id", "in", due)
      .returningAll()
      .execute();
    return rows
      .sort((a, b) => a.stored_at.getTime() - b.stored_at.getTime())
      .map((row) => ({
        id: row.id,
        event: row.event,
        action: row.action ?? undefined,
        payload: row.payload,
        receivedAt: row.received_at.toISOString(),
        ...(row.content_key === null ? {} : { contentKey: row.content_key }),
        attempts: row.attempts,
      }));
  }

  async finish(id: string, outcome: DeliveryOutcome): Promise<void> {
    await this.#tables
      .updateTable("deliveries")
      .set({
        state: outcome.state,
        reason: this.#redact(storable(outcome.reason)),
        finished_at: sql`clock_timestamp()`,
      })
      .where("id", "=", id)
      .where("state", "=", "stored")
      .execute();
  }

  async dropPayloads(finishedBefore: number): Promise<number> {
    const dropped = await this.#tables
      .updateTable("deliveries")
      .set({ payload: "" })
      .where("state", "!=", "stored")
      .where((or) => or.fn.coalesce("finished_at", "stored_at"), "<", new Date(finishedBefore))
      .where("payload", "!=", "")
      .executeTakeFirst();
    return Number(dropped.numUpdatedRows);
  }
}
