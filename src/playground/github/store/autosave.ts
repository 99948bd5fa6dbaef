/** Writes the state a moment after it changed, so that a killed hub loses little. */
export class Autosave {
  readonly #save: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(save: () => Promise<void>) {
    this.#save = save;
  }

  /** Something changed. Writes at most every half second; a failed write is tried at the next change. */
  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#saving = this.#saving.then(this.#save).catch(() => undefined);
    }, 500).unref();
  }

  /** Writes now and for the last time; rejects when that fails. */
  async end(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#saving;
    await this.#save();
  }
}
