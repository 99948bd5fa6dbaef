import type { RunId } from "../../domain/ids.ts";
import { foldRun } from "../../domain/run/fold.ts";
import { heartbeatDue } from "../../domain/run/heartbeat.ts";
import type { Engine } from "../../ports/engine.ts";
import type { Runs } from "../../ports/runs.ts";
import type { Ledger } from "../../ports/stores.ts";
import type { StatusPublisher } from "../context.ts";
import { queuePlace } from "./queue-place.ts";

export interface HeartbeatPorts {
  readonly ledger: Ledger;
  readonly runs: Pick<Runs, "allLive">;
  readonly engine: Pick<Engine, "queue">;
  readonly status: Pick<StatusPublisher, "touch"> & {
    /** Runs that this process publishes: also those that work again after their end. */
    known(): readonly string[];
  };
}

/** Long work says now and then that it goes on: every working run that has been silent for too long at `now`. */
export async function beat(ports: HeartbeatPorts, now: number): Promise<void> {
  const live = (await ports.runs.allLive()).map(({ runId }) => runId);
  for (const runId of new Set([...live, ...ports.status.known()] as RunId[]))
    await beatOf(ports, runId, now);
}

/** Who waits for a place does no work; its place is kept true by itself. */
async function beatOf(ports: HeartbeatPorts, runId: RunId, now: number): Promise<void> {
  const events = await ports.ledger.read(runId);
  const due = heartbeatDue(events, now);
  if (!due || (await queuePlace(ports.engine, foldRun(events)))) return;
  await ports.ledger.append(runId, due.key, due.fact);
  ports.status.touch(runId);
}
