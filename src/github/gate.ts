import { LaterError } from "../domain/failure.ts";
import type { RequestKind } from "../ports/stores.ts";
import type { Clock } from "./clock.ts";
import type { Answer } from "./errors.ts";

/**
 * What one installation may send. GitHub: 80 content-creating a minute, 500 an hour, 900 points a minute; whether
 * edits count as content is not documented, so they do here.
 */
export interface GateLimits {
  readonly contentPerMinute: number;
  readonly contentPerHour: number;
  readonly pointsPerMinute: number;
  /** Milliseconds that a request may wait here; longer waits are thrown as `LaterError`. */
  readonly maxWaitMs: number;
}

const GATE_LIMITS: GateLimits = {
  contentPerMinute: 70,
  contentPerHour: 450,
  pointsPerMinute: 800,
  maxWaitMs: 15_000,
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Keeps one installation within GitHub's limits: nothing is sent before it is due, and writes go one by one. */
export class InstallationGate {
  readonly #clock: Clock;
  readonly #limits: GateLimits;
  readonly #content: number[] = [];
  readonly #points: { readonly at: number; readonly points: number }[] = [];
  #blockedUntil = 0;
  #why = "";
  #streak = 0;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock, limits: GateLimits = GATE_LIMITS) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Resolves when a request of this kind may be sent. Throws `LaterError` when that is too far off. */
  async pass(kind: RequestKind, write: boolean): Promise<void> {
    for (;;) {
      const wait = this.#due(kind) - this.#clock.now();
      if (wait <= 0) break;
      if (wait > this.#limits.maxWaitMs) throw this.#later(this.#clock.now() + wait);
      await this.#clock.sleep(wait);
    }
    const at = this.#clock.now();
    this.#points.push({ at, points: write ? 5 : 1 });
    if (kind !== "other") this.#content.push(at);
  }

  /** Runs writes one after another; reads do not wait for them. */
  async inTurn<T>(write: boolean, send: () => Promise<T>): Promise<T> {
    if (!write) return await send();
    const turn = this.#lastWrite.then(send, send);
    this.#lastWrite = turn.catch(() => undefined);
    return await turn;
  }

  /** Learns from the headers of an answer that was not refused. */
  accepted(headers: Answer["headers"]): void {
    this.#streak = 0;
    if (headers["x-ratelimit-remaining"] !== "0") return;
    this.#block(this.#resetOf(headers), "the hourly request limit is used up");
  }

  /** Whether the answer is a rate limit; if so nothing is sent until it is over. */
  limited(answer: Answer): boolean {
    if (answer.status !== 403 && answer.status !== 429) return false;
    const { headers, message } = answer;
    const retryAfter = Number(headers["retry-after"]);
    const empty = headers["x-ratelimit-remaining"] === "0";
    const limited =
      answer.status === 429 ||
      retryAfter >= 0 ||
      empty ||
      /rate limit|abuse detection/i.test(message);
    if (!limited) return false;
    this.#streak += 1;
    const now = this.#clock.now();
    if (retryAfter >= 0) this.#block(now + retryAfter * 1_000, "GitHub asked to wait");
    else if (empty) this.#block(this.#resetOf(headers), "the hourly request limit is used up");
    else
      this.#block(
        now + Math.min(MINUTE * 2 ** (this.#streak - 1), HOUR),
        "GitHub asked to slow down",
      );
    return true;
  }

  /** The failure to give when a limited request is not sent again here. */
  limitedError(): LaterError {
    return this.#later(this.#blockedUntil);
  }

  #later(due: number): LaterError {
    const dueAt = new Date(due).toISOString();
    const why = this.#blockedUntil >= due ? this.#why : "this installation's own pace is reached";
    return new LaterError(`Waiting for GitHub until ${dueAt}: ${why}.`, dueAt);
  }

  #block(until: number, why: string): void {
    if (until <= this.#blockedUntil) return;
    this.#blockedUntil = until;
    this.#why = why;
  }

  /** The reset time by the server's own clock, so that a wrong clock here does not matter. */
  #resetOf(headers: Answer["headers"]): number {
    const now = this.#clock.now();
    const reset = Number(headers["x-ratelimit-reset"]) * 1_000;
    if (!(reset > 0)) return now + MINUTE;
    const server = Date.parse(String(headers["date"] ?? ""));
    return now + Math.max(1_000, reset - (Number.isNaN(server) ? now : server) + 1_000);
  }

  #due(kind: RequestKind): number {
    const now = this.#clock.now();
    const { contentPerMinute, contentPerHour, pointsPerMinute } = this.#limits;
    while ((this.#content[0] ?? now) < now - HOUR) this.#content.shift();
    while ((this.#points[0]?.at ?? now) < now - MINUTE) this.#points.shift();
    let due = this.#blockedUntil;
    if (kind !== "other") {
      due = Math.max(due, windowEnd(this.#content, contentPerHour, HOUR));
      due = Math.max(due, windowEnd(this.#content, contentPerMinute, MINUTE));
    }
    const points = this.#points.reduce((sum, entry) => sum + entry.points, 0);
    const oldest = this.#points[0];
    return points >= pointsPerMinute && oldest ? Math.max(due, oldest.at + MINUTE + 1) : due;
  }
}

/** When the oldest of the last `limit` entries leaves the window; 0 while there is room. */
function windowEnd(times: readonly number[], limit: number, window: number): number {
  const oldest = times[times.length - limit];
  return oldest === undefined ? 0 : oldest + window + 1;
}
