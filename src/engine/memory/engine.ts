import type { QueueState } from "../../domain/run/queue.ts";
import type { WorkflowState } from "../../ports/engine.ts";
import {
  type Engine,
  type Steps,
  WorkflowCancelled,
  type WorkflowRef,
} from "../../ports/engine.ts";
import { type Clock, systemClock } from "../clock.ts";
import { defaultLimits, type Limits } from "../limits.ts";
import { asJson, keepText, type Outcome, outcomeOf, type Redact } from "../recorded.ts";
import { MemoryRecord, type Origin } from "./record.ts";
import { MemorySteps, type StepsHost } from "./steps.ts";

type Body = (steps: Steps, input: unknown) => Promise<unknown>;

export interface MemoryEngineOptions {
  /**
   * Asked at every crash point the live process passes, by its name `<key>#<position> <operation> @<moment>`; true
   * kills the process there. Moments: before, unrecorded (effect done, record not), recorded.
   */
  readonly crashAt?: (point: string) => boolean;
  readonly clock?: Clock;
  readonly limits?: Partial<Limits>;
  readonly redact?: Redact;
}

/**
 * The engine's twin for tests: durable as long as the object lives. `crash()` (or `crashAt`) drops everything that a
 * killed process would lose; `restart()` replays the rest.
 */
export class MemoryEngine implements Engine {
  /** Every crash point passed so far, replays not counted. */
  readonly points: string[] = [];
  readonly #options: MemoryEngineOptions;
  readonly #limits: Limits;
  readonly #bodies = new Map<string, Body>();
  readonly #records = new Map<string, MemoryRecord>();
  readonly #inFlight = new Set<Promise<unknown>>();
  #down = Promise.withResolvers<void>();
  #generation = 0;
  #live = false;

  constructor(options: MemoryEngineOptions = {}) {
    this.#options = options;
    this.#limits = { ...defaultLimits(), ...options.limits };
  }

  register<I, O>(ref: WorkflowRef<I, O>, body: (steps: Steps, input: I) => Promise<O>): void {
    this.#bodies.set(ref.name, body as Body);
  }

  launch(): Promise<void> {
    this.#live = true;
    this.#generation += 1;
    this.#down = Promise.withResolvers<void>();
    this.#pump();
    return Promise.resolve();
  }

  async start<I, O>(ref: WorkflowRef<I, O>, options: { key: string; input: I }): Promise<void> {
    await this.#alive();
    const input = asJson(options.input, this.#redact);
    this.#adopt({ key: options.key, workflow: ref.name, input });
  }

  async send(message: {
    key: string;
    topic: string;
    body: unknown;
    idempotencyKey: string;
  }): Promise<void> {
    await this.#alive();
    const record = this.#find(message.key);
    const { topic, idempotencyKey } = message;
    if (record.mail.some((known) => known.idempotencyKey === idempotencyKey)) return;
    const body = asJson(message.body, this.#redact);
    record.mail.push({ topic, body, idempotencyKey, taken: false });
    record.wake();
  }

  async cancel(key: string): Promise<void> {
    await this.#alive();
    this.#cancelTree(this.#find(key));
    this.#pump();
  }

  state(key: string): Promise<WorkflowState | undefined> {
    return Promise.resolve(this.#records.get(key)?.state);
  }

  async ended(key: string): Promise<WorkflowState> {
    return this.#find(key).ended.promise;
  }

  /** Nothing waits here that there is room for. */
  queue(partition: string): Promise<QueueState> {
    function keys(records: readonly MemoryRecord[]): string[] {
      const own = records.filter(({ origin }) => origin.partition === partition);
      return own.map(({ origin }) => origin.key);
    }
    return Promise.resolve({ atWork: keys(this.#busy()), waiting: keys(this.#idle()), room: 0 });
  }

  async forget(key: string): Promise<boolean> {
    await this.#alive();
    const record = this.#records.get(key);
    if (record?.state === "running") return false;
    const children = [...this.#records.values()].filter(({ origin }) => origin.parent === key);
    for (const { origin } of children) await this.forget(origin.key);
    this.#records.delete(key);
    return true;
  }

  /** Stops as a process does on request; `launch` (or `restart`) continues. */
  async close(): Promise<void> {
    this.crash();
    await Promise.allSettled(this.#inFlight);
  }

  /** Kills the "process": nothing under way is recorded from here on; steps under way see their signal. */
  crash(): void {
    if (!this.#live) return;
    this.#live = false;
    this.#generation += 1;
    for (const record of this.#records.values()) {
      record.executing = false;
      const dead = record.abort;
      record.abort = new AbortController();
      if (record.state === "running") dead.abort(new Error("The process died"));
    }
    this.#down.resolve();
  }

  /** Resolves at the next crash. */
  get crashed(): Promise<void> {
    return this.#down.promise;
  }

  /** Starts the "process" again, once the steps that were under way have stopped: all running workflows replay. */
  async restart(): Promise<void> {
    this.crash();
    await Promise.allSettled(this.#inFlight);
    await this.launch();
  }

  /** What a workflow has recorded so far, in order, for a test's message. */
  history(key: string): string[] {
    const entries = [...this.#find(key).history].sort(([a], [b]) => a - b);
    return entries.map(([position, { operation, outcome }]) =>
      outcome.ok
        ? `${position} ${operation}`
        : `${position} ${operation}: ${outcome.error.message}`,
    );
  }

  /** What a workflow returned or threw; undefined until it ended. */
  outcome(key: string): Outcome | undefined {
    return this.#find(key).outcome;
  }

  get #redact(): Redact {
    return this.#options.redact ?? keepText;
  }

  #alive(): Promise<void> {
    return this.#live
      ? Promise.resolve()
      : Promise.reject(new Error("The memory engine is down: call launch() or restart()"));
  }

  #find(key: string): MemoryRecord {
    const record = this.#records.get(key);
    if (!record) throw new Error(`No workflow has the key ${key}`);
    return record;
  }

  #adopt(origin: Origin): MemoryRecord {
    const known = this.#records.get(origin.key);
    if (known) return known;
    const record = new MemoryRecord(origin);
    this.#records.set(origin.key, record);
    this.#pump();
    return record;
  }

  /** Executes what may run: unqueued workflows at once, queued children by priority and arrival within the limits. */
  #pump(): void {
    if (!this.#live) return;
    for (const record of this.#idle()) {
      if (!this.#hasRoom(record)) continue;
      record.executing = true;
      void this.#execute(record);
    }
  }

  /** What is not over and not executed, in the order in which it is started. */
  #idle(): MemoryRecord[] {
    const idle = [...this.#records.values()].filter(
      ({ state, executing }) => state === "running" && !executing,
    );
    return idle.sort((a, b) => (a.origin.priority ?? 0) - (b.origin.priority ?? 0));
  }

  #busy(): MemoryRecord[] {
    return [...this.#records.values()].filter(
      ({ executing, origin }) => executing && origin.partition !== undefined,
    );
  }

  #hasRoom({ origin: { partition } }: MemoryRecord): boolean {
    if (partition === undefined) return true;
    const busy = this.#busy();
    const beside = busy.filter((other) => other.origin.partition === partition);
    return busy.length < this.#limits.perWorker && beside.length < this.#limits.perPartition;
  }

  async #execute(record: MemoryRecord): Promise<void> {
    const host = this.#host();
    const body = this.#bodies.get(record.origin.workflow);
    await Promise.resolve();
    const outcome = await outcomeOf(() => {
      if (!body) throw new Error(`No body is registered for ${record.origin.workflow}`);
      return body(new MemorySteps(record, host), record.origin.input);
    }, this.#redact);
    const at = { record, position: 0, operation: "end" };
    await host.pass({ ...at, moment: "before" });
    if (record.state === "running") record.end(outcome.ok ? "succeeded" : "failed", outcome);
    await host.pass({ ...at, moment: "recorded" });
    this.#pump();
  }

  #host(): StepsHost {
    const generation = this.#generation;
    return {
      clock: this.#options.clock ?? systemClock,
      redact: this.#redact,
      alive: () => this.#aliveIn(generation),
      pass: ({ record, position, operation, moment }) => {
        const name = `${record.origin.key}#${position} ${operation} @${moment}`;
        if (generation === this.#generation) {
          this.points.push(name);
          if (this.#options.crashAt?.(name)) this.crash();
        }
        return this.#aliveIn(generation);
      },
      adopt: (origin) => this.#adopt(origin),
      track: (work) => this.#track(work),
    };
  }

  #aliveIn(generation: number): Promise<void> {
    return generation === this.#generation ? Promise.resolve() : new Promise(() => {});
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    this.#inFlight.add(work);
    try {
      return await work;
    } finally {
      this.#inFlight.delete(work);
    }
  }

  #cancelTree(record: MemoryRecord): void {
    if (record.state === "running") {
      record.end("cancelled");
      record.abort.abort(new WorkflowCancelled(record.origin.key));
    }
    for (const child of this.#records.values()) {
      if (child.origin.parent === record.origin.key) this.#cancelTree(child);
    }
  }
}
