import { DBOS } from "@dbos-inc/dbos-sdk";
import {
  type ChildHandle,
  type ChildOptions,
  type Steps,
  WorkflowCancelled,
  type WorkflowRef,
} from "../../ports/engine.ts";
import type { Execution, Executions } from "../executions.ts";
import { asJson, type Outcome, outcomeOf, type Redact, settle } from "../recorded.ts";

/** A message as sent: wrapped, because DBOS gives null for "none came". */
export interface Envelope {
  readonly body?: unknown;
}

export type Registered = (input: unknown) => Promise<unknown>;

export interface DbosStepsHost {
  readonly executions: Executions;
  readonly redact: Redact;
  workflow(name: string): Registered;
  /** What a workflow came to, as soon as it has ended. */
  outcome(key: string, signal: AbortSignal): Promise<Outcome>;
}

export const CHILD_QUEUE = "dispatches";

/** Finds a lost notification at the latest after this time; notifications come at once. */
const RECEIVE_POLL_MS = 5_000;

/** `Steps` on DBOS. Every operation takes its position in calling order, before it first waits. */
export class DbosSteps implements Steps {
  readonly #execution: Execution;
  readonly #host: DbosStepsHost;

  constructor(execution: Execution, host: DbosStepsHost) {
    this.#execution = execution;
    this.#host = host;
  }

  async step<T>(name: string, fn: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const outcome = await this.#perform(() => this.#record(`step ${name}`, fn));
    return settle(outcome) as T;
  }

  async waitFor<T>(topic: string, options: { timeoutMs: number }): Promise<T | undefined> {
    const envelope = await this.#perform(() =>
      DBOS.recv<Envelope>(topic, {
        timeoutSeconds: options.timeoutMs / 1_000,
        pollingIntervalMs: RECEIVE_POLL_MS,
      }),
    );
    return envelope?.body as T | undefined;
  }

  async sleep(ms: number): Promise<void> {
    await this.#perform(() => DBOS.sleepms(Math.max(0, ms)));
  }

  async startChild<I, O>(
    child: WorkflowRef<I, O>,
    options: ChildOptions<I>,
  ): Promise<ChildHandle<O>> {
    const { key, partition, priority = 0 } = options;
    const queued =
      partition === undefined
        ? {}
        : { queueName: CHILD_QUEUE, enqueueOptions: { queuePartitionKey: partition, priority } };
    this.#host.executions.adopt(this.#execution.key, key);
    const input = asJson(options.input, this.#host.redact);
    const start = DBOS.startWorkflow(this.#host.workflow(child.name), {
      workflowID: key,
      ...queued,
    });
    await this.#perform(() => start(input));
    return { key, result: () => this.#resultOf<O>(key) };
  }

  async #resultOf<O>(key: string): Promise<O> {
    const outcome = await this.#perform(() =>
      this.#record(`result of ${key}`, async (signal) =>
        settle(await this.#host.outcome(key, signal)),
      ),
    );
    return settle(outcome) as O;
  }

  /** A DBOS step that keeps success and error alike as a value, so that first run and replay look the same. */
  #record(name: string, fn: (signal: AbortSignal) => Promise<unknown>): Promise<Outcome> {
    const { executions, redact } = this.#host;
    const execution = this.#execution;
    return DBOS.runStep(
      async () => {
        const polled = DBOS.stepStatus?.cancelSignal;
        const signal = AbortSignal.any([execution.signal, ...(polled ? [polled] : [])]);
        const outcome = await executions.track(
          outcomeOf(() => fn(told(signal, execution)), redact),
        );
        if (executions.closed) await never();
        execution.signal.throwIfAborted();
        return outcome;
      },
      { name },
    );
  }

  /** Runs one operation; a cancelled workflow leaves it at once, a closed engine never comes back from it. */
  async #perform<T>(operation: () => Promise<T>): Promise<T> {
    const { executions } = this.#host;
    const execution = this.#execution;
    if (executions.closed) await never();
    const aborted = Promise.withResolvers<never>();
    function abort(): void {
      if (execution.cancelled) aborted.reject(execution.signal.reason as Error);
    }
    aborted.promise.catch(() => {});
    execution.signal.addEventListener("abort", abort);
    const work = operation();
    work.catch(() => {});
    try {
      if (execution.signal.aborted) abort();
      return await Promise.race([work, aborted.promise]);
    } catch (error) {
      throw cancellation(error, execution) ?? error;
    } finally {
      execution.signal.removeEventListener("abort", abort);
      if (executions.closed) await never();
    }
  }
}

/** The same signal, whose reason says in our words that the workflow was cancelled. */
function told(signal: AbortSignal, execution: Execution): AbortSignal {
  const controller = new AbortController();
  function abort(): void {
    controller.abort(
      execution.signal.aborted ? execution.signal.reason : new WorkflowCancelled(execution.key),
    );
  }
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  return controller.signal;
}

/** What DBOS throws at a step of a workflow that was cancelled, or that another execution has taken over. */
const STOPPED = new Set(["DBOSWorkflowCancelledError", "DBOSWorkflowConflictError"]);

/** An execution that may not go on ends like a cancelled one: whatever it said would be said beside its successor. */
function cancellation(error: unknown, execution: Execution): WorkflowCancelled | undefined {
  const { name } = error as { constructor?: { name?: string }; name?: string };
  const kind = (error as object | undefined)?.constructor?.name ?? name;
  return execution.cancelled || (kind !== undefined && STOPPED.has(kind))
    ? new WorkflowCancelled(execution.key)
    : undefined;
}

/** The promise of a process that is no more. */
function never(): Promise<never> {
  return new Promise(() => {});
}
