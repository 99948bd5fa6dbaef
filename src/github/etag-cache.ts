/** An answer as Octokit gives it. */
export interface Reply {
  readonly status: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

export interface Cached {
  readonly etag: string;
  /** A copy: changing it does not change the cache. */
  reply(): Reply;
}

/** Answers by address with their ETag; a repeated read that changed nothing costs no rate limit. Oldest go first. */
export class EtagCache {
  readonly #size: number;
  readonly #replies = new Map<string, Reply>();

  constructor(size: number) {
    this.#size = size;
  }

  get(path: string): Cached | undefined {
    const found = this.#replies.get(path);
    const etag = found?.headers["etag"];
    if (found === undefined || typeof etag !== "string") return undefined;
    return { etag, reply: () => structuredClone(found) };
  }

  put(path: string, reply: Reply): void {
    this.#replies.delete(path);
    if (typeof reply.headers["etag"] !== "string") return;
    this.#replies.set(path, structuredClone(reply));
    const oldest = this.#replies.keys().next();
    if (this.#replies.size > this.#size && !oldest.done) this.#replies.delete(oldest.value);
  }
}
