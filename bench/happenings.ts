import { within } from "./measure.ts";

/** Something that happened, with the moment (`performance.now()`) at which it was noticed. */
export interface Happening<T> {
  readonly at: number;
  readonly value: T;
}

interface Awaited {
  readonly what: string;
  readonly limitMs?: number;
}

const LAST = 8;

/** Everything of one kind that happened; whoever waits finds also what was earlier. */
export class Happenings<T> {
  readonly #seen: Happening<T>[] = [];
  readonly #looks = new Set<(happening: Happening<T>) => void>();

  record(value: T): void {
    const happening = { at: performance.now(), value };
    this.#seen.push(happening);
    for (const look of this.#looks) look(happening);
  }

  get all(): readonly Happening<T>[] {
    return this.#seen;
  }

  /** The `nth` (from 1) that matches, whether it was already or comes within the limit (two minutes unless told). */
  async nth(nth: number, matches: (value: T) => boolean, awaited: Awaited): Promise<Happening<T>> {
    let left = nth;
    const found = Promise.withResolvers<Happening<T>>();
    function look(happening: Happening<T>): void {
      if (!matches(happening.value)) return;
      left -= 1;
      if (left === 0) found.resolve(happening);
    }
    for (const happening of this.#seen) look(happening);
    this.#looks.add(look);
    try {
      return await within(found.promise, awaited.what, awaited.limitMs);
    } catch (error) {
      const last = this.#seen.slice(-LAST).map(({ value }) => JSON.stringify(value).slice(0, 400));
      throw new Error(`${(error as Error).message}. Last seen:\n${last.join("\n")}`, {
        cause: error,
      });
    } finally {
      this.#looks.delete(look);
    }
  }

  first(matches: (value: T) => boolean, what: string): Promise<Happening<T>> {
    return this.nth(1, matches, { what });
  }

  /** Resolves when nothing of this kind happened for so long. */
  async quiet(forMs: number): Promise<void> {
    for (;;) {
      const last = this.#seen.at(-1)?.at ?? 0;
      const wait = last + forMs - performance.now();
      if (wait <= 0) return;
      await new Promise((resolve) => {
        setTimeout(resolve, wait);
      });
    }
  }
}
