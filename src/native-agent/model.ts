import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { type LanguageModelMiddleware, wrapLanguageModel } from "ai";
import type { AgentConfig } from "./config.ts";

/** The gateway outside the jail puts the real key in; this word only fills the header. */
const KEY = "in-the-gateway";

/** The configured model behind the gateway. Anthropic models are asked to cache the stable part of every prompt. */
export function languageModel(config: AgentConfig) {
  const common = { baseURL: config.baseUrl, apiKey: KEY };
  switch (config.wire) {
    case "anthropic":
      return wrapLanguageModel({
        model: createAnthropic(common)(config.model),
        middleware: cacheStablePrefix,
      });
    case "openai":
      return createOpenAI(common).responses(config.model);
    case "google":
      return createGoogle(common)(config.model);
    case "openai-compatible":
      return createOpenAICompatible({ ...common, name: "compatible", includeUsage: true })(
        config.model,
      );
  }
}

const CACHED = { anthropic: { cacheControl: { type: "ephemeral" } } } as const;

/**
 * Marks the instructions (tools and system prompt are the same in every call) and the last message (the next call
 * repeats everything up to it). Done on each call, so that marks never pile up in the history.
 */
const cacheStablePrefix: LanguageModelMiddleware = {
  async transformParams({ params }) {
    const last = params.prompt.length - 1;
    const prompt = params.prompt.map((message, at) =>
      message.role === "system" || at === last
        ? { ...message, providerOptions: { ...message.providerOptions, ...CACHED } }
        : message,
    );
    return { ...params, prompt };
  },
};
