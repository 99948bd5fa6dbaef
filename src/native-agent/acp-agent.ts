import { randomUUID } from "node:crypto";
import {
  type AgentApp,
  type AgentContext,
  agent,
  type McpServer,
  methods,
  PROTOCOL_VERSION,
  type PromptRequest,
  type PromptResponse,
  RequestError,
  type SessionUpdate,
  type SystemPrompt,
} from "@agentclientprotocol/sdk/unstable";
import { type Experimental_Steering, experimental_createSteering } from "ai";
import type { AgentConfig } from "./config.ts";
import { type Session, SessionStore } from "./history.ts";
import { languageModel } from "./model.ts";
import { connectTools, type OrchestratorTools } from "./orchestrator-tools.ts";
import { toolSet } from "./tools/tool-set.ts";
import { runTurn } from "./turn.ts";
import { stillRunning } from "./updates.ts";

const HEARTBEAT_MS = 1_000;
const DEFAULT_PROMPT =
  "You are a coding agent. Work only in the working directory, with the tools given.";

interface Live {
  readonly session: Session;
  readonly cwd: string;
  readonly orchestrator: OrchestratorTools;
  running?: Running;
}

/** A turn under way. */
interface Running {
  readonly abort: AbortController;
  readonly steering: Experimental_Steering;
  /** Resolves when the turn is over, however it ended. */
  readonly over: Promise<void>;
}

/** The agent's side of the Agent Client Protocol: new, resumed and cancelled conversations on one model. */
export class NativeAgent {
  readonly #config: AgentConfig;
  readonly #store: SessionStore;
  readonly #live = new Map<string, Live>();

  constructor(config: AgentConfig, stateDir: string) {
    this.#config = config;
    this.#store = new SessionStore(stateDir);
  }

  app(): AgentApp {
    return agent({ name: "native-agent" })
      .onRequest(methods.agent.initialize, () => ({
        protocolVersion: PROTOCOL_VERSION,
        agentInfo: { name: "native-agent", version: "1" },
        agentCapabilities: {
          loadSession: false,
          mcpCapabilities: { http: true },
          sessionCapabilities: { resume: {}, systemPrompt: { mode: { override: {} } } },
          _meta: { nativeAgent: { promptQueueing: true } },
        },
      }))
      .onRequest(methods.agent.session.new, ({ params }) => this.#start(params))
      .onRequest(methods.agent.session.resume, ({ params }) => this.#resume(params))
      .onRequest(methods.agent.session.prompt, ({ params, client }) => this.#prompt(params, client))
      .onNotification(methods.agent.session.cancel, ({ params }) => {
        this.#live.get(params.sessionId)?.running?.abort.abort();
      });
  }

  /** Stops everything that runs. */
  close(): void {
    for (const live of this.#live.values()) live.running?.abort.abort();
  }

  async #start(params: {
    cwd: string;
    mcpServers: McpServer[];
    systemPrompt?: SystemPrompt | null;
  }): Promise<{ sessionId: string }> {
    const systemPrompt = promptText(params.systemPrompt) ?? DEFAULT_PROMPT;
    const session: Session = { version: 1, id: randomUUID(), systemPrompt, turns: 0, messages: [] };
    await this.#open(session, params);
    await this.#store.save(session);
    return { sessionId: session.id };
  }

  async #resume(params: {
    sessionId: string;
    cwd: string;
    mcpServers?: McpServer[];
    systemPrompt?: SystemPrompt | null;
  }): Promise<Record<string, never>> {
    const session = await this.#store.load(params.sessionId);
    if (!session) throw RequestError.invalidParams(undefined, `no session ${params.sessionId}`);
    session.systemPrompt = promptText(params.systemPrompt) ?? session.systemPrompt;
    await this.#open(session, params);
    return {};
  }

  async #open(session: Session, params: { cwd: string; mcpServers?: McpServer[] }): Promise<void> {
    const orchestrator = await connectTools(params.mcpServers ?? []);
    this.#live.set(session.id, { session, cwd: params.cwd, orchestrator });
  }

  async #prompt(params: PromptRequest, client: AgentContext): Promise<PromptResponse> {
    const live = this.#live.get(params.sessionId);
    if (!live) throw RequestError.invalidParams(undefined, `no session ${params.sessionId}`);
    const prompt = promptText({ mode: "append", content: params.prompt }) ?? "";
    // A prompt that comes while another is answered is said into that turn, or answered after it.
    for (let running = live.running; running; running = live.running) {
      const { type } = await running.steering.steer(prompt);
      if (type === "delivered") await tellClient(client, params.sessionId, heardBy(prompt));
      await running.over;
      if (running.abort.signal.aborted) return { stopReason: "cancelled" };
      if (type === "delivered" || live.orchestrator.ended()) return { stopReason: "end_turn" };
    }
    const over = Promise.withResolvers<void>();
    const abort = new AbortController();
    const steering = experimental_createSteering();
    live.running = { abort, steering, over: over.promise };
    const { session, orchestrator } = live;
    function send(update: SessionUpdate): Promise<void> {
      return tellClient(client, session.id, update);
    }
    const beat = heartbeat(send);
    try {
      return await runTurn(
        {
          model: languageModel(this.#config),
          tools: { ...toolSet(live.cwd, this.#config.tools, beat), ...orchestrator.tools },
          session,
          limits: this.#config,
          signal: abort.signal,
          steering,
          ended: () => orchestrator.ended(),
          save: () => this.#store.save(session),
          send,
        },
        prompt,
      );
    } catch (error) {
      throw RequestError.internalError(
        undefined,
        error instanceof Error ? error.message : String(error),
      );
    } finally {
      delete live.running;
      over.resolve();
    }
  }
}

function tellClient(client: AgentContext, sessionId: string, update: SessionUpdate): Promise<void> {
  return client.notify(methods.client.session.update, { sessionId, update });
}

/** Says that a prompt has come into the turn under way: the next call of the model has it. */
function heardBy(prompt: string): SessionUpdate {
  return { sessionUpdate: "user_message_chunk", content: { type: "text", text: prompt } };
}

function heartbeat(send: (update: SessionUpdate) => Promise<void>): (toolCallId: string) => void {
  let last = 0;
  return (toolCallId) => {
    const now = Date.now();
    if (now - last < HEARTBEAT_MS) return;
    last = now;
    void send(stillRunning(toolCallId)).catch(() => undefined);
  };
}

function promptText(prompt: SystemPrompt | null | undefined): string | undefined {
  return prompt?.content
    .map((block) => {
      if (block.type === "text") return block.text;
      if (block.type === "resource_link") return `[${block.name}](${block.uri})`;
      throw RequestError.invalidParams(undefined, `content of type ${block.type} is not supported`);
    })
    .join("\n\n");
}
