import type { ChatCompletionRequest, ChatMessage } from "@copilotkit/aimock";
import type { Turn } from "./script.ts";

/** How the native agent marks a tool call that a crash cut off. */
const INTERRUPTED = "Interrupted: the agent was stopped";

/** What others wrote, as it stands in a brief. */
const DATA = /<<<DATA (\S+) [^]*?\nDATA \1>>>/g;

/** Reads where a conversation stands from the request alone, whatever protocol it came by. */
export function readTurn(request: ChatCompletionRequest): Turn {
  const { messages } = request;
  const userTexts = messages.filter(({ role }) => role === "user").map(textOf);
  const prompt = userTexts[0] ?? "";
  const own = prompt.replaceAll(DATA, "");
  return {
    role: header(own, "Role"),
    mode: header(own, "Mode"),
    task: header(own, "Task"),
    phase: header(own, "Phase"),
    attempt: Number(header(own, "Attempt") ?? "1"),
    index: answers(messages).filter((answer) => isFinished(answer, messages)).length,
    tools: (request.tools ?? []).map((tool) => tool.function.name),
    system: messages
      .filter(({ role }) => role === "system")
      .map(textOf)
      .join("\n"),
    prompt,
    lastUserText: userTexts.at(-1) ?? "",
    results: lastResults(messages),
  };
}

function header(prompt: string, name: string): string | undefined {
  const line = prompt.split("\n").find((candidate) => candidate.startsWith(`${name}: `));
  return line?.slice(name.length + 2).trim();
}

/** The model's answers; some protocols carry one answer as several messages in a row. */
function answers(messages: readonly ChatMessage[]): ChatMessage[][] {
  const found: ChatMessage[][] = [];
  for (const [at, message] of messages.entries()) {
    if (message.role !== "assistant") continue;
    if (messages[at - 1]?.role === "assistant") found.at(-1)?.push(message);
    else found.push([message]);
  }
  return found;
}

/** True for an answer whose tool calls were not cut off. */
function isFinished(answer: readonly ChatMessage[], all: readonly ChatMessage[]): boolean {
  const ids = new Set(answer.flatMap((message) => message.tool_calls ?? []).map(({ id }) => id));
  return !all.some(
    (other) =>
      other.role === "tool" &&
      ids.has(other.tool_call_id ?? "") &&
      textOf(other).includes(INTERRUPTED),
  );
}

function lastResults(messages: readonly ChatMessage[]): string[] {
  const last = messages.findLastIndex(({ role }) => role === "assistant");
  return messages
    .slice(last + 1)
    .filter(({ role }) => role === "tool")
    .map(textOf);
}

function textOf(message: ChatMessage): string {
  const { content } = message;
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => part.text ?? "").join("\n");
}
