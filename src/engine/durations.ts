import { ENOUGH, HistoryRecord } from "../domain/budget/estimate.ts";
import type { Durations, Work } from "../ports/stores.ts";
import type { Database } from "./database.ts";

const LATEST = 50;

/** What finished tasks took, kept for the estimates of later runs. */
export class PostgresDurations implements Durations {
  readonly #tables: Database["tables"];

  constructor(database: Pick<Database, "tables">) {
    this.#tables = database.tables;
  }

  async put(key: string, record: HistoryRecord): Promise<void> {
    const row = {
      repo_id: record.repositoryId,
      specialist: record.specialist,
      phase: record.phase,
      task_type: record.taskType,
      ms: Math.round(record.durationMs),
      tokens: record.tokens,
      usd: record.usd,
    };
    await this.#tables
      .insertInto("durations")
      .values({ key, ...row })
      .onConflict((conflict) => conflict.column("key").doUpdateSet(row))
      .execute();
  }

  async latest(works: readonly Work[]): Promise<readonly HistoryRecord[]> {
    const found = [];
    for (const work of works) found.push(...(await this.#latestOf(work)));
    return found;
  }

  async #latestOf(work: Work): Promise<HistoryRecord[]> {
    const like = this.#tables
      .selectFrom("durations")
      .select(["repo_id", "specialist", "phase", "task_type", "ms", "tokens", "usd"])
      .where("specialist", "=", work.specialist)
      .where("phase", "=", work.phase)
      .where("task_type", "=", work.taskType)
      .orderBy("id", "desc")
      .limit(LATEST);
    const own = await like.where("repo_id", "=", work.repositoryId).execute();
    const rows = own.length >= ENOUGH ? own : await like.execute();
    return rows.map((row) =>
      HistoryRecord.parse({
        repositoryId: row.repo_id,
        specialist: row.specialist,
        phase: row.phase,
        taskType: row.task_type,
        durationMs: row.ms,
        tokens: row.tokens,
        usd: row.usd,
      }),
    );
  }
}
