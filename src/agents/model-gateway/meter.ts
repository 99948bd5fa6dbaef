import type { Usage } from "../../domain/run/ledger-event.ts";
import { addCall, type CallUsage, NO_USAGE, priceOf } from "./usage.ts";
import type { Seen } from "./usage-frames.ts";

export interface Budget {
  /** Input and output tokens together. */
  readonly maxTokens: number;
  /** US dollars; holds only as long as every call's price is known. */
  readonly maxUsd?: number;
  readonly maxCalls?: number;
}

/** Bytes of text that are taken for one token where a provider reports no usage at all. */
const BYTES_PER_TOKEN = 4;

/** Counts what a dispatch uses and says when its budget is spent. */
export class Meter {
  #usage: Usage = NO_USAGE;
  readonly #budget: Budget;
  readonly #price: { readonly id?: string; readonly baseUrl: string };

  constructor(budget: Budget, price: { readonly id?: string; readonly baseUrl: string }) {
    this.#budget = budget;
    this.#price = price;
  }

  get usage(): Usage {
    return this.#usage;
  }

  /** The sentence that refuses the next call; undefined while the budget lasts. Overshoot is at most one call each. */
  refusal(): string | undefined {
    const { calls, inputTokens, outputTokens, usd } = this.#usage;
    const { maxTokens, maxUsd, maxCalls } = this.#budget;
    const tokens = inputTokens + outputTokens;
    if (tokens >= maxTokens) return `The budget of ${maxTokens} tokens is spent (${tokens} used).`;
    if (maxUsd !== undefined && usd !== null && usd >= maxUsd) {
      return `The budget of $${maxUsd.toFixed(2)} is spent ($${usd.toFixed(2)} used).`;
    }
    if (maxCalls !== undefined && calls >= maxCalls) {
      return `The limit of ${maxCalls} model calls is reached.`;
    }
    return undefined;
  }

  /**
   * Counts one call that the provider accepted. Without a report of its usage, tokens are estimated from the bytes that
   * went by and its price is unknown: never zero.
   */
  count(seen: Seen, call: { model: string; requestBytes: number; responseBytes: number }): void {
    const price = seen.usage
      ? this.#priceOf(seen.usage, seen.model ?? call.model, call.model)
      : null;
    this.#usage = addCall(this.#usage, seen.usage ?? estimate(call), price);
  }

  #priceOf(usage: CallUsage, answered: string, asked: string): number | null {
    return priceOf(usage, answered, this.#price) ?? priceOf(usage, asked, this.#price);
  }
}

function estimate(call: { requestBytes: number; responseBytes: number }): CallUsage {
  return {
    inputTokens: Math.ceil(call.requestBytes / BYTES_PER_TOKEN),
    outputTokens: Math.ceil(call.responseBytes / BYTES_PER_TOKEN),
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
  };
}
