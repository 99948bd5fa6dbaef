import { ENOUGH, type HistoryRecord } from "../../domain/budget/estimate.ts";
import type { Durations, Work } from "../../ports/stores.ts";

/** The twin of `PostgresDurations` that lives as long as the object. */
export class MemoryDurations implements Durations {
  readonly #records = new Map<string, HistoryRecord>();

  put(key: string, record: HistoryRecord): Promise<void> {
    this.#records.set(key, { ...record, durationMs: Math.round(record.durationMs) });
    return Promise.resolve();
  }

  latest(works: readonly Work[]): Promise<readonly HistoryRecord[]> {
    const newestFirst = [...this.#records.values()].reverse();
    const found = works.flatMap((work) => {
      const like = newestFirst.filter(
        (one) =>
          one.specialist === work.specialist &&
          one.phase === work.phase &&
          one.taskType === work.taskType,
      );
      const own = like.filter((one) => one.repositoryId === work.repositoryId);
      return (own.length >= ENOUGH ? own : like).slice(0, LATEST);
    });
    return Promise.resolve(found);
  }
}

const LATEST = 50;
