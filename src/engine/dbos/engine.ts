import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import { DBOS, Error as DbosErrors } from "@dbos-inc/dbos-sdk";
import { dbRetryConfig, INTERNAL_QUEUE_NAME } from "@dbos-inc/dbos-sdk/internal/utils";
import { registerInternalQueue } from "@dbos-inc/dbos-sdk/internal/wfqueue";
import type { Pool } from "pg";
import type { QueueState } from "../../domain/run/queue.ts";
import type { Engine, Steps, WorkflowRef, WorkflowState } from "../../ports/engine.ts";
import type { Logger } from "../../ports/stores.ts";
import { type Database, openPool } from "../database.ts";
import { Executions } from "../executions.ts";
import { defaultLimits, type Limits } from "../limits.ts";
import { asJson, keepText, type Outcome, type Redact } from "../recorded.ts";
import { dbosLogger } from "./logger.ts";
import { queueState } from "./queue.ts";
import { DbosReplicas } from "./replicas.ts";
import { hasEnded, outcomeOfStatus, stateOfStatus, storableError } from "./status.ts";
import { CHILD_QUEUE, DbosSteps, type Envelope, type Registered } from "./steps.ts";

export interface DbosEngineOptions {
  readonly database: Database;
  readonly log: Logger;
  /** True on the embedded server, where nobody else can be alive: predecessors' runs continue at once. */
  readonly exclusive: boolean;
  readonly limits?: Partial<Limits>;
  readonly redact?: Redact;
  readonly frozenAfterMs?: number;
}

type Body = (steps: Steps, input: unknown) => Promise<unknown>;

/** Never changed: DBOS recovers only workflows of the same version, and ours wait for days across releases. */
const APPLICATION_VERSION = "1";
const NEVER_DEAD_LETTER = 1_000_000_000;
const CHILD_POLL_MS = 100;
const RECOVERY_POLL_MS = 200;
const END_POLL_MS = 1_000;
const STOP_GRACE_MS = 5_000;
const MESSAGE_SPACING_MS = 2;

/** The durable engine on DBOS. One per process: DBOS keeps its state in globals. */
export class DbosEngine implements Engine {
  readonly #options: DbosEngineOptions;
  readonly #redact: Redact;
  readonly #limits: Limits;
  readonly #bodies = new Map<string, Body>();
  readonly #workflows = new Map<string, Registered>();
  readonly #sending = new Map<string, Promise<void>>();
  /** Runs a call outside any workflow or step that the caller may be in. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #executions = new Executions();
  #pool: Pool | undefined;
  #replicas: DbosReplicas | undefined;

  constructor(options: DbosEngineOptions) {
    this.#options = options;
    this.#redact = options.redact ?? keepText;
    this.#limits = { ...defaultLimits(), ...options.limits };
  }

  register<I, O>(ref: WorkflowRef<I, O>, body: (steps: Steps, input: I) => Promise<O>): void {
    this.#bodies.set(ref.name, body as Body);
  }

  async launch(): Promise<void> {
    const { database, log, exclusive } = this.#options;
    const executorId = randomUUID();
    this.#executions = new Executions();
    const executions = this.#executions;
    this.#pool = openPool({ ...database.connection, max: 12 }, log);
    dbRetryConfig.maxBackoffSec = 4;
    DBOS.setConfig({
      name: "backend-orchestrator",
      systemDatabasePool: this.#pool,
      applicationVersion: APPLICATION_VERSION,
      enablePatching: true,
      executorID: executorId,
      logger: dbosLogger(log),
    });
    this.#registerAll();
    this.#replicas = new DbosReplicas({
      database,
      executorId,
      exclusive,
      log,
      frozenAfterMs: this.#options.frozenAfterMs ?? 15_000,
      onLost: () => void executions.abandonAll({ closing: false, graceMs: STOP_GRACE_MS }),
    });
    await this.#replicas.join();
    await DBOS.launch();
    await this.#replicas.watch();
  }

  async start<I, O>(ref: WorkflowRef<I, O>, options: { key: string; input: I }): Promise<void> {
    const input = asJson(options.input, this.#redact);
    const workflow = this.#workflow(ref.name);
    await this.#outside(() => DBOS.startWorkflow(workflow, { workflowID: options.key })(input));
  }

  send(message: {
    key: string;
    topic: string;
    body: unknown;
    idempotencyKey: string;
  }): Promise<void> {
    const { key, topic, idempotencyKey } = message;
    const envelope: Envelope = { body: asJson(message.body, this.#redact) };
    return this.#inOrder(key, async () => {
      try {
        await this.#outside(() => DBOS.send(key, envelope, topic, idempotencyKey));
      } catch (error) {
        throw error instanceof DbosErrors.DBOSNonExistentWorkflowError ? unknownKey(key) : error;
      }
    });
  }

  async cancel(key: string): Promise<void> {
    if (!(await this.#status(key))) throw unknownKey(key);
    // Remembered first: a parent that ends meanwhile takes the knowledge of its children with it.
    const family = this.#executions.family(key);
    await this.#outside(() => DBOS.cancelWorkflow(key, { cancelChildren: true }));
    this.#executions.cancel([...family, ...this.#executions.family(key)]);
  }

  async state(key: string): Promise<WorkflowState | undefined> {
    const status = await this.#status(key);
    return status && stateOfStatus(status);
  }

  async ended(key: string): Promise<WorkflowState> {
    return stateOfStatus(await this.#ended(key));
  }

  queue(partition: string): Promise<QueueState> {
    return this.#outside(() =>
      queueState(this.#options.database, { partition, limits: this.#limits }),
    );
  }

  async forget(key: string): Promise<boolean> {
    const status = await this.#status(key);
    if (status && !hasEnded(status)) return false;
    if (status) await this.#outside(() => DBOS.deleteWorkflow(key, true));
    return true;
  }

  async close(): Promise<void> {
    await this.#executions.abandonAll({ closing: true, graceMs: STOP_GRACE_MS });
    await this.#replicas?.leave();
    await DBOS.shutdown({ deregister: true });
    await this.#pool?.end();
    this.#workflows.clear();
  }

  #registerAll(): void {
    const { perPartition, perWorker } = this.#limits;
    registerInternalQueue(INTERNAL_QUEUE_NAME, { minPollingIntervalMs: RECOVERY_POLL_MS });
    registerInternalQueue(CHILD_QUEUE, {
      partitionConcurrency: perPartition,
      workerConcurrency: perWorker,
      minPollingIntervalMs: CHILD_POLL_MS,
    });
    for (const [name, body] of this.#bodies) {
      const workflow = DBOS.registerWorkflow((input: unknown) => this.#execute(body, input), {
        name,
        maxRecoveryAttempts: NEVER_DEAD_LETTER,
      });
      this.#workflows.set(name, workflow);
    }
  }

  async #execute(body: Body, input: unknown): Promise<unknown> {
    const executions = this.#executions;
    const key = DBOS.workflowID ?? "";
    const execution = executions.begin(key);
    const steps = new DbosSteps(execution, {
      executions,
      redact: this.#redact,
      workflow: (name) => this.#workflow(name),
      outcome: (child, signal) => this.#outcome(child, signal),
    });
    try {
      return asJson(await body(steps, input), this.#redact);
    } catch (error) {
      if (execution.cancelled) throw new DbosErrors.DBOSWorkflowCancelledError(key);
      throw storableError(error, this.#redact);
    } finally {
      executions.end(execution);
    }
  }

  async #outcome(key: string, signal: AbortSignal): Promise<Outcome> {
    return outcomeOfStatus(await this.#ended(key, signal));
  }

  async #ended(key: string, signal?: AbortSignal) {
    const watch = this.#executions.watch(key);
    try {
      for (let delay = END_POLL_MS; ; delay = Math.min(delay * 2, END_POLL_MS)) {
        const status = await this.#status(key);
        if (!status) throw unknownKey(key);
        if (hasEnded(status)) return status;
        signal?.throwIfAborted();
        if (await watch.next(delay, signal)) delay = 1;
      }
    } finally {
      watch.close();
    }
  }

  async #status(key: string) {
    const status = await this.#outside(() => DBOS.getWorkflowStatus(key));
    return status ?? undefined;
  }

  #workflow(name: string): Registered {
    const workflow = this.#workflows.get(name);
    if (!workflow) throw new Error(`No body is registered for ${name}`);
    return workflow;
  }

  /** One message after another to each workflow: DBOS orders them by the millisecond only. */
  async #inOrder(key: string, send: () => Promise<void>): Promise<void> {
    const before = this.#sending.get(key) ?? Promise.resolve();
    const sent = before.then(send);
    const spaced = sent
      .catch(() => {})
      .then(() => new Promise<void>((resolve) => setTimeout(resolve, MESSAGE_SPACING_MS)));
    this.#sending.set(key, spaced);
    void spaced.then(() => {
      if (this.#sending.get(key) === spaced) this.#sending.delete(key);
    });
    await sent;
  }
}

function unknownKey(key: string): Error {
  return new Error(`No workflow has the key ${key}`);
}
