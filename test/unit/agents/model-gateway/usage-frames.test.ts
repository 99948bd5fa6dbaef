import { expect, test } from "vitest";
import { FrameReader, readFrame } from "../../../../src/agents/model-gateway/usage-frames.ts";

const encoder = new TextEncoder();

function usageOf(...frames: unknown[]) {
  return frames.reduce<ReturnType<typeof readFrame>>(readFrame, {});
}

test("Anthropic: cached tokens are part of the input, the last output count holds", () => {
  const seen = usageOf(
    {
      type: "message_start",
      message: {
        model: "claude-x",
        usage: {
          input_tokens: 5,
          cache_read_input_tokens: 100,
          cache_creation_input_tokens: 20,
          output_tokens: 1,
        },
      },
    },
    { type: "content_block_delta", delta: { text: '"usage"' } },
    { type: "message_delta", usage: { output_tokens: 40 } },
  );
  expect(seen).toEqual({
    model: "claude-x",
    usage: { inputTokens: 125, outputTokens: 40, cacheReadTokens: 100, cacheWriteTokens: 20 },
  });
});

test("Anthropic: a final frame that repeats the whole input replaces it", () => {
  const seen = usageOf(
    { type: "message_start", message: { usage: { input_tokens: 5, output_tokens: 1 } } },
    { type: "message_delta", usage: { input_tokens: 9, output_tokens: 40 } },
  );
  expect(seen.usage).toMatchObject({ inputTokens: 9, outputTokens: 40 });
});

test("OpenAI chat: usage is in the last chunk", () => {
  const seen = usageOf(
    { model: "gpt-x", choices: [{}], usage: null },
    {
      model: "gpt-x",
      choices: [],
      usage: {
        prompt_tokens: 30,
        completion_tokens: 7,
        prompt_tokens_details: { cached_tokens: 20 },
      },
    },
  );
  expect(seen).toEqual({
    model: "gpt-x",
    usage: { inputTokens: 30, outputTokens: 7, cacheReadTokens: 20, cacheWriteTokens: 0 },
  });
});

test("OpenAI responses: usage is in the completed response", () => {
  const seen = usageOf(
    { type: "response.created", response: { model: "gpt-x", usage: null } },
    {
      type: "response.completed",
      response: {
        model: "gpt-x",
        usage: {
          input_tokens: 30,
          input_tokens_details: { cached_tokens: 20 },
          output_tokens: 7,
          output_tokens_details: { reasoning_tokens: 3 },
        },
      },
    },
  );
  expect(seen).toEqual({
    model: "gpt-x",
    usage: { inputTokens: 30, outputTokens: 7, cacheReadTokens: 20, cacheWriteTokens: 0 },
  });
});

test("Gemini: thoughts are output, an array of frames counts as its last", () => {
  const seen = usageOf([
    { modelVersion: "gemini-x", usageMetadata: { promptTokenCount: 30, candidatesTokenCount: 1 } },
    {
      modelVersion: "gemini-x",
      usageMetadata: {
        promptTokenCount: 30,
        candidatesTokenCount: 5,
        thoughtsTokenCount: 10,
        cachedContentTokenCount: 8,
      },
    },
  ]);
  expect(seen).toEqual({
    model: "gemini-x",
    usage: { inputTokens: 30, outputTokens: 15, cacheReadTokens: 8, cacheWriteTokens: 0 },
  });
});

test("frames are read however the stream is cut, characters of several bytes included", () => {
  const frame = { model: "é", usage: { prompt_tokens: 3, completion_tokens: 4 } };
  const bytes = encoder.encode(`: comment\ndata: ${JSON.stringify(frame)}\r\n\ndata: [DONE]\n\n`);
  const reader = new FrameReader("text/event-stream; charset=utf-8");
  for (const byte of bytes) reader.push(Uint8Array.of(byte));
  expect(reader.end()).toMatchObject({
    model: "é",
    usage: { inputTokens: 3, outputTokens: 4 },
    bytes: bytes.length,
  });
});

test("a stream that breaks off keeps what was counted; nonsense counts nothing", () => {
  const cut = new FrameReader("text/event-stream");
  cut.push(
    encoder.encode('data: {"usage":{"prompt_tokens":3,"completion_tokens":4}}\n\ndata: {"us'),
  );
  expect(cut.end().usage).toMatchObject({ inputTokens: 3 });
  const nonsense = new FrameReader("text/html");
  nonsense.push(encoder.encode("<html>usage</html>"));
  expect(nonsense.end()).toEqual({ bytes: 18 });
  expect(readFrame({}, { usage: { prompt_tokens: -5, completion_tokens: "7" } }).usage).toEqual({
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
  });
});
