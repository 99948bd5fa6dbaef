import { type Selectable, sql, type Transaction } from "kysely";
import { RunId, runId } from "../domain/ids.ts";
import type { EndedRuns, Leftover } from "../ports/retention.ts";
import type { RunRow, Runs } from "../ports/runs.ts";
import type { Database } from "./database.ts";
import type { Tables } from "./tables.ts";

type CreateRequest = Parameters<Runs["create"]>[0];
type Created = Awaited<ReturnType<Runs["create"]>>;
type Row = Selectable<Tables["runs"]>;

/** Runs on Postgres: at most one live run per issue, numbered from 1 per issue. */
export class PostgresRuns implements Runs, EndedRuns {
  readonly #tables: Database["tables"];

  constructor(database: Pick<Database, "tables">) {
    this.#tables = database.tables;
  }

  create(request: CreateRequest): Promise<Created> {
    const { repo, issue, commentKey } = request;
    return this.#tables.transaction().execute(async (transaction) => {
      const lock = `orchestrator.runs/${repo.id}/${issue}`;
      await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(transaction);
      const known = await transaction
        .selectFrom("runs")
        .selectAll()
        .where("repo_id", "=", repo.id)
        .where((or) =>
          or.or([
            or("comment_key", "=", commentKey),
            or.and([or("issue", "=", issue), or("state", "=", "live")]),
          ]),
        )
        .execute();
      const own = known.find((row) => row.comment_key === commentKey);
      if (own) return { kind: "existing", run: runOf(own) };
      const live = known.find((row) => row.state === "live");
      if (live) return { kind: "live", run: runOf(live) };
      return { kind: "created", run: await insertNext(transaction, request) };
    });
  }

  async get(id: RunId): Promise<RunRow | undefined> {
    const row = await this.#select().where("run_id", "=", id).executeTakeFirst();
    return row && runOf(row);
  }

  async live(repositoryId: number, number: number): Promise<RunRow | undefined> {
    const row = await this.#at(repositoryId, number).where("state", "=", "live").executeTakeFirst();
    return row && runOf(row);
  }

  async latest(repositoryId: number, number: number): Promise<RunRow | undefined> {
    const row = await this.#at(repositoryId, number).executeTakeFirst();
    return row && runOf(row);
  }

  async allLive(): Promise<readonly RunRow[]> {
    const rows = await this.#select().where("state", "=", "live").orderBy("created_at").execute();
    return rows.map(runOf);
  }

  async withPullRequest(repositoryId: number): Promise<readonly RunRow[]> {
    const rows = await this.#select()
      .where("repo_id", "=", repositoryId)
      .where("pull_request", "is not", null)
      .orderBy("created_at", "desc")
      .limit(200)
      .execute();
    return rows.map(runOf);
  }

  async setPullRequest(id: RunId, number: number): Promise<void> {
    await this.#tables
      .updateTable("runs")
      .set({ pull_request: number, updated_at: sql`clock_timestamp()` })
      .where("run_id", "=", id)
      .execute();
  }

  async end(id: RunId): Promise<void> {
    const now = sql<Date>`clock_timestamp()`;
    await this.#tables
      .updateTable("runs")
      .set({ state: "ended", ended_at: now, updated_at: now })
      .where("run_id", "=", id)
      .where("state", "=", "live")
      .execute();
  }

  async withLeftovers(
    kind: Leftover,
    { endedBefore, limit }: { readonly endedBefore: number; readonly limit: number },
  ): Promise<readonly RunRow[]> {
    const rows = await this.#select()
      .where("state", "=", "ended")
      .where("ended_at", "<", new Date(endedBefore))
      .where(`${kind}_cleared_at`, "is", null)
      .orderBy("ended_at")
      .limit(limit)
      .execute();
    return rows.map(runOf);
  }

  async cleared(id: RunId, kind: Leftover): Promise<void> {
    await this.#tables
      .updateTable("runs")
      .set({ [`${kind}_cleared_at`]: sql<Date>`clock_timestamp()` })
      .where("run_id", "=", id)
      .execute();
  }

  #select() {
    return this.#tables.selectFrom("runs").selectAll();
  }

  #at(repositoryId: number, number: number) {
    return this.#select()
      .where("repo_id", "=", repositoryId)
      .where((or) => or.or([or("issue", "=", number), or("pull_request", "=", number)]))
      .orderBy("created_at", "desc")
      .limit(1);
  }
}

async function insertNext(
  transaction: Transaction<Tables>,
  request: CreateRequest,
): Promise<RunRow> {
  const { repo, issue } = request;
  const { last } = await transaction
    .selectFrom("runs")
    .select(sql<number>`coalesce(max(n), 0)`.as("last"))
    .where("repo_id", "=", repo.id)
    .where("issue", "=", issue)
    .executeTakeFirstOrThrow();
  const n = last + 1;
  const row = await transaction
    .insertInto("runs")
    .values({
      run_id: runId({ repositoryId: repo.id, issue, n }),
      repo_id: repo.id,
      owner: repo.owner,
      name: repo.name,
      installation_id: repo.installationId,
      issue,
      n,
      requested_by: request.requestedBy,
      comment_key: request.commentKey,
      run_branch: request.runBranch(n),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return runOf(row);
}

function runOf(row: Row): RunRow {
  return {
    runId: RunId.parse(row.run_id),
    repo: {
      id: row.repo_id,
      owner: row.owner,
      name: row.name,
      installationId: row.installation_id,
    },
    issue: row.issue,
    n: row.n,
    requestedBy: row.requested_by,
    runBranch: row.run_branch,
    state: row.state,
    ...(row.pull_request === null ? {} : { pullRequest: row.pull_request }),
    createdAt: row.created_at.toISOString(),
  };
}
