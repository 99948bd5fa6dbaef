import { WorkflowCancelled, type WorkflowState } from "../../ports/engine.ts";
import type { Clock } from "../clock.ts";
import type { Outcome } from "../recorded.ts";

export interface Message {
  readonly topic: string;
  readonly body: unknown;
  readonly idempotencyKey: string;
  taken: boolean;
}

export interface Entry {
  readonly operation: string;
  readonly outcome: Outcome;
}

export interface Origin {
  readonly key: string;
  readonly workflow: string;
  readonly input: unknown;
  readonly parent?: string;
  readonly partition?: string;
  readonly priority?: number;
}

/** Everything about one workflow that would outlive the process. */
export class MemoryRecord {
  readonly origin: Origin;
  readonly history = new Map<number, Entry>();
  readonly deadlines = new Map<number, number>();
  readonly mail: Message[] = [];
  readonly ended = Promise.withResolvers<WorkflowState>();
  state: WorkflowState = "running";
  outcome: Outcome | undefined;
  /** Not durable: whether this process executes it now, and how it is told to stop. */
  executing = false;
  abort = new AbortController();
  readonly #wakers = new Set<() => void>();

  constructor(origin: Origin) {
    this.origin = origin;
  }

  end(state: WorkflowState, outcome?: Outcome): void {
    this.state = state;
    this.outcome = outcome;
    this.executing = false;
    this.ended.resolve(state);
    this.wake();
  }

  /** Lets everything that waits for this workflow look again. */
  wake(): void {
    for (const waker of this.#wakers) waker();
  }

  /** Resolves with the first value `look` gives; undefined at the deadline. Rejects when `signal` aborts. */
  watch<T>(
    look: () => T | undefined,
    options: { signal: AbortSignal; clock: Clock; deadline?: number },
  ): Promise<T | undefined> {
    const { signal, clock, deadline } = options;
    const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
    let disarm: (() => void) | undefined;
    const wakers = this.#wakers;
    function done(): void {
      wakers.delete(waker);
      signal.removeEventListener("abort", aborted);
      disarm?.();
    }
    function waker(): void {
      const found = look();
      const late = deadline !== undefined && clock.now() >= deadline;
      if (found === undefined && !late) return;
      done();
      resolve(found);
    }
    function aborted(): void {
      done();
      reject(signal.reason as Error);
    }
    function arm(): void {
      if (deadline === undefined) return;
      disarm = clock.after(Math.max(0, deadline - clock.now()), () => {
        waker();
        if (clock.now() < deadline) arm();
      });
    }
    wakers.add(waker);
    signal.addEventListener("abort", aborted);
    if (signal.aborted) aborted();
    else {
      arm();
      waker();
    }
    return promise;
  }

  throwIfCancelled(): void {
    if (this.state === "cancelled") throw new WorkflowCancelled(this.origin.key);
  }
}
