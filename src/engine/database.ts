import { Kysely, PostgresDialect } from "kysely";
import { Pool, type PoolConfig, types } from "pg";
import { UserError } from "../domain/failure.ts";
import type { Logger } from "../ports/stores.ts";
import { migrate } from "./migrate.ts";
import type { Tables } from "./tables.ts";

export interface Database {
  /** Our own tables. */
  readonly tables: Kysely<Tables>;
  readonly pool: Pool;
  /** How to make further pools to the same database. */
  readonly connection: PoolConfig;
  close(): Promise<void>;
}

/**
 * Connects and brings the tables up to date. `connection` is the embedded server's or `{ connectionString }`. Rejects
 * with a `UserError` when the server cannot be reached.
 */
export async function openDatabase(options: {
  connection: PoolConfig;
  log: Logger;
  maxConnections?: number;
}): Promise<Database> {
  const { connection, log } = options;
  const pool = openPool({ ...connection, max: options.maxConnections ?? 10 }, log);
  try {
    await migrate(pool);
  } catch (error) {
    await pool.end();
    throw unreachable(error);
  }
  const dialect = new PostgresDialect({ pool });
  const tables = new Kysely<Tables>({ dialect }).withSchema("orchestrator");
  return { tables, pool, connection, close: () => pool.end() };
}

/** A pool that reads 64-bit integers as numbers (GitHub's ids fit) and survives the loss of its connections. */
export function openPool(config: PoolConfig, log: Logger): Pool {
  const pool = new Pool({
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    ...config,
    types: {
      getTypeParser: (oid, format) =>
        oid === types.builtins.INT8
          ? Number
          : (types.getTypeParser(oid, format) as (text: string) => unknown),
    },
  });
  pool.on("error", (error) => {
    if (pool.ending) return;
    log.warn({ reason: error.message }, "A database connection was lost; it will be opened again");
  });
  return pool;
}

function unreachable(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const outside = ["ECONNREFUSED", "ENOENT", "ENOTFOUND", "ETIMEDOUT", "28P01", "28000", "3D000"];
  if (code === undefined || !outside.includes(code)) return error;
  return new UserError(
    `The database cannot be reached (${message}): check DATABASE_URL and that the server runs.`,
  );
}
