import { expect, test } from "vitest";
import { ManualClock } from "../../../src/engine/clock.ts";
import { openDatabase } from "../../../src/engine/database.ts";
import { PostgresDeliveries } from "../../../src/engine/deliveries.ts";
import { PostgresDurations } from "../../../src/engine/durations.ts";
import {
  PostgresEffects,
  PostgresIssuedTokens,
  PostgresRequestCounts,
} from "../../../src/engine/github-records.ts";
import { PostgresLedger } from "../../../src/engine/ledger.ts";
import {
  MemoryDeliveries,
  MemoryEffects,
  MemoryIssuedTokens,
  MemoryRequestCounts,
} from "../../../src/engine/memory/records.ts";
import { MemoryLedger, MemoryQuestions, MemoryRuns } from "../../../src/engine/memory/stores.ts";
import { PostgresQuestions } from "../../../src/engine/questions.ts";
import { PostgresRuns } from "../../../src/engine/runs.ts";
import { silent, testDatabase } from "../../helpers/postgres.ts";
import { deliveriesSuite } from "./deliveries-suite.ts";
import { RUN, redactSecret, storesSuite } from "./stores-suite.ts";

async function openFresh() {
  const { connection, drop } = await testDatabase();
  const database = await openDatabase({ connection, log: silent });
  async function close(): Promise<void> {
    await database.close();
    await drop();
  }
  return { database, close };
}

storesSuite("stores in memory", () =>
  Promise.resolve({
    ledger: new MemoryLedger({ redact: redactSecret }),
    runs: new MemoryRuns(),
    questions: new MemoryQuestions(redactSecret),
    effects: new MemoryEffects(),
    counts: new MemoryRequestCounts(),
    tokens: new MemoryIssuedTokens(),
    close: () => Promise.resolve(),
  }),
);

storesSuite("stores on Postgres", async () => {
  const { database, close } = await openFresh();
  return {
    ledger: new PostgresLedger(database, redactSecret),
    runs: new PostgresRuns(database),
    questions: new PostgresQuestions(database, redactSecret),
    effects: new PostgresEffects(database),
    counts: new PostgresRequestCounts(database),
    tokens: new PostgresIssuedTokens(database),
    close,
  };
});

deliveriesSuite("deliveries in memory", () => {
  const clock = new ManualClock();
  return Promise.resolve({
    deliveries: new MemoryDeliveries(clock),
    elapse: (ms: number) => clock.advance(ms),
    close: () => Promise.resolve(),
  });
});

deliveriesSuite("deliveries on Postgres", async () => {
  const { database, close } = await openFresh();
  return {
    deliveries: new PostgresDeliveries(database),
    elapse: (ms: number) =>
      new Promise<void>((resolve) => {
        setTimeout(resolve, ms);
      }),
    close,
  };
});

test("nobody can change, remove or empty the ledger, not even by SQL", async () => {
  const { database, close } = await openFresh();
  try {
    const ledger = new PostgresLedger(database);
    const event = await ledger.append(RUN, "k", { type: "note", text: "as it was" });
    for (const statement of [
      `update orchestrator.ledger set fact = '{}'`,
      `delete from orchestrator.ledger`,
      `truncate orchestrator.ledger`,
    ]) {
      await expect(database.pool.query(statement)).rejects.toThrow("append-only");
    }
    expect(await ledger.read(RUN)).toEqual([event]);
  } finally {
    await close();
  }
});

test("estimates read this repository's durations, else those of every one", async () => {
  const { database, close } = await openFresh();
  try {
    const durations = new PostgresDurations(database);
    const work = { repositoryId: 1, specialist: "tester", phase: "testing", taskType: "unit" };
    expect(await durations.latest(work)).toEqual([]);
    await durations.add({ ...work, repositoryId: 2 }, 900.4);
    expect(await durations.latest(work)).toEqual([900]);
    await durations.add(work, 100);
    await durations.add(work, 200);
    expect(await durations.latest(work)).toEqual([200, 100]);
    expect(await durations.latest({ ...work, taskType: "acceptance" })).toEqual([]);
  } finally {
    await close();
  }
});
