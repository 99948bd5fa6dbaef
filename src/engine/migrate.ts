import type { Pool, PoolClient } from "pg";
import { FIRST } from "./migrations/001-first.ts";
import { DURATIONS } from "./migrations/002-durations.ts";
import { RETENTION } from "./migrations/003-retention.ts";
import type { Migration } from "./migrations/migration.ts";

const MIGRATIONS: readonly Migration[] = [FIRST, DURATIONS, RETENTION];

/** Any number will do, as long as no other program on the same database takes it. */
const MIGRATION_LOCK = 7_216_031_105;

/**
 * Brings our tables to this version. Processes that start together do it one after another; tables that a newer
 * version has already taken further are left as they are.
 */
export async function migrate(
  pool: Pool,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await client.query(`create schema if not exists orchestrator;
      create table if not exists orchestrator.migrations (
        version integer primary key,
        applied_at timestamptz not null default clock_timestamp()
      )`);
    const applied = await appliedVersions(client);
    for (const migration of migrations) {
      if (!applied.has(migration.version)) await apply(client, migration);
    }
    await client.query("select pg_advisory_unlock($1)", [MIGRATION_LOCK]);
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function appliedVersions(client: PoolClient): Promise<Set<number>> {
  const { rows } = await client.query<{ version: number }>(
    "select version from orchestrator.migrations",
  );
  return new Set(rows.map(({ version }) => version));
}

async function apply(client: PoolClient, { version, sql }: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(sql);
    await client.query("insert into orchestrator.migrations (version) values ($1)", [version]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}
