const WINDOW_MS = 600_000;

/** How many commands one person may give in one repository: 20 in ten minutes, per process. */
export class Quota {
  readonly #limit: number;
  readonly #now: () => number;
  readonly #times = new Map<string, number[]>();

  constructor(limit = 20, now: () => number = Date.now) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Counts one command of `who`; false when it is one too many. */
  take(who: string): boolean {
    const now = this.#now();
    const recent = (this.#times.get(who) ?? []).filter((at) => at > now - WINDOW_MS);
    const room = recent.length < this.#limit;
    if (room) recent.push(now);
    this.#times.delete(who);
    this.#times.set(who, recent);
    if (this.#times.size > 10_000) this.#forgetOldest();
    return room;
  }

  #forgetOldest(): void {
    const [oldest] = this.#times.keys();
    if (oldest !== undefined) this.#times.delete(oldest);
  }
}
