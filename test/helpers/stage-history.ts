interface Line {
  readonly at: number;
  readonly text: string;
}

const LINES_SHOWN = 120;

/**
 * Everything that happened on a stage, in the order in which it was heard. Tests wait for the next thing that happens
 * here instead of sleeping; a wait that is in vain throws with the history.
 */
export class History {
  readonly #start = Date.now();
  readonly #lines: Line[] = [];
  readonly #waiting = new Set<() => void>();

  note(text: string): void {
    this.#lines.push({ at: Date.now() - this.#start, text });
    this.heard();
  }

  /** Something happened that is not worth a line. */
  heard(): void {
    for (const look of this.#waiting) look();
  }

  /** Resolves with the first value that `look` gives, asked now and after everything that happens. */
  until<T>(what: string, look: () => T | undefined, withinMs = 240_000): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    function again(): void {
      try {
        const found = look();
        if (found !== undefined) resolve(found);
      } catch (error) {
        reject(error);
      }
    }
    const timer = setTimeout(
      () => reject(new Error(`Not within ${withinMs} ms: ${what}.\n${this.text()}`)),
      withinMs,
    );
    this.#waiting.add(again);
    again();
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(again);
    });
  }

  /** The latest lines, each with its milliseconds since the stage was opened. */
  text(): string {
    const shown = this.#lines.slice(-LINES_SHOWN);
    return shown.map(({ at, text }) => `${String(at).padStart(7)} ${text}`).join("\n");
  }
}
