import type { Connection } from "./github/connect.ts";
import { redeliverLost } from "./github/lost-deliveries.ts";
import type { Logger } from "./ports/stores.ts";
import type { Storage } from "./storage.ts";
import { sweepLeftovers } from "./workspaces/janitor.ts";

const EVERY_MS = 10 * 60_000;
/** GitHub keeps what it could not deliver for three days. */
const LOOK_BACK_MS = 3 * 24 * 3_600_000;
/** Another replica may still be using a younger token. */
const SHARED_TOKEN_MS = 10 * 60_000;

export interface Upkeep {
  stop(): void;
}

interface Parts {
  readonly storage: Storage;
  readonly connection: Connection;
  readonly log: Logger;
  readonly workspacesDir: string;
}

/** What a killed predecessor left on disk and at GitHub goes before anything is opened; homes of live runs stay. */
export async function cleanUpAfterPredecessor({
  storage,
  connection,
  log,
  workspacesDir,
}: Parts): Promise<void> {
  const runs = new Set<string>((await storage.runs.allLive()).map((run) => run.runId));
  await sweepLeftovers(workspacesDir, { runs, dispatches: new Set() });
  await quietly(log, "revoke the tokens of a predecessor", () =>
    connection.tokens.sweep(storage.exclusive ? 0 : SHARED_TOKEN_MS),
  );
}

/** From time to time, and first at once: deliveries that never arrived are asked for again, old tokens are revoked. */
export function startUpkeep({ storage, connection, log }: Parts): Upkeep {
  async function once(): Promise<void> {
    const now = Date.now();
    await quietly(log, "find lost deliveries", () =>
      redeliverLost(connection.tokens.appClient, { since: now - LOOK_BACK_MS, now, log }),
    );
    if (!storage.exclusive)
      await quietly(log, "revoke old tokens", () => connection.tokens.sweep(SHARED_TOKEN_MS));
  }
  void once();
  const timer = setInterval(() => void once(), EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** Upkeep that fails is tried again next time; it never keeps the app from working. */
async function quietly(log: Logger, what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.warn({ reason: String(error) }, `could not ${what}; the next round tries again`);
  }
}
