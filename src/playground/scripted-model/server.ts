import { setTimeout as delay } from "node:timers/promises";
import { type ChatCompletionRequest, type FixtureResponse, LLMock } from "@copilotkit/aimock";
import type { Action, Script, ToolUse, Turn } from "./script.ts";
import { readTurn } from "./turn.ts";

/** One request that the scripted model got, and what it answered. */
export interface JournalEntry {
  readonly turn: Turn;
  readonly action: Action;
  readonly model: string;
}

export interface ScriptedModel {
  /** The server's address without a path: `/v1` speaks Anthropic and OpenAI, `/v1beta` Gemini. */
  readonly url: string;
  journal(): readonly JournalEntry[];
  close(): Promise<void>;
}

const LOST: Action = {
  text: "The script has nothing for this conversation. It knows only the sample service's demo.",
};

/**
 * Starts a server on the loopback that speaks the real protocols of Anthropic and OpenAI, streaming included, and
 * answers by a script. It keeps no state between requests: a conversation's place is read from the conversation.
 */
export async function startScriptedModel(options: {
  script: Script;
  /** Any free port unless given. */
  port?: number;
}): Promise<ScriptedModel> {
  const entries: JournalEntry[] = [];
  const mock = new LLMock({
    host: "127.0.0.1",
    port: options.port ?? 0,
    logLevel: "silent",
    journalMaxEntries: 50,
  });
  mock.on({ predicate: () => true }, async (request) => {
    const turn = readTurn(request);
    const action = options.script(turn) ?? LOST;
    entries.push({ turn, action, model: request.model });
    if (action.delayMs) await delay(action.delayMs);
    await action.hold;
    return toResponse(action, request, turn);
  });
  await mock.start();
  return {
    url: mock.url,
    journal: () => entries,
    close: () => mock.stop(),
  };
}

function toResponse(action: Action, request: ChatCompletionRequest, turn: Turn): FixtureResponse {
  if (action.error) {
    const { status, message } = action.error;
    return { status, error: { message, type: "scripted_error" } };
  }
  const toolCalls = (action.calls ?? []).map((use, at) => ({
    id: `call_${turn.index}_${at}_${turn.task ?? turn.role ?? "x"}`.replaceAll(/[^\w-]/g, "_"),
    name: offeredName(use, turn.tools),
    arguments: JSON.stringify(use.input),
  }));
  const usage = usageOf(request, action);
  if (toolCalls.length === 0) return { content: action.text ?? "I am done.", usage };
  if (action.text === undefined) return { toolCalls, usage };
  return { content: action.text, toolCalls, usage };
}

/** The name under which the agent offers a tool: some put the server's name before it. */
function offeredName(use: ToolUse, offered: readonly string[]): string {
  return offered.find((name) => name === use.name || name.endsWith(`_${use.name}`)) ?? use.name;
}

/** Four characters for a token, in every protocol's words. */
function usageOf(request: ChatCompletionRequest, action: Action) {
  const input = Math.ceil(JSON.stringify(request.messages).length / 4);
  const output = Math.ceil(JSON.stringify(action).length / 4);
  return {
    input_tokens: input,
    output_tokens: output,
    prompt_tokens: input,
    completion_tokens: output,
    promptTokenCount: input,
    candidatesTokenCount: output,
  };
}
