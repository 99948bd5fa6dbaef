/** Time as the memory engine sees it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `fire` once after `ms`; the returned function takes it back. */
  after(ms: number, fire: () => void): () => void;
}

const LONGEST_TIMER_MS = 2_147_483_647;

/** The machine's own time. Timers do not keep the process alive. */
export const systemClock: Clock = {
  now() {
    return Date.now();
  },
  after(ms, fire) {
    const timer = setTimeout(fire, Math.min(Math.max(0, ms), LONGEST_TIMER_MS));
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};

interface Alarm {
  readonly at: number;
  readonly fire: () => void;
}

/** Time that moves only by `advance`: a test waits 30 days in no time, and always in the same order. */
export class ManualClock implements Clock {
  #now: number;
  readonly #alarms = new Set<Alarm>();

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, fire: () => void): () => void {
    const alarm = { at: this.#now + ms, fire };
    this.#alarms.add(alarm);
    return () => {
      this.#alarms.delete(alarm);
    };
  }

  /** Moves time forward; what falls due on the way fires in order, each one's consequences settled before the next. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settled();
    for (let next = this.#earliest(until); next; next = this.#earliest(until)) {
      this.#alarms.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.fire();
      await settled();
    }
    this.#now = until;
  }

  #earliest(until: number): Alarm | undefined {
    let earliest: Alarm | undefined;
    for (const alarm of this.#alarms) {
      if (alarm.at <= until && (!earliest || alarm.at < earliest.at)) earliest = alarm;
    }
    return earliest;
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
