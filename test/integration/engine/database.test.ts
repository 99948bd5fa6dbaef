import { afterEach, beforeEach, expect, test } from "vitest";
import { UserError } from "../../../src/domain/failure.ts";
import { openDatabase, openPool } from "../../../src/engine/database.ts";
import { migrate } from "../../../src/engine/migrate.ts";
import { silent, type TestDatabase, testDatabase } from "../../helpers/postgres.ts";

let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase();
});

afterEach(async () => {
  await database.drop();
});

test("F42: processes that start together migrate once", async () => {
  const { connection } = database;
  const opened = await Promise.all(
    [1, 2, 3, 4].map(() => openDatabase({ connection, log: silent })),
  );
  const [first] = opened;
  const { rows } = (await first?.pool.query("select version from orchestrator.migrations")) ?? {
    rows: [],
  };
  expect(rows).toEqual([{ version: 1 }, { version: 2 }, { version: 3 }]);
  for (const one of opened) await one.close();
});

test("F42: a migration that fails half-way leaves nothing and is done whole the next time", async () => {
  const pool = openPool(database.connection, silent);
  const good = { version: 1, sql: "create table orchestrator.one (id integer)" };
  const broken = { version: 2, sql: "create table orchestrator.two (id integer); select 1/0" };
  await expect(migrate(pool, [good, broken])).rejects.toThrow("division by zero");
  const repaired = { version: 2, sql: "create table orchestrator.two (id integer)" };
  await migrate(pool, [good, repaired]);
  const { rows } = await pool.query("select version from orchestrator.migrations order by 1");
  expect(rows).toEqual([{ version: 1 }, { version: 2 }]);
  await migrate(pool, [good]);
  await pool.query("select * from orchestrator.two");
  await pool.end();
});

test("says in one sentence that the database cannot be reached", async () => {
  const refused = openDatabase({
    connection: { connectionString: "postgresql://nobody@127.0.0.1:1/none" },
    log: silent,
  });
  await expect(refused).rejects.toBeInstanceOf(UserError);
  await expect(refused).rejects.toThrow(
    /^The database cannot be reached \(.*ECONNREFUSED.*\): check DATABASE_URL/,
  );
});
