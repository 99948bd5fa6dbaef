import type { Database } from "./database.ts";

/** What a duration is compared with: the same kind of work in the same repository. */
export interface Work {
  readonly repositoryId: number;
  readonly specialist: string;
  readonly phase: string;
  readonly taskType: string;
}

const LATEST = 50;

/** How long dispatches took, kept for estimates of later runs. */
export class PostgresDurations {
  readonly #tables: Database["tables"];

  constructor(database: Pick<Database, "tables">) {
    this.#tables = database.tables;
  }

  async add(work: Work, ms: number): Promise<void> {
    await this.#tables
      .insertInto("durations")
      .values({
        repo_id: work.repositoryId,
        specialist: work.specialist,
        phase: work.phase,
        task_type: work.taskType,
        ms: Math.round(ms),
      })
      .execute();
  }

  /** Milliseconds of the latest 50 like it, newest first: of this repository, or of every one when it has none yet. */
  async latest(work: Work): Promise<readonly number[]> {
    const like = this.#tables
      .selectFrom("durations")
      .select("ms")
      .where("specialist", "=", work.specialist)
      .where("phase", "=", work.phase)
      .where("task_type", "=", work.taskType)
      .orderBy("id", "desc")
      .limit(LATEST);
    const own = await like.where("repo_id", "=", work.repositoryId).execute();
    const rows = own.length > 0 ? own : await like.execute();
    return rows.map(({ ms }) => ms);
  }
}
