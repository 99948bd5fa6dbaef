import type { Connection } from "./github/connect.ts";
import { redeliverLost } from "./github/lost-deliveries.ts";
import type { Engine } from "./ports/engine.ts";
import type { Logger } from "./ports/stores.ts";
import type { Workspaces } from "./ports/workspaces.ts";
import { type KeepDays, Retention } from "./retention.ts";
import type { Storage } from "./storage.ts";
import { beat, type HeartbeatPorts } from "./workflow/publish/heartbeat.ts";
import { sweepLeftovers } from "./workspaces/janitor.ts";

const EVERY_MS = 10 * 60_000;
/** With the silence of 25 minutes before it, a heartbeat is seen within half an hour. */
const BEAT_MS = 2 * 60_000;
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

interface Running extends Parts {
  readonly engine: Engine;
  readonly workspaces: Workspaces;
  readonly keepDays: KeepDays;
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

/**
 * From time to time, and first at once: deliveries that never arrived are asked for again, old tokens are revoked, what
 * ended runs left is cleared when its time is over.
 */
export function startUpkeep(parts: Running): Upkeep {
  const { storage, connection, log, engine, workspaces, keepDays } = parts;
  const { runs, ledger, deliveries } = storage;
  const { github } = connection;
  const retention = new Retention({
    engine,
    runs,
    ledger,
    deliveries,
    workspaces,
    github,
    log,
    days: keepDays,
  });
  async function once(): Promise<void> {
    const now = Date.now();
    await quietly(log, "find lost deliveries", () =>
      redeliverLost(connection.tokens.appClient, { since: now - LOOK_BACK_MS, now, log }),
    );
    if (!storage.exclusive)
      await quietly(log, "revoke old tokens", () => connection.tokens.sweep(SHARED_TOKEN_MS));
    await quietly(log, "clear what ended runs left", () => retention.round(now));
  }
  void once();
  const timer = setInterval(() => void once(), EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** Keeps saying of long work that it goes on; what it is and when is `heartbeatDue`'s to say. */
export function startHeartbeats(ports: HeartbeatPorts, log: Logger): Upkeep {
  const timer = setInterval(
    () => void quietly(log, "say what is still at work", () => beat(ports, Date.now())),
    BEAT_MS,
  );
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
