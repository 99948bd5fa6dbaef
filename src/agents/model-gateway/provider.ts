import type { Secret } from "../../domain/secret.ts";

export type Wire = "anthropic" | "openai" | "openai-compatible" | "google";

/** The operator's model account, as the settings give it. */
export interface ModelAccount {
  readonly provider: Wire;
  /** Address of the API with its version path; the provider's own when absent. */
  readonly baseUrl: string | undefined;
  readonly apiKey: Secret | undefined;
  /** Model ids for the tiers that definitions name. */
  readonly tiers: Readonly<Record<"large" | "medium" | "small", string>>;
}

interface WireFacts {
  readonly usualBaseUrl: string | undefined;
  /** The provider's name in the price table. */
  readonly priceId: string | undefined;
  /** Paths behind the base URL that a jailed agent may call; nothing else of the account is reachable. */
  readonly paths: RegExp;
  auth(key: string): Readonly<Record<string, string>>;
}

const WIRES: Readonly<Record<Wire, WireFacts>> = {
  anthropic: {
    usualBaseUrl: "https://api.anthropic.com/v1",
    priceId: "anthropic",
    paths: /^\/messages(\/count_tokens)?$/,
    auth: (key) => ({ "x-api-key": key }),
  },
  openai: {
    usualBaseUrl: "https://api.openai.com/v1",
    priceId: "openai",
    paths: /^\/(responses(\/compact)?|chat\/completions)$/,
    auth: bearer,
  },
  "openai-compatible": {
    usualBaseUrl: undefined,
    priceId: undefined,
    paths: /^\/(chat\/completions|responses)$/,
    auth: bearer,
  },
  google: {
    usualBaseUrl: "https://generativelanguage.googleapis.com/v1beta",
    priceId: "google",
    paths: /^\/models\/[\w.-]+:(generateContent|streamGenerateContent|countTokens)$/,
    auth: (key) => ({ "x-goog-api-key": key }),
  },
};

/** The headers by which agents send the placeholder key; none of them leaves the gateway. */
export const KEY_HEADERS = ["authorization", "x-api-key", "x-goog-api-key", "api-key"] as const;

export function wireFacts(wire: Wire): WireFacts {
  return WIRES[wire];
}

/** Where calls go. Throws when the settings leave an OpenAI-compatible account without an address. */
export function upstreamUrl(account: ModelAccount): string {
  const url = account.baseUrl ?? WIRES[account.provider].usualBaseUrl;
  if (!url) throw new Error("An openai-compatible account needs a base URL.");
  return url.replace(/\/+$/, "");
}

/** The provider's model id for what a definition names: a tier, `inherit`, or an id as it stands. */
export function modelId(account: ModelAccount, name: string): string {
  switch (name) {
    case "opus":
    case "large":
      return account.tiers.large;
    case "sonnet":
    case "medium":
    case "inherit":
    case "":
      return account.tiers.medium;
    case "haiku":
    case "small":
      return account.tiers.small;
    default:
      return name;
  }
}

function bearer(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}` };
}
