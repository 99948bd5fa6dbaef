import { describe, expect, test } from "vitest";
import type { HistoryRecord } from "../../../src/domain/budget/estimate.ts";
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
import { MemoryDurations } from "../../../src/engine/memory/durations.ts";
import {
  MemoryDeliveries,
  MemoryEffects,
  MemoryIssuedTokens,
  MemoryRequestCounts,
} from "../../../src/engine/memory/records.ts";
import { MemoryLedger, MemoryQuestions, MemoryRuns } from "../../../src/engine/memory/stores.ts";
import { PostgresQuestions } from "../../../src/engine/questions.ts";
import { PostgresRuns } from "../../../src/engine/runs.ts";
import type { Durations } from "../../../src/ports/stores.ts";
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

describe.each([
  ["Postgres", openDurations],
  [
    "memory",
    () => Promise.resolve({ durations: new MemoryDurations(), close: () => Promise.resolve() }),
  ],
] as const)("M1: what tasks took, in %s", (_name, open) => {
  const WORK = {
    repositoryId: 1,
    specialist: "backend-tester",
    phase: "testing",
    taskType: "test-writing",
  } as const;

  function took(durationMs: number, change: Partial<HistoryRecord> = {}): HistoryRecord {
    return { ...WORK, durationMs, tokens: 10, usd: 0.5, ...change };
  }

  test("the latest of this repository where they are enough, else those of every one", async () => {
    const opened = await open();
    const { durations } = opened;
    try {
      expect(await durations.latest([WORK])).toEqual([]);
      await durations.put("other", took(900.4, { repositoryId: 2, usd: null }));
      await durations.put("1", took(100));
      const both = [took(100), took(900, { repositoryId: 2, usd: null })];
      expect(await durations.latest([WORK])).toEqual(both);
      for (const n of [2, 3, 4, 5]) await durations.put(`${n}`, took(100 * n));
      const times = (await durations.latest([WORK])).map(({ durationMs }) => durationMs);
      expect(times).toEqual([500, 400, 300, 200, 100]);
      expect(await durations.latest([{ ...WORK, taskType: "review" }])).toEqual([]);
    } finally {
      await opened.close();
    }
  });

  test("a record that is kept again replaces the one before", async () => {
    const opened = await open();
    const { durations } = opened;
    try {
      await durations.put("1", took(100));
      await durations.put("1", took(150, { tokens: 20 }));
      expect(await durations.latest([WORK])).toEqual([took(150, { tokens: 20 })]);
    } finally {
      await opened.close();
    }
  });
});

async function openDurations(): Promise<{ durations: Durations; close(): Promise<void> }> {
  const { database, close } = await openFresh();
  return { durations: new PostgresDurations(database), close };
}
