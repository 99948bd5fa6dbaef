import { type Selectable, sql } from "kysely";
import { RunId } from "../domain/ids.ts";
import { QuestionDraft } from "../domain/specialist/results.ts";
import type { OpenQuestion, Questions } from "../ports/runs.ts";
import type { Database } from "./database.ts";
import { keepText, type Redact } from "./recorded.ts";
import { jsonbText, storable } from "./stored-text.ts";
import type { Tables } from "./tables.ts";

/** Questions on Postgres: numbered from 1 within a run, answered once. */
export class PostgresQuestions implements Questions {
  readonly #tables: Database["tables"];
  readonly #redact: Redact;

  constructor(database: Pick<Database, "tables">, redact: Redact = keepText) {
    this.#tables = database.tables;
    this.#redact = redact;
  }

  ask(runId: RunId, key: string, question: QuestionDraft): Promise<OpenQuestion> {
    return this.#tables.transaction().execute(async (transaction) => {
      const lock = `orchestrator.questions/${runId}`;
      await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(transaction);
      const known = await transaction
        .selectFrom("questions")
        .selectAll()
        .where("run_id", "=", runId)
        .where("key", "=", key)
        .executeTakeFirst();
      if (known) return questionOf(known);
      const { last } = await transaction
        .selectFrom("questions")
        .select(sql<number>`coalesce(max(number), 0)`.as("last"))
        .where("run_id", "=", runId)
        .executeTakeFirstOrThrow();
      const text = jsonbText(question, this.#redact);
      const row = await transaction
        .insertInto("questions")
        .values({ run_id: runId, number: last + 1, key, question: text })
        .returningAll()
        .executeTakeFirstOrThrow();
      return questionOf(row);
    });
  }

  async setComment(runId: RunId, number: number, commentId: number): Promise<void> {
    await this.#tables
      .updateTable("questions")
      .set({ comment_id: commentId })
      .where("run_id", "=", runId)
      .where("number", "=", number)
      .execute();
  }

  async answer(
    runId: RunId,
    number: number,
    answer: { by: string; text: string },
  ): Promise<boolean> {
    const first = await this.#tables
      .updateTable("questions")
      .set({
        answered_by: answer.by,
        answer: this.#redact(storable(answer.text)),
        answered_at: sql`clock_timestamp()`,
      })
      .where("run_id", "=", runId)
      .where("number", "=", number)
      .where("answered_at", "is", null)
      .executeTakeFirst();
    return first.numUpdatedRows === 1n;
  }

  async open(runId: RunId): Promise<readonly OpenQuestion[]> {
    const rows = await this.#tables
      .selectFrom("questions")
      .selectAll()
      .where("run_id", "=", runId)
      .where("answered_at", "is", null)
      .orderBy("number")
      .execute();
    return rows.map(questionOf);
  }
}

function questionOf(row: Selectable<Tables["questions"]>): OpenQuestion {
  return {
    runId: RunId.parse(row.run_id),
    number: row.number,
    question: QuestionDraft.parse(row.question),
    ...(row.comment_id === null ? {} : { commentId: row.comment_id }),
  };
}
