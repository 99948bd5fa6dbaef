import type { Sha } from "../../domain/ids.ts";
import type { Brief } from "../../ports/agents.ts";

interface Reviewed {
  readonly sha: Sha;
  /** The base commit that the change was compared with. */
  readonly base: Sha;
  readonly findings: readonly string[];
}

/** What a run remembers of a task between its attempts. Rebuilt by every replay, so it needs no store of its own. */
export class TaskMemo {
  readonly findings: string[] = [];
  readonly answers: Brief["answers"][number][] = [];
  /** The last verdict of a review task: the commit it saw, and what it found there. */
  reviewed: Reviewed | undefined;
  /** How often an attempt was refused because required skills were not loaded for it. */
  skillRefusals = 0;
  /** People were asked about a scope that is larger than the request. */
  outgrown = false;
  #attempts = 0;

  /** Numbers the attempts from 1 without gaps, whatever they were made for. */
  nextAttempt(): number {
    this.#attempts += 1;
    return this.#attempts;
  }

  get attempts(): number {
    return this.#attempts;
  }
}
