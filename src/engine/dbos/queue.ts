import { DBOS } from "@dbos-inc/dbos-sdk";
import type { QueueState } from "../../domain/run/queue.ts";
import type { Database } from "../database.ts";
import type { Limits } from "../limits.ts";
import { CHILD_QUEUE } from "./steps.ts";

/** The queue's state in one partition, in the order in which DBOS takes from it. */
export async function queueState(
  { tables }: Database,
  { partition, limits }: { partition: string; limits: Limits },
): Promise<QueueState> {
  const [queued, replicas] = await Promise.all([
    DBOS.listWorkflows({
      queueName: CHILD_QUEUE,
      status: ["PENDING", "ENQUEUED"],
      loadInput: false,
      loadOutput: false,
    }),
    tables
      .selectFrom("replicas")
      .select((of) => of.fn.countAll<string>().as("n"))
      .executeTakeFirstOrThrow(),
  ]);
  const busy = queued.filter(({ status }) => status === "PENDING");
  const own = queued.filter(({ queuePartitionKey }) => queuePartitionKey === partition);
  const atWork = own.filter(({ status }) => status === "PENDING");
  const waiting = own
    .filter(({ status }) => status === "ENQUEUED")
    .toSorted(
      (a, b) =>
        a.priority - b.priority || a.createdAt - b.createdAt || compare(a.workflowID, b.workflowID),
    );
  const free = [
    limits.perPartition - atWork.length,
    limits.perWorker * Math.max(1, Number(replicas.n)) - busy.length,
  ];
  return {
    atWork: atWork.map(({ workflowID }) => workflowID),
    waiting: waiting.map(({ workflowID }) => workflowID),
    room: Math.max(0, Math.min(...free)),
  };
}

/** DBOS, too, settles a tie by the key. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
