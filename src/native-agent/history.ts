import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModelMessage, ToolCallPart } from "ai";
import { z } from "zod";

/** One conversation as it is stored: everything that a new process needs to go on with it. */
const Session = z.object({
  version: z.literal(1),
  id: z.uuid(),
  systemPrompt: z.string(),
  /** Model calls made so far. */
  turns: z.number().int().nonnegative(),
  messages: z.array(z.custom<ModelMessage>((value) => typeof value === "object")),
});
export type Session = z.infer<typeof Session>;

export const INTERRUPTED =
  "Interrupted: the agent was stopped while this ran, so its outcome is not known. " +
  "Look at the present state before you go on.";

/** Sessions as files in the state directory; a file is whole or absent, never half written. */
export class SessionStore {
  readonly #dir: string;

  constructor(stateDir: string) {
    this.#dir = join(stateDir, ".native-agent", "sessions");
  }

  async save(session: Session): Promise<void> {
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    const file = this.#file(session.id);
    await writeFile(`${file}.new`, JSON.stringify(session), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }

  /** The stored session; undefined when there is none. Throws when the file is not one of ours. */
  async load(id: string): Promise<Session | undefined> {
    if (!z.uuid().safeParse(id).success) return undefined;
    try {
      return Session.parse(JSON.parse(await readFile(this.#file(id), "utf8")));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
  }

  #file(id: string): string {
    return join(this.#dir, `${id}.json`);
  }
}

/** Answers every tool call that has no result, because no provider accepts a conversation with an open call. */
export function closeOpenCalls(messages: readonly ModelMessage[]): ModelMessage[] {
  const answered = new Set(messages.flatMap(resultIds));
  return messages.flatMap((message) => {
    const open = toolCalls(message).filter((call) => !answered.has(call.toolCallId));
    return open.length === 0 ? [message] : [message, interrupted(open)];
  });
}

const REMOVED = "[older output removed to save space; run the tool again if you need it]";
const KEPT_MESSAGES = 12;

/**
 * When the conversation has more than `maxChars` characters, takes the output of old tool calls out of it; the last
 * messages stay whole. Removes to well below the limit, so that a provider's cached prefix survives for many calls.
 */
export function compact(messages: readonly ModelMessage[], maxChars: number): ModelMessage[] {
  let size = JSON.stringify(messages).length;
  if (size <= maxChars) return [...messages];
  const goal = maxChars / 2;
  return messages.map((message, at) => {
    if (message.role !== "tool" || size <= goal || at >= messages.length - KEPT_MESSAGES) {
      return message;
    }
    const smaller = withoutOutput(message);
    size -= JSON.stringify(message).length - JSON.stringify(smaller).length;
    return smaller;
  });
}

type ToolMessage = Extract<ModelMessage, { role: "tool" }>;

function withoutOutput(message: ToolMessage): ToolMessage {
  const content = message.content.map((part) =>
    part.type === "tool-result"
      ? { ...part, output: { type: "text" as const, value: REMOVED } }
      : part,
  );
  return { ...message, content };
}

function interrupted(calls: readonly ToolCallPart[]): ToolMessage {
  return {
    role: "tool",
    content: calls.map(({ toolCallId, toolName }) => ({
      type: "tool-result",
      toolCallId,
      toolName,
      output: { type: "error-text", value: INTERRUPTED },
    })),
  };
}

function toolCalls(message: ModelMessage): ToolCallPart[] {
  if (message.role !== "assistant" || typeof message.content === "string") return [];
  return message.content.filter((part) => part.type === "tool-call");
}

function resultIds(message: ModelMessage): string[] {
  if (message.role !== "tool") return [];
  return message.content.flatMap((part) => (part.type === "tool-result" ? [part.toolCallId] : []));
}
