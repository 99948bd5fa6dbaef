import { randomInt } from "node:crypto";
import { DBOSExecutor } from "@dbos-inc/dbos-sdk/internal/dbos-executor";
import { sql } from "kysely";
import { Client } from "pg";
import type { Logger } from "../../ports/stores.ts";
import type { Database } from "../database.ts";

export interface ReplicasOptions {
  readonly database: Database;
  readonly executorId: string;
  /** True where nobody else can be alive (embedded server): every other executor is dead, at once. */
  readonly exclusive: boolean;
  readonly log: Logger;
  /** Milliseconds without a heartbeat after which a replica that still holds its lock counts as frozen. */
  readonly frozenAfterMs: number;
  /** Called when the others took this replica for dead and its runs from it. */
  readonly onLost: () => void;
}

interface Other {
  readonly id: string;
  readonly beat: number;
  readonly held: boolean;
  readonly silentMs: number;
}

const BEAT_MS = 1_000;
/** Keeps our advisory locks apart from everyone else's: the high half of the 64-bit key. */
const LOCK_CLASS = 7_216_031;

/**
 * Moves the runs of dead replicas to this one; the open-source DBOS does not. Every replica beats once a second and
 * holds a session lock that the database frees when the process dies. One that has lost its lock, or is silent for too
 * long, in two looks in a row without a beat between them, is dead.
 */
export class DbosReplicas {
  readonly #options: ReplicasOptions;
  readonly #lockKey = randomInt(2 ** 31);
  #suspects = new Map<string, number>();
  #lockHolder: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #current: Promise<void> = Promise.resolve();
  #left = false;

  constructor(options: ReplicasOptions) {
    this.#options = options;
  }

  /** Makes this replica known, before it takes any work. */
  async join(): Promise<void> {
    await this.#holdLock();
    await this.#enter();
  }

  /** Takes over what the dead left, now and from then on every second. After DBOS was launched. */
  async watch(): Promise<void> {
    const others = await this.#others();
    for (const other of others) {
      if (this.#options.exclusive) await this.#takeOver(other);
    }
    this.#suspects = suspectsAmong(others, this.#options.frozenAfterMs);
    this.#schedule();
  }

  async leave(): Promise<void> {
    this.#left = true;
    clearTimeout(this.#timer);
    await this.#current;
    await this.#lockHolder?.end().catch(() => {});
  }

  #schedule(): void {
    if (this.#left) return;
    this.#timer = setTimeout(() => {
      this.#current = this.#look().finally(() => {
        this.#schedule();
      });
    }, BEAT_MS);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    try {
      await this.#holdLock();
      await this.#beat();
      const others = await this.#others();
      const before = this.#suspects;
      this.#suspects = suspectsAmong(others, this.#options.frozenAfterMs);
      for (const other of others) {
        const suspect = this.#suspects.get(other.id);
        if (suspect !== undefined && before.get(other.id) === suspect) await this.#takeOver(other);
      }
    } catch (error) {
      this.#suspects = new Map();
      const reason = (error as Error).message;
      this.#options.log.warn({ reason }, "The database does not answer the replica's heartbeat");
    }
  }

  async #takeOver(dead: Other): Promise<void> {
    const runs = await DBOSExecutor.globalInstance?.recoverPendingWorkflows([dead.id]);
    await this.#options.database.tables
      .deleteFrom("replicas")
      .where("id", "=", dead.id)
      .where("beat", "=", dead.beat)
      .execute();
    const fields = { replica: dead.id, workflows: runs?.length ?? 0 };
    if (fields.workflows > 0) {
      this.#options.log.info(fields, "Continuing the workflows of a replica that is gone");
    }
  }

  async #beat(): Promise<void> {
    const { database, executorId, onLost, log } = this.#options;
    const alive = await database.tables
      .updateTable("replicas")
      .set({ beat: sql`beat + 1`, beat_at: sql`clock_timestamp()` })
      .where("id", "=", executorId)
      .executeTakeFirst();
    if (alive.numUpdatedRows === 1n) return;
    log.error({ replica: executorId }, "Another replica took this one for dead; it starts afresh");
    onLost();
    await this.#enter();
  }

  async #enter(): Promise<void> {
    await this.#options.database.tables
      .insertInto("replicas")
      .values({ id: this.#options.executorId, lock_key: this.#lockKey })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async #others(): Promise<readonly Other[]> {
    const { rows } = await sql<Other>`
      select r.id, r.beat,
        (extract(epoch from clock_timestamp() - r.beat_at) * 1000)::float8 as "silentMs",
        exists (
          select from pg_locks l
          where l.locktype = 'advisory' and l.granted and l.objsubid = 2
            and l.database = (select oid from pg_database where datname = current_database())
            and l.classid = ${LOCK_CLASS}::oid and l.objid::bigint = r.lock_key
        ) as held
      from orchestrator.replicas r where r.id <> ${this.#options.executorId}
    `.execute(this.#options.database.tables);
    return rows;
  }

  async #holdLock(): Promise<void> {
    if (this.#lockHolder || this.#left) return;
    const client = new Client({
      ...this.#options.database.connection,
      application_name: "backend-orchestrator replica",
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client.on("error", () => {});
    client.on("end", () => {
      if (this.#lockHolder === client) this.#lockHolder = undefined;
    });
    await client.connect();
    await client.query("select pg_advisory_lock($1::int, $2::int)", [LOCK_CLASS, this.#lockKey]);
    this.#lockHolder = client;
  }
}

function suspectsAmong(others: readonly Other[], frozenAfterMs: number): Map<string, number> {
  const suspects = others.filter(({ held, silentMs }) => !held || silentMs > frozenAfterMs);
  return new Map(suspects.map(({ id, beat }) => [id, beat]));
}
