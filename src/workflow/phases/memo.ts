import type { Brief } from "../../ports/agents.ts";

/** What a run remembers of a task between its attempts. Rebuilt by every replay, so it needs no store of its own. */
export class TaskMemo {
  readonly findings: string[] = [];
  readonly answers: Brief["answers"][number][] = [];
  /** How often an attempt was refused because required skills were not loaded for it. */
  skillRefusals = 0;
  #attempts = 0;
  #refusals = 0;

  /** Numbers the attempts from 1 without gaps, whatever they were made for. */
  nextAttempt(): number {
    this.#attempts += 1;
    return this.#attempts;
  }

  get attempts(): number {
    return this.#attempts;
  }

  /** Counts a refused attempt and keeps what was wrong; gives the number of refusals so far. */
  refuse(problems: readonly string[]): number {
    this.findings.push(...problems);
    this.#refusals += 1;
    return this.#refusals;
  }

  /** Refusals so far no longer count against the limit; findings and attempt numbers stay. */
  forgive(): void {
    this.#refusals = 0;
    this.skillRefusals = 0;
  }
}
