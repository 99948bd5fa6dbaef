import type { SessionUpdate, StopReason, Usage } from "@agentclientprotocol/sdk/unstable";
import {
  type AssistantContent,
  type Experimental_Steering,
  isStepCount,
  type LanguageModel,
  type ModelMessage,
  type StepResult,
  ToolLoopAgent,
  type ToolSet,
} from "ai";
import { closeOpenCalls, compact, type Session } from "./history.ts";
import { forward } from "./updates.ts";

type Content = StepResult<ToolSet>["content"][number];

/** Model calls that a prompt gets even when the conversation's turns are used up, so that it can still hand in. */
const LAST_TURNS = 3;

export interface TurnContext {
  readonly model: LanguageModel;
  readonly tools: ToolSet;
  readonly session: Session;
  readonly limits: { readonly maxTurns: number; readonly maxContextChars: number };
  readonly signal: AbortSignal;
  /** Brings in what is said while the turn goes on, before the next model call. */
  readonly steering: Experimental_Steering;
  /** True once the host ended the conversation by a tool result. */
  ended(): boolean;
  save(): Promise<void>;
  send(update: SessionUpdate): Promise<void>;
}

/**
 * Answers one prompt: the model's tool loop until it stops, the host ends it, the turns are used up or `signal` aborts.
 * The session is changed and saved after every model call and after every step. Throws what the provider answered.
 */
export async function runTurn(
  context: TurnContext,
  prompt: string,
): Promise<{ stopReason: StopReason; usage: Usage }> {
  const { session, limits } = context;
  session.messages = compact(closeOpenCalls(session.messages), limits.maxContextChars);
  session.messages.push({ role: "user", content: prompt });
  await context.save();
  const turnsLeft = Math.max(limits.maxTurns - session.turns, LAST_TURNS);
  const usage = { inputTokens: 0, outputTokens: 0, totalTokens: 0, cachedReadTokens: 0 };
  const agent = toolLoop(context, turnsLeft, (step) => addUsage(usage, step));
  let calls = 0;
  try {
    const result = await agent.stream({
      messages: session.messages,
      abortSignal: context.signal,
      experimental_steering: context.steering,
      onStepEnd: () => void calls++,
    });
    const finish = await forward(result.stream, (update) => context.send(update));
    if (context.signal.aborted) return { stopReason: "cancelled", usage };
    return { stopReason: stopReason(finish, calls >= turnsLeft && !context.ended()), usage };
  } catch (error) {
    if (context.signal.aborted) return { stopReason: "cancelled", usage };
    throw error;
  }
}

function toolLoop(
  context: TurnContext,
  turns: number,
  onStep: (step: StepResult<ToolSet>) => void,
) {
  const { session, limits } = context;
  let stored: ModelMessage[] = session.messages;
  return new ToolLoopAgent({
    model: context.model,
    instructions: session.systemPrompt,
    tools: context.tools,
    toolCallConcurrency: 1,
    maxRetries: 4,
    stopWhen: [isStepCount(turns), () => context.ended()],
    prepareStep: ({ messages, experimental_steeringMessages: heard = [] }) => {
      stored = [...stored, ...heard];
      return { messages: compact(messages, limits.maxContextChars) };
    },
    onLanguageModelCallEnd: async ({ content }) => {
      session.turns += 1;
      session.messages = [...stored, assistantMessage(content)];
      await context.save();
    },
    onStepEnd: async (step) => {
      onStep(step);
      stored = compact([...stored, ...step.response.messages], limits.maxContextChars);
      session.messages = stored;
      await context.save();
    },
  });
}

/** What the model just said, before its tools have run: enough to go on from when the process dies now. */
function assistantMessage(content: readonly Content[]): ModelMessage {
  const parts: Exclude<AssistantContent, string> = [];
  for (const part of content) {
    const options =
      part.type === "text" || part.type === "tool-call" ? part.providerMetadata : undefined;
    const extra = options && { providerOptions: options };
    if (part.type === "text" && part.text !== "") {
      parts.push({ type: "text", text: part.text, ...extra });
    } else if (part.type === "tool-call") {
      const { toolCallId, toolName, input } = part;
      parts.push({ type: "tool-call", toolCallId, toolName, input, ...extra });
    }
  }
  return { role: "assistant", content: parts };
}

function addUsage(sum: Usage, step: StepResult<ToolSet>): void {
  sum.inputTokens += step.usage.inputTokens ?? 0;
  sum.outputTokens += step.usage.outputTokens ?? 0;
  sum.totalTokens = sum.inputTokens + sum.outputTokens;
  sum.cachedReadTokens =
    (sum.cachedReadTokens ?? 0) + (step.usage.inputTokenDetails.cacheReadTokens ?? 0);
}

function stopReason(finish: string, turnsUsedUp: boolean): StopReason {
  if (finish === "length") return "max_tokens";
  if (finish === "content-filter") return "refusal";
  return turnsUsedUp && finish === "tool-calls" ? "max_turn_requests" : "end_turn";
}
