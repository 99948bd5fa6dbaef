import type { SessionUpdate, ToolKind } from "@agentclientprotocol/sdk/unstable";
import type { TextStreamPart, ToolSet } from "ai";

const MAX_SHOWN_CHARS = 4_000;
const KINDS: Readonly<Record<string, ToolKind>> = {
  read: "read",
  glob: "search",
  grep: "search",
  edit: "edit",
  write: "edit",
  bash: "execute",
};

/** Tells the client what the model does and returns the reason why it finished. Throws the provider's error. */
export async function forward(
  stream: AsyncIterable<TextStreamPart<ToolSet>>,
  send: (update: SessionUpdate) => Promise<void>,
): Promise<string> {
  let finish = "stop";
  for await (const part of stream) {
    if (part.type === "error") throw part.error;
    if (part.type === "finish") finish = part.finishReason;
    const update = toUpdate(part);
    if (update) await send(update);
  }
  return finish;
}

/** Says that a running tool call is still at work. */
export function stillRunning(toolCallId: string): SessionUpdate {
  return { sessionUpdate: "tool_call_update", toolCallId, status: "in_progress" };
}

function toUpdate(part: TextStreamPart<ToolSet>): SessionUpdate | undefined {
  switch (part.type) {
    case "text-delta":
      return { sessionUpdate: "agent_message_chunk", content: text(part.text) };
    case "reasoning-delta":
      return { sessionUpdate: "agent_thought_chunk", content: text(part.text) };
    case "tool-call":
      return {
        sessionUpdate: "tool_call",
        toolCallId: part.toolCallId,
        name: part.toolName,
        title: title(part.toolName, part.input),
        kind: KINDS[part.toolName] ?? "other",
        status: "in_progress",
        rawInput: part.input,
      };
    case "tool-result":
      return ended(part.toolCallId, "completed", String(part.output));
    case "tool-error":
      return ended(part.toolCallId, "failed", messageOf(part.error));
    default:
      return undefined;
  }
}

function ended(toolCallId: string, status: "completed" | "failed", output: string): SessionUpdate {
  const content = [{ type: "content" as const, content: text(output.slice(0, MAX_SHOWN_CHARS)) }];
  return { sessionUpdate: "tool_call_update", toolCallId, status, content };
}

/** One line that says what a call is about: its path, pattern or command. */
function title(name: string, input: unknown): string {
  const fields: Record<string, unknown> = Object(input);
  const subject = fields["path"] ?? fields["pattern"] ?? fields["command"] ?? fields["name"];
  if (typeof subject !== "string") return name;
  const line = subject.split("\n")[0] ?? "";
  return `${name} ${line.length > 120 ? `${line.slice(0, 119)}…` : line}`;
}

function text(value: string) {
  return { type: "text" as const, text: value };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
