import { sql } from "kysely";
import type { RunId } from "../domain/ids.ts";
import type { Effects, IssuedTokens, RequestCounts, RequestKind } from "../ports/stores.ts";
import type { Database } from "./database.ts";

/** What effects made at GitHub, on Postgres. A later value for the same key replaces the earlier. */
export class PostgresEffects implements Effects {
  readonly #tables: Database["tables"];

  constructor(database: Pick<Database, "tables">) {
    this.#tables = database.tables;
  }

  async get(key: string): Promise<string | undefined> {
    const row = await this.#tables
      .selectFrom("effects")
      .select("value")
      .where("key", "=", key)
      .executeTakeFirst();
    return row?.value;
  }

  async put(key: string, value: string): Promise<void> {
    await this.#tables
      .insertInto("effects")
      .values({ key, value })
      .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
      .execute();
  }
}

/** Requests to GitHub per run, on Postgres. */
export class PostgresRequestCounts implements RequestCounts {
  readonly #tables: Database["tables"];

  constructor(database: Pick<Database, "tables">) {
    this.#tables = database.tables;
  }

  async add(runId: RunId, counts: Readonly<Record<RequestKind, number>>): Promise<void> {
    await this.#tables
      .insertInto("github_requests")
      .values({ run_id: runId, ...counts })
      .onConflict((conflict) =>
        conflict.column("run_id").doUpdateSet({
          content: sql`github_requests.content + excluded.content`,
          edit: sql`github_requests.edit + excluded.edit`,
          other: sql`github_requests.other + excluded.other`,
        }),
      )
      .execute();
  }

  async read(runId: RunId): Promise<Record<RequestKind, number>> {
    const row = await this.#tables
      .selectFrom("github_requests")
      .select(["content", "edit", "other"])
      .where("run_id", "=", runId)
      .executeTakeFirst();
    return row ?? { content: 0, edit: 0, other: 0 };
  }
}

/** Installation tokens that are out, on Postgres. */
export class PostgresIssuedTokens implements IssuedTokens {
  readonly #tables: Database["tables"];

  constructor(database: Pick<Database, "tables">) {
    this.#tables = database.tables;
  }

  async intend(token: { id: string; repository: string; at: string }): Promise<void> {
    await this.#tables
      .insertInto("tokens")
      .values({ id: token.id, repository: token.repository, intended_at: token.at })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async issued(id: string, token: { sealed: string; expiresAt: string }): Promise<void> {
    await this.#tables
      .updateTable("tokens")
      .set({ sealed: token.sealed, expires_at: token.expiresAt })
      .where("id", "=", id)
      .execute();
  }

  async revoked(id: string): Promise<void> {
    await this.#tables
      .updateTable("tokens")
      .set({ revoked_at: sql`clock_timestamp()`, sealed: null })
      .where("id", "=", id)
      .execute();
  }

  async outstanding(): ReturnType<IssuedTokens["outstanding"]> {
    const rows = await this.#tables
      .selectFrom("tokens")
      .select(["id", "intended_at", "sealed", "expires_at"])
      .where("revoked_at", "is", null)
      .orderBy("intended_at")
      .execute();
    return rows.map((row) => ({
      id: row.id,
      at: row.intended_at.toISOString(),
      ...(row.sealed === null ? {} : { sealed: row.sealed }),
      ...(row.expires_at === null ? {} : { expiresAt: row.expires_at.toISOString() }),
    }));
  }
}
