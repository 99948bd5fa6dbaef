/** Why a conversation was stopped from outside. */
export type StopCause = "cancelled" | "wall" | "idle";

/** Watches one conversation's limits and its caller's wish to stop it. */
export class Watch {
  /** Resolves with the first reason to stop; never rejects. */
  readonly stopped: Promise<StopCause>;
  #stop: (cause: StopCause) => void = () => undefined;
  #idle: NodeJS.Timeout | undefined;
  readonly #wall: NodeJS.Timeout;
  readonly #idleMs: number;
  readonly #signal: AbortSignal;
  readonly #onAbort = this.#cancelled.bind(this);

  constructor(limits: { wallMs: number; idleMs: number }, signal: AbortSignal) {
    this.stopped = new Promise((resolve) => {
      this.#stop = resolve;
    });
    this.#idleMs = limits.idleMs;
    this.#signal = signal;
    this.#wall = setTimeout(() => this.#stop("wall"), limits.wallMs);
    signal.addEventListener("abort", this.#onAbort, { once: true });
    if (signal.aborted) this.#cancelled();
    this.active();
  }

  /** Something happened: the idle time starts anew. */
  active(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#stop("idle"), this.#idleMs);
  }

  end(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#wall);
    this.#signal.removeEventListener("abort", this.#onAbort);
  }

  #cancelled(): void {
    this.#stop("cancelled");
  }
}
