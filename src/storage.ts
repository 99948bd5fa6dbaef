import { join } from "node:path";
import type { Secret } from "./domain/secret.ts";
import { type Database, openDatabase } from "./engine/database.ts";
import { PostgresDeliveries } from "./engine/deliveries.ts";
import { PostgresDurations } from "./engine/durations.ts";
import {
  PostgresEffects,
  PostgresIssuedTokens,
  PostgresRequestCounts,
} from "./engine/github-records.ts";
import { PostgresLedger } from "./engine/ledger.ts";
import { startEmbeddedPostgres } from "./engine/postgres/embedded.ts";
import { PostgresQuestions } from "./engine/questions.ts";
import { PostgresRuns } from "./engine/runs.ts";
import type { Logger } from "./ports/stores.ts";

/** Everything that is remembered: one Postgres, the operator's or our own. */
export interface Storage {
  readonly database: Database;
  /** True on the embedded server, which nobody else uses. */
  readonly exclusive: boolean;
  readonly deliveries: PostgresDeliveries;
  readonly ledger: PostgresLedger;
  readonly runs: PostgresRuns;
  readonly questions: PostgresQuestions;
  readonly effects: PostgresEffects;
  readonly counts: PostgresRequestCounts;
  readonly issued: PostgresIssuedTokens;
  readonly durations: PostgresDurations;
  close(): Promise<void>;
}

/** Opens `databaseUrl`, or starts the embedded server below `dataDir`. `redact` takes live secrets out of what is stored. */
export async function openStorage(options: {
  databaseUrl: Secret | undefined;
  dataDir: string;
  log: Logger;
  redact: (text: string) => string;
}): Promise<Storage> {
  const { databaseUrl, dataDir, log, redact } = options;
  const embedded = databaseUrl
    ? undefined
    : await startEmbeddedPostgres({ dataDir: join(dataDir, "postgres"), log });
  try {
    const connection = embedded?.connection ?? { connectionString: databaseUrl?.reveal() };
    const database = await openDatabase({ connection, log });
    return {
      database,
      exclusive: embedded !== undefined,
      deliveries: new PostgresDeliveries(database, redact),
      ledger: new PostgresLedger(database, redact),
      runs: new PostgresRuns(database),
      questions: new PostgresQuestions(database, redact),
      effects: new PostgresEffects(database),
      counts: new PostgresRequestCounts(database),
      issued: new PostgresIssuedTokens(database),
      durations: new PostgresDurations(database),
      async close() {
        await database.close();
        await embedded?.stop();
      },
    };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}
