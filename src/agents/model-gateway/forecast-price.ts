import { type ModelAccount, modelId, upstreamUrl, wireFacts } from "./provider.ts";
import { priceOf } from "./usage.ts";

/** Agents read much more than they write; a forecast takes this share of its tokens as read. */
const READ = 0.9;

/** US dollars of so many tokens by the maintained table of prices; null when it does not know the account's model. */
export function forecastPrice(account: ModelAccount, model: string, tokens: number): number | null {
  const read = Math.round(tokens * READ);
  const id = wireFacts(account.provider).priceId;
  const usage = {
    inputTokens: read,
    outputTokens: Math.round(tokens) - read,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
  };
  const where = { baseUrl: upstreamUrl(account), ...(id && { id }) };
  return priceOf(usage, modelId(account, model), where);
}
