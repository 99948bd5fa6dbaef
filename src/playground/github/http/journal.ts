export interface JournalEntry {
  /** Milliseconds since the epoch, by the hub's clock. */
  at: number;
  method: string;
  path: string;
  /** "" when no operation matched. */
  operationId: string;
  status: number;
  /** Login of the user or bot, "app:SLUG" for an app's own token, "" for nobody. */
  actor: string;
  /** Real milliseconds taken. */
  ms: number;
  /** Names of GraphQL root fields, "" for REST. */
  graphql: string;
}

/** POSTs that make a comment, review, pull request or issue (decisions.md). */
const CONTENT_CREATING = new Set([
  "issues/create",
  "issues/create-comment",
  "pulls/create",
  "pulls/create-review",
  "pulls/create-review-comment",
  "pulls/create-reply-for-review-comment",
  "repos/create-commit-comment",
]);

export function isContentCreating(operationId: string): boolean {
  return CONTENT_CREATING.has(operationId);
}

/** Every API and git request that the hub answered, in the order of answering. */
export class Journal {
  #entries: JournalEntry[] = [];

  add(entry: JournalEntry): void {
    this.#entries.push(entry);
  }

  requests(actor?: string): readonly JournalEntry[] {
    return actor === undefined ? this.#entries : this.#entries.filter((e) => e.actor === actor);
  }

  /** Counts of API requests (git over HTTP apart), all or one actor's. */
  counts(actor?: string): { total: number; contentCreating: number; writes: number; git: number } {
    const entries = this.requests(actor);
    const api = entries.filter((e) => !e.operationId.startsWith("git-http/"));
    return {
      total: api.length,
      contentCreating: api.filter((e) => isContentCreating(e.operationId) && e.status < 300).length,
      writes: api.filter((e) => e.method !== "GET" && e.method !== "HEAD").length,
      git: entries.length - api.length,
    };
  }

  clear(): void {
    this.#entries = [];
  }
}
