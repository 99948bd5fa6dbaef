import { availableParallelism } from "node:os";

/** How many queued children may run at once. */
export interface Limits {
  readonly perPartition: number;
  readonly perWorker: number;
}

/** Four dispatches per repository, two per core of this worker. */
export function defaultLimits(): Limits {
  return { perPartition: 4, perWorker: 2 * availableParallelism() };
}
