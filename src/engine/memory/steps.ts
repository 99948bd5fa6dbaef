import {
  type ChildHandle,
  type ChildOptions,
  type Steps,
  WorkflowCancelled,
  type WorkflowRef,
} from "../../ports/engine.ts";
import type { Clock } from "../clock.ts";
import { asJson, type Outcome, outcomeOf, type Redact, settle } from "../recorded.ts";
import type { MemoryRecord, Message, Origin } from "./record.ts";

/** What the steps of one execution need from the engine that executes them. */
export interface StepsHost {
  readonly clock: Clock;
  readonly redact: Redact;
  /** A crash point: returns a promise that never settles when the process "died" here or earlier. */
  pass(point: {
    record: MemoryRecord;
    position: number;
    operation: string;
    moment: Moment;
  }): Promise<void>;
  /** Never settles in a process that died. */
  alive(): Promise<void>;
  adopt(origin: Origin): MemoryRecord;
  track<T>(work: Promise<T>): Promise<T>;
}

/** `unrecorded`: the effect has happened, its record has not. */
type Moment = "before" | "unrecorded" | "recorded";

interface Performed {
  readonly outcome: Outcome;
  /** What becomes durable together with the record. */
  readonly commit?: () => void;
}

export class MemorySteps implements Steps {
  readonly #record: MemoryRecord;
  readonly #signal: AbortSignal;
  readonly #host: StepsHost;
  #next = 1;

  constructor(record: MemoryRecord, host: StepsHost) {
    this.#record = record;
    this.#signal = record.abort.signal;
    this.#host = host;
  }

  step<T>(name: string, fn: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#operate(`step ${name}`, async () => {
      const work = outcomeOf(() => fn(this.#signal), this.#host.redact);
      return { outcome: await this.#host.track(work) };
    });
  }

  waitFor<T>(topic: string, options: { timeoutMs: number }): Promise<T | undefined> {
    return this.#operate(`wait ${topic}`, async (position) => {
      const { mail } = this.#record;
      const message = await this.#record.watch(() => firstOf(mail, topic), {
        signal: this.#signal,
        clock: this.#host.clock,
        deadline: this.#deadline(position, options.timeoutMs),
      });
      return {
        outcome: { ok: true, value: message?.body },
        commit: () => {
          if (message) message.taken = true;
        },
      };
    });
  }

  sleep(ms: number): Promise<void> {
    return this.#operate("sleep", async (position) => {
      const { clock } = this.#host;
      const deadline = this.#deadline(position, ms);
      await this.#record.watch(() => undefined, { signal: this.#signal, clock, deadline });
      return { outcome: { ok: true } };
    });
  }

  async startChild<I, O>(
    child: WorkflowRef<I, O>,
    options: ChildOptions<I>,
  ): Promise<ChildHandle<O>> {
    const { key, partition, priority } = options;
    const origin: Origin = {
      key,
      workflow: child.name,
      input: asJson(options.input, this.#host.redact),
      parent: this.#record.origin.key,
      ...(partition === undefined ? {} : { partition }),
      ...(priority === undefined ? {} : { priority }),
    };
    await this.#operate(`child ${key}`, () => {
      this.#host.adopt(origin);
      return Promise.resolve({ outcome: { ok: true } });
    });
    return { key, result: () => this.#resultOf<O>(this.#host.adopt(origin)) };
  }

  #resultOf<O>(child: MemoryRecord): Promise<O> {
    return this.#operate(`result of ${child.origin.key}`, async () => {
      const { clock } = this.#host;
      await child.watch(() => (child.state === "running" ? undefined : true), {
        signal: this.#signal,
        clock,
      });
      if (child.state === "cancelled") {
        const { key } = child.origin;
        const { name, message } = new WorkflowCancelled(key);
        return { outcome: { ok: false, error: { name, message, key } } };
      }
      return { outcome: child.outcome ?? { ok: true } };
    });
  }

  /** What `work` comes to, unless the process died meanwhile: the dead see nothing any more. */
  async #alive<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      await this.#host.alive();
      throw error;
    }
  }

  #deadline(position: number, ms: number): number {
    const known = this.#record.deadlines.get(position);
    const deadline = known ?? this.#host.clock.now() + ms;
    this.#record.deadlines.set(position, deadline);
    return deadline;
  }

  /** Replays the record at the next position, or performs and records. Positions are taken in calling order. */
  async #operate<T>(
    operation: string,
    perform: (position: number) => Promise<Performed>,
  ): Promise<T> {
    const record = this.#record;
    const position = this.#next++;
    const entry = record.history.get(position);
    if (entry) {
      if (entry.operation !== operation) throw diverged(record, position, operation);
      return settle(entry.outcome) as T;
    }
    const at = { record, position, operation };
    await this.#host.pass({ ...at, moment: "before" });
    record.throwIfCancelled();
    const { outcome, commit } = await this.#alive(perform(position));
    await this.#host.pass({ ...at, moment: "unrecorded" });
    record.throwIfCancelled();
    record.history.set(position, { operation, outcome });
    commit?.();
    await this.#host.pass({ ...at, moment: "recorded" });
    return settle(outcome) as T;
  }
}

function firstOf(mail: readonly Message[], topic: string): Message | undefined {
  return mail.find((message) => message.topic === topic && !message.taken);
}

function diverged(record: MemoryRecord, position: number, operation: string): Error {
  const recorded = record.history.get(position)?.operation;
  return new Error(
    `Replay of ${record.origin.key} diverged at ${position}: it did "${operation}" where "${recorded}" is recorded`,
  );
}
