import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, type PoolConfig } from "pg";
import { afterAll } from "vitest";
import { UserError } from "../../src/domain/failure.ts";
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from "../../src/engine/postgres/embedded.ts";
import type { Logger } from "../../src/ports/stores.ts";

export const silent: Logger = { info: () => {}, warn: () => {}, error: () => {} };

export interface TestDatabase {
  readonly connection: PoolConfig;
  readonly drop: () => Promise<unknown>;
}

/** How many test processes of this machine may have a server at once. */
const MOST_SERVERS = 16;

let server: Promise<EmbeddedPostgres> | undefined;

afterAll(async () => {
  const running = await server;
  server = undefined;
  await running?.stop();
});

/**
 * A fresh, empty database on a server that this test file's process starts once. Its data directory is kept under the
 * system's temporary folder for the next test file, because making one takes a second.
 */
export async function testDatabase(): Promise<TestDatabase> {
  server ??= startServer();
  const { connection } = await server;
  const name = `test_${randomBytes(6).toString("hex")}`;
  await administer(connection, `create database ${name}`);
  return {
    connection: { ...connection, database: name },
    drop: () => administer(connection, `drop database ${name} with (force)`),
  };
}

async function startServer(): Promise<EmbeddedPostgres> {
  for (let n = 1; ; n += 1) {
    const dataDir = join(tmpdir(), `backend-orchestrator-test-${process.getuid?.()}-${n}`);
    try {
      const started = await startEmbeddedPostgres({ dataDir, log: silent });
      await dropLeftovers(started.connection);
      return started;
    } catch (error) {
      const inUse = error instanceof UserError && error.message.includes("is in use by");
      if (!inUse || n === MOST_SERVERS) throw error;
    }
  }
}

async function dropLeftovers(connection: PoolConfig): Promise<void> {
  const found = await administer(
    connection,
    "select datname from pg_database where datname like 'test\\_%'",
  );
  for (const { datname } of found) {
    await administer(connection, `drop database ${String(datname)} with (force)`);
  }
}

async function administer(
  connection: PoolConfig,
  statement: string,
): Promise<Record<string, unknown>[]> {
  const client = new Client(connection);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows;
  } finally {
    await client.end();
  }
}
