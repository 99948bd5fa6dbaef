import { calcPrice } from "@pydantic/genai-prices";
import type { Usage } from "../../domain/run/ledger-event.ts";

/** What one model call used, as its provider reported it. Input counts every token read, cached ones included. */
export interface CallUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

export const NO_USAGE: Usage = {
  calls: 0,
  inputTokens: 0,
  outputTokens: 0,
  cachedTokens: 0,
  usd: 0,
};

/** Adds one call; the sum's price is unknown (null) as soon as one call's price is. */
export function addCall(sum: Usage, call: CallUsage, usd: number | null): Usage {
  return {
    calls: sum.calls + 1,
    inputTokens: sum.inputTokens + call.inputTokens,
    outputTokens: sum.outputTokens + call.outputTokens,
    cachedTokens: sum.cachedTokens + call.cacheReadTokens,
    usd: sum.usd === null || usd === null ? null : sum.usd + usd,
  };
}

/**
 * The price of a call in US dollars by the offline table; null when the table does not know the model. `provider` is
 * the table's name of the provider, absent where only the base URL can tell.
 */
export function priceOf(
  call: CallUsage,
  model: string,
  provider: { readonly id?: string; readonly baseUrl: string },
): number | null {
  const usage = {
    input_tokens: call.inputTokens,
    output_tokens: call.outputTokens,
    cache_read_tokens: call.cacheReadTokens,
    cache_write_tokens: call.cacheWriteTokens,
  };
  const where = provider.id ? { providerId: provider.id } : { providerApiUrl: provider.baseUrl };
  try {
    return calcPrice(usage, model, where)?.total_price ?? null;
  } catch {
    return null;
  }
}
