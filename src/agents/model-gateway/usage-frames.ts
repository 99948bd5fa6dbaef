import type { CallUsage } from "./usage.ts";

type Json = Readonly<Record<string, unknown>>;

/** What was seen of one call's answer: the model that answered and its usage, as far as it was reported. */
export interface Seen {
  readonly model?: string;
  readonly usage?: CallUsage;
}

/**
 * Takes one frame of an answer (an SSE event's JSON, or a whole JSON body) into account. Knows Anthropic messages,
 * OpenAI chat completions, OpenAI responses and Gemini by their shapes; later frames replace what they report again.
 */
export function readFrame(seen: Seen, frame: unknown): Seen {
  const json = object(frame);
  if (!json) return seen;
  if (Array.isArray(frame)) return frame.reduce<Seen>(readFrame, seen);
  const inner = object(json["message"]) ?? object(json["response"]) ?? json;
  const model = text(inner["model"]) ?? text(json["modelVersion"]) ?? seen.model;
  const usage =
    usageOf(object(inner["usage"]) ?? object(json["usage"]), seen.usage) ??
    gemini(object(json["usageMetadata"]));
  return {
    ...(model !== undefined && { model }),
    ...((usage ?? seen.usage) && { usage: usage ?? seen.usage }),
  };
}

function usageOf(usage: Json | undefined, before: CallUsage | undefined): CallUsage | undefined {
  if (!usage) return undefined;
  if ("prompt_tokens" in usage) return openAi(usage, "prompt", "completion");
  if ("input_tokens_details" in usage) return openAi(usage, "input", "output");
  if ("input_tokens" in usage || "output_tokens" in usage) return anthropic(usage, before);
  return undefined;
}

function openAi(usage: Json, input: string, output: string): CallUsage {
  const details = object(usage[`${input}_tokens_details`]);
  return {
    inputTokens: count(usage[`${input}_tokens`]),
    outputTokens: count(usage[`${output}_tokens`]),
    cacheReadTokens: count(details?.["cached_tokens"]),
    cacheWriteTokens: count(details?.["cache_write_tokens"]),
  };
}

/** Anthropic counts cached tokens apart, and its last frame may repeat only the output. */
function anthropic(usage: Json, before: CallUsage | undefined): CallUsage {
  const output = count(usage["output_tokens"]) || (before?.outputTokens ?? 0);
  const read = count(usage["cache_read_input_tokens"]);
  const write = count(usage["cache_creation_input_tokens"]);
  const input = count(usage["input_tokens"]) + read + write;
  if (before && input < before.inputTokens) return { ...before, outputTokens: output };
  return {
    inputTokens: input,
    outputTokens: output,
    cacheReadTokens: read,
    cacheWriteTokens: write,
  };
}

function gemini(usage: Json | undefined): CallUsage | undefined {
  if (!usage) return undefined;
  return {
    inputTokens: count(usage["promptTokenCount"]) + count(usage["toolUsePromptTokenCount"]),
    outputTokens: count(usage["candidatesTokenCount"]) + count(usage["thoughtsTokenCount"]),
    cacheReadTokens: count(usage["cachedContentTokenCount"]),
    cacheWriteTokens: 0,
  };
}

/** Reads frames out of an answer as it streams by: server-sent events, or one JSON body at the end. */
export class FrameReader {
  #seen: Seen = {};
  #pending = "";
  #bytes = 0;
  readonly #decoder = new TextDecoder();
  readonly #events: boolean;

  constructor(contentType: string | undefined) {
    this.#events = contentType?.includes("event-stream") ?? false;
  }

  push(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength;
    if (!this.#events && this.#pending.length > MAX_BODY_CHARS) return;
    this.#pending += this.#decoder.decode(chunk, { stream: true });
    if (!this.#events) return;
    const lines = this.#pending.split("\n");
    this.#pending = (lines.pop() ?? "").slice(-MAX_BODY_CHARS);
    for (const line of lines) this.#line(line);
  }

  /** What was seen up to now, and how many bytes went by. */
  end(): Seen & { readonly bytes: number } {
    if (this.#events) this.#line(this.#pending);
    else this.#json(this.#pending);
    this.#pending = "";
    return { ...this.#seen, bytes: this.#bytes };
  }

  #line(line: string): void {
    if (line.startsWith("data:")) this.#json(line.slice("data:".length));
  }

  #json(textOfFrame: string): void {
    try {
      this.#seen = readFrame(this.#seen, JSON.parse(textOfFrame));
    } catch {
      // Not JSON, such as the closing [DONE]: nothing to count.
    }
  }
}

const MAX_BODY_CHARS = 16_000_000;

function object(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null ? (value as Json) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function count(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}
