import { LaterError } from "../domain/failure.ts";
import type { Deliveries, Delivery, DeliveryOutcome, Logger } from "../ports/stores.ts";
import { parseObject } from "./delivery.ts";

export interface ProcessorSettings {
  readonly deliveries: Pick<Deliveries, "pending" | "finish">;
  /** Works on one delivery. A throw means: try again. */
  readonly receive: (
    delivery: Delivery,
    payload: Record<string, unknown>,
  ) => Promise<DeliveryOutcome>;
  readonly log: Logger;
  /** Deliveries worked on at once; 8 unless told. */
  readonly concurrency?: number;
  /** Milliseconds between sweeps for deliveries that other processes left; 10 minutes unless told. */
  readonly sweepMs?: number;
  /** Milliseconds before each further try of a delivery that failed; then it is dead. */
  readonly retryMs?: readonly number[];
}

const RETRY_MS = [2_000, 30_000, 300_000];
/** A delivery handed out this often without an outcome crashes the process. */
const POISON = 10;

/**
 * Works on stored deliveries: those of one issue one after another in the order they came, others side by side. What
 * fails is tried again, what was left undone by a crash is found by a sweep, and each ends with one outcome.
 */
export class DeliveryProcessor {
  readonly #settings: ProcessorSettings;
  readonly #held = new Set<string>();
  readonly #turns = new Map<string, Promise<void>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #sweeper: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(settings: ProcessorSettings) {
    this.#settings = settings;
  }

  /** Takes up what an earlier process left, then sweeps from time to time. */
  async start(): Promise<void> {
    await this.sweep(0);
    const every = this.#settings.sweepMs ?? 600_000;
    this.#sweeper = setInterval(() => {
      this.sweep(every / 2).catch((error: unknown) => {
        this.#settings.log.error({ err: error }, "A sweep for deliveries failed");
      });
    }, every);
    this.#sweeper.unref();
  }

  /** Works on a delivery that was just stored. Never throws. */
  accept(delivery: Delivery): void {
    if (this.#closed || this.#held.has(delivery.id)) return;
    this.#held.add(delivery.id);
    const payload = parseObject(delivery.payload) ?? {};
    const key = turnOf(delivery, payload);
    const before = this.#turns.get(key) ?? Promise.resolve();
    const turn = before.then(async () => await this.#work({ delivery, payload, tries: 0 }));
    this.#turns.set(key, turn);
    void turn.finally(() => {
      if (this.#turns.get(key) === turn) this.#turns.delete(key);
    });
  }

  /** Takes up everything without an outcome that is at least this old. */
  async sweep(olderThanMs: number): Promise<void> {
    for (const found of await this.#settings.deliveries.pending(1_000, olderThanMs)) {
      const { attempts, ...delivery } = found;
      if (attempts <= POISON) this.accept(delivery);
      else await this.#finish(delivery, { state: "dead", reason: `handed out ${attempts} times` });
    }
  }

  /** Takes nothing new, forgets planned retries (the next start finds them), waits for what is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeper);
    for (const timer of this.#timers) clearTimeout(timer);
    await this.idle();
  }

  /** Resolves when nothing is being worked on; planned retries do not count. */
  async idle(): Promise<void> {
    while (this.#turns.size > 0) await Promise.allSettled(this.#turns.values());
  }

  async #work(job: Job): Promise<void> {
    if (this.#closed) return;
    await this.#slot();
    try {
      const outcome = await this.#settings.receive(job.delivery, job.payload);
      await this.#finish(job.delivery, outcome);
      this.#held.delete(job.delivery.id);
    } catch (error) {
      await this.#failed(job, error);
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #slot(): Promise<void> {
    while (this.#running >= (this.#settings.concurrency ?? 8)) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#running += 1;
  }

  async #failed(job: Job, error: unknown): Promise<void> {
    const { delivery, tries } = job;
    const later = error instanceof LaterError;
    const pause = later
      ? Math.max(1_000, Date.parse(error.dueAt) - Date.now())
      : (this.#settings.retryMs ?? RETRY_MS)[tries];
    const { id, event } = delivery;
    this.#settings.log.warn({ id, event, err: error, pause }, "A delivery could not be worked on");
    if (pause === undefined) {
      const reason = error instanceof Error ? error.message : String(error);
      await this.#finish(delivery, { state: "dead", reason: reason.slice(0, 500) }).catch(() => {});
      this.#held.delete(id);
      return;
    }
    if (this.#closed) return;
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        const again = this.#work({ ...job, tries: later ? tries : tries + 1 });
        this.#turns.set(`retry ${id}`, again);
        void again.finally(() => this.#turns.delete(`retry ${id}`));
      },
      Math.min(Math.max(0, pause), 2 ** 31 - 1),
    );
    timer.unref();
    this.#timers.add(timer);
  }

  async #finish(delivery: Delivery, outcome: DeliveryOutcome): Promise<void> {
    const { id, event, action } = delivery;
    this.#settings.log.info({ id, event, action, ...outcome }, "A delivery was worked on");
    await this.#settings.deliveries.finish(id, outcome);
  }
}

interface Job {
  readonly delivery: Delivery;
  readonly payload: Record<string, unknown>;
  readonly tries: number;
}

/** Deliveries of one issue or pull request take turns; anything else is on its own. */
function turnOf(delivery: Delivery, payload: Record<string, unknown>): string {
  const repository = payload["repository"] as { id?: unknown } | undefined;
  const subject = (payload["issue"] ?? payload["pull_request"]) as { number?: unknown } | undefined;
  const number = Number(subject?.number);
  return Number.isInteger(number) ? `${Number(repository?.id)}#${number}` : delivery.id;
}
