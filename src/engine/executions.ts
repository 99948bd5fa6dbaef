import { WorkflowCancelled } from "../ports/engine.ts";

/** A workflow that this process executes now. */
export class Execution {
  readonly key: string;
  readonly #controller = new AbortController();

  constructor(key: string) {
    this.key = key;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get cancelled(): boolean {
    return this.signal.reason instanceof WorkflowCancelled;
  }

  cancel(): void {
    this.#controller.abort(new WorkflowCancelled(this.key));
  }

  /** Stops the steps under way without cancelling the workflow: another execution will run them again. */
  abandon(): void {
    this.#controller.abort(new Error("This process no longer executes the workflow"));
  }
}

/** Remembers a sign that comes while nobody waits for it. */
export class EndWatch {
  readonly #close: () => void;
  #noticed = false;
  #wake: (() => void) | undefined;

  constructor(close: () => void) {
    this.#close = close;
  }

  notice(): void {
    this.#noticed = true;
    this.#wake?.();
  }

  /** True when a sign came, at once if it came since the last call; false after `ms` or when `signal` aborts. */
  async next(ms: number, signal?: AbortSignal): Promise<boolean> {
    if (!this.#noticed && !signal?.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener("abort", this.#wake, { once: true });
      await promise;
      clearTimeout(timer);
      signal?.removeEventListener("abort", this.#wake);
    }
    const noticed = this.#noticed;
    this.#noticed = false;
    return noticed;
  }

  close(): void {
    this.#close();
  }
}

/**
 * What this process executes, who started whom, and who waits for an end. It makes cancelling and ends immediate
 * inside one process; between processes the database's polling does the same within about a second.
 */
export class Executions {
  readonly #running = new Map<string, Execution>();
  readonly #children = new Map<string, Set<string>>();
  readonly #watches = new Map<string, Set<EndWatch>>();
  readonly #steps = new Set<Promise<unknown>>();
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  begin(key: string): Execution {
    const execution = new Execution(key);
    this.#running.set(key, execution);
    return execution;
  }

  end(execution: Execution): void {
    const { key } = execution;
    if (this.#running.get(key) === execution) {
      this.#running.delete(key);
      this.#children.delete(key);
    }
    this.#announce(key);
  }

  adopt(parent: string, child: string): void {
    const children = this.#children.get(parent) ?? new Set();
    this.#children.set(parent, children.add(child));
  }

  /** The workflow and everything that was started under it here. */
  family(key: string): Set<string> {
    const family = new Set([key]);
    for (const member of family) {
      for (const child of this.#children.get(member) ?? []) family.add(child);
    }
    return family;
  }

  cancel(keys: Iterable<string>): void {
    for (const key of keys) {
      this.#running.get(key)?.cancel();
      this.#announce(key);
    }
  }

  /** Watches for signs that the workflow may have ended, from now on. */
  watch(key: string): EndWatch {
    const watches = this.#watches.get(key) ?? new Set();
    const watch = new EndWatch(() => {
      watches.delete(watch);
      if (watches.size === 0) this.#watches.delete(key);
    });
    this.#watches.set(key, watches.add(watch));
    return watch;
  }

  /** Keeps the step known until it has stopped; `abandonAll` waits for it. */
  async track<T>(step: Promise<T>): Promise<T> {
    this.#steps.add(step);
    try {
      return await step;
    } finally {
      this.#steps.delete(step);
    }
  }

  /** Tells every step under way to stop; nothing of what they come to is recorded when `closing`. */
  async abandonAll(options: { closing: boolean; graceMs: number }): Promise<void> {
    this.#closed ||= options.closing;
    for (const execution of this.#running.values()) execution.abandon();
    const grace = Promise.withResolvers<void>();
    const timer = setTimeout(grace.resolve, options.graceMs);
    await Promise.race([Promise.allSettled(this.#steps), grace.promise]);
    clearTimeout(timer);
  }

  #announce(key: string): void {
    for (const watch of this.#watches.get(key) ?? []) watch.notice();
  }
}
