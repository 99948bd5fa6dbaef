import { isContentCreating, type JournalEntry } from "../src/playground/github/http/journal.ts";
import type { BenchStage } from "./stage.ts";

/** Requests that the app sent to GitHub; git over HTTP apart. */
export interface Requests {
  readonly total: number;
  /** POSTs that make a comment, review, pull request or issue. */
  readonly content: number;
  /** PATCHes of comments, pull requests and check runs. */
  readonly edits: number;
  readonly git: number;
}

/** So long nothing is sent, and what follows a run's end (its last status, tokens given back) is over. */
const QUIET_MS = 2_000;

/** Counts the app's requests from now until nothing is sent any more. */
export function countRequests(stage: BenchStage): () => Promise<Requests> {
  const from = stage.requests.all.length;
  const actors = [`${stage.slug}[bot]`, `app:${stage.slug}`];
  return async () => {
    await stage.requests.quiet(QUIET_MS);
    const sent = stage.requests.all.slice(from).map(({ value }) => value);
    return countOf(sent.filter(({ actor }) => actors.includes(actor)));
  };
}

function countOf(sent: readonly JournalEntry[]): Requests {
  const api = sent.filter(({ operationId }) => !operationId.startsWith("git-http/"));
  return {
    total: api.length,
    content: api.filter(({ operationId, status }) => isContentCreating(operationId) && status < 300)
      .length,
    edits: api.filter(({ method }) => method === "PATCH").length,
    git: sent.length - api.length,
  };
}
