const HIDDEN = "[secret]";

/**
 * A value that must not be printed. `String()`, template literals, JSON and `util.inspect` all show `[secret]`; only
 * `reveal()` gives the value, so that every use of a secret can be found by that word.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return HIDDEN;
  }
}
