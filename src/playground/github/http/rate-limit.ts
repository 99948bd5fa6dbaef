import type { Hub } from "../context.ts";
import { ApiError } from "../errors.ts";
import type { Principal } from "../principal.ts";
import { isContentCreating } from "./journal.ts";

const HOUR_MS = 3_600_000;

interface Window {
  startedAt: number;
  used: number;
}

export interface RateState {
  limit: number;
  remaining: number;
  used: number;
  /** Seconds since the epoch. */
  reset: number;
}

/** Counts requests per identity and hour, and content-creating ones, against the hub's limits. */
export class RateLimits {
  readonly #hub: Hub;
  readonly #windows = new Map<string, Window>();
  readonly #content = new Map<string, number[]>();

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  state(by: Principal): RateState {
    const window = this.#window(by);
    const limit =
      by.kind === "anonymous" ? this.#hub.limits.anonymousPerHour : this.#hub.limits.perHour;
    const remaining = Math.max(0, limit - window.used);
    const reset = Math.ceil((window.startedAt + HOUR_MS) / 1000);
    return { limit, remaining, used: window.used, reset };
  }

  /** Takes one request from the hour's budget; throws 403 when it is spent (docs: 403 or 429). */
  spend(by: Principal): void {
    const { remaining } = this.state(by);
    if (remaining === 0) {
      const who = by.kind === "user" ? `user ID ${by.account.id}` : identity(by);
      throw new ApiError(403, `API rate limit exceeded for ${who}.`);
    }
    this.#window(by).used += 1;
  }

  /** A conditional request that was answered 304 costs nothing. */
  refund(by: Principal): void {
    this.#window(by).used -= 1;
  }

  /** The secondary limits on content, when the hub has any. */
  spendContent(by: Principal, operationId: string): void {
    const { contentPerMinute, contentPerHour } = this.#hub.limits;
    if (!isContentCreating(operationId)) return;
    const now = this.#hub.now();
    const times = (this.#content.get(identity(by)) ?? []).filter((t) => t > now - HOUR_MS);
    const lastMinute = times.filter((t) => t > now - 60_000);
    const late = lastMinute.length >= (contentPerMinute ?? Number.POSITIVE_INFINITY);
    if (late || times.length >= (contentPerHour ?? Number.POSITIVE_INFINITY)) {
      const oldest = (late ? lastMinute[0] : times[0]) ?? now;
      const wait = Math.ceil((oldest + (late ? 60_000 : HOUR_MS) - now) / 1000);
      throw new ApiError(
        403,
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        { headers: { "retry-after": String(Math.max(1, wait)) } },
      );
    }
    this.#content.set(identity(by), [...times, now]);
  }

  #window(by: Principal): Window {
    const key = identity(by);
    const known = this.#windows.get(key);
    if (known !== undefined && this.#hub.now() < known.startedAt + HOUR_MS) return known;
    const fresh = { startedAt: this.#hub.now(), used: 0 };
    this.#windows.set(key, fresh);
    return fresh;
  }
}

/** Limits are counted per installation, per user, per app, and together for everyone without a token. */
function identity(by: Principal): string {
  if (by.kind === "anonymous") return "127.0.0.1";
  if (by.kind === "app") return `app ID ${by.app.id}`;
  return by.kind === "user" ? `user ID ${by.account.id}` : `installation ID ${by.installation.id}`;
}
