import { partitionOf, placeOf, type QueuePlace } from "../../domain/run/queue.ts";
import type { RunView } from "../../domain/run/run.ts";
import type { Engine } from "../../ports/engine.ts";

/** Where a run stands in its repository's queue, as the engine says now; undefined when it does not wait for a place. */
export async function queuePlace(
  engine: Pick<Engine, "queue">,
  view: RunView,
): Promise<QueuePlace | undefined> {
  if (view.state !== "working") return undefined;
  return placeOf(view.runId, await engine.queue(partitionOf(view.repo)));
}
