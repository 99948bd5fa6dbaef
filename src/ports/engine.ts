import type { QueueState } from "../domain/run/queue.ts";

/** The durable engine, as the workflow and the roof use it. */

/** What a workflow may do. Everything in it is replayed in the same order after a crash; bodies are deterministic. */
export interface Steps {
  /**
   * Runs `fn` at least once and records its JSON result under the step's position; a replay returns the recorded
   * result. `signal` aborts within about a second when the workflow is cancelled. A throw ends the step for good:
   * retries belong inside `fn`.
   */
  step<T>(name: string, fn: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** The next message on `topic`, in order of sending, buffered if it came early; undefined after `timeoutMs`. */
  waitFor<T>(topic: string, options: { timeoutMs: number }): Promise<T | undefined>;
  /** Waits durably. */
  sleep(ms: number): Promise<void>;
  /** Starts a child once by `key` (the same key finds the same child). Children are started in program order. */
  startChild<I, O>(child: WorkflowRef<I, O>, options: ChildOptions<I>): Promise<ChildHandle<O>>;
}

export interface ChildOptions<I> {
  readonly key: string;
  readonly input: I;
  /** Queued under this partition (a repository) within the engine's limits; absent: starts at once. */
  readonly partition?: string;
  /** Of what waits in the partition the smallest starts first, of the same the one that came first; 0 unless told. */
  readonly priority?: number;
}

export interface ChildHandle<O> {
  readonly key: string;
  /** The child's output; rejects with its error's message, or with `WorkflowCancelled`. */
  result(): Promise<O>;
}

/** A workflow known to the engine by name, with JSON input and output. */
export interface WorkflowRef<I, O> {
  readonly name: string;
  /** Type carrier only. */
  readonly io?: (input: I) => O;
}

/** What a workflow meets at its next step, wait or child after it was cancelled, and what awaiting a cancelled child throws. */
export class WorkflowCancelled extends Error {
  override readonly name = "WorkflowCancelled";
  readonly key: string;

  constructor(key: string) {
    super(`Workflow ${key} was cancelled`);
    this.key = key;
  }
}

export type WorkflowState = "running" | "succeeded" | "failed" | "cancelled";

export interface Engine {
  /** Binds a body to a name; all of them before `launch`. */
  register<I, O>(ref: WorkflowRef<I, O>, body: (steps: Steps, input: I) => Promise<O>): void;
  /** Starts work and continues everything that was under way. */
  launch(): Promise<void>;
  /** Starts a workflow once by key: repeated calls, also concurrent ones and after it ended, change nothing. */
  start<I, O>(ref: WorkflowRef<I, O>, options: { key: string; input: I }): Promise<void>;
  /** Delivers a message once per `idempotencyKey`. Rejects when no workflow has that key. */
  send(message: {
    key: string;
    topic: string;
    body: unknown;
    idempotencyKey: string;
  }): Promise<void>;
  /** Cancels a workflow and its children: running steps see their signal, nothing new starts. */
  cancel(key: string): Promise<void>;
  state(key: string): Promise<WorkflowState | undefined>;
  /** Resolves when the workflow has ended, with its state. */
  ended(key: string): Promise<WorkflowState>;
  /** The children of a partition, all replicas' together, that are at work or wait for a place. */
  queue(partition: string): Promise<QueueState>;
  /**
   * Deletes what is recorded of a workflow that has ended, and of its children. False, and nothing is deleted, while it
   * runs. Its key is as free as if it had never been started: whoever starts by it has to know that it was.
   */
  forget(key: string): Promise<boolean>;
  /** Stops taking work and closes; running workflows continue at the next launch. */
  close(): Promise<void>;
}
