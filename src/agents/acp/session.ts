import { Readable, Writable } from "node:stream";
import {
  type ClientConnection,
  type ClientContext,
  client,
  methods,
  type NewSessionRequest,
  ndJsonStream,
  PROTOCOL_VERSION,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
  type SessionUpdate,
} from "@agentclientprotocol/sdk/unstable";
import type { AgentRequest } from "../../ports/agents.ts";
import type { JailedProcess } from "../../ports/jail.ts";
import type { AgentProfile } from "./profiles.ts";

/** Everything that `session/new` and `session/resume` are told. */
export interface SessionPlan {
  readonly request: AgentRequest;
  readonly profile: AgentProfile;
  /** Extra fields of the profile. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly mcpUrl: string;
}

/** Connects to the agent in the process by ACP; every update of its goes to `onUpdate`. */
export function connectAgent(
  jailed: JailedProcess,
  request: AgentRequest,
  onUpdate: (update: SessionUpdate) => void,
): ClientConnection {
  const output = Writable.toWeb(jailed.stdin as Writable) as WritableStream<Uint8Array>;
  const input = Readable.toWeb(jailed.stdout as Readable) as ReadableStream<Uint8Array>;
  return client({ name: "backend-orchestrator" })
    .onRequest(methods.client.session.requestPermission, ({ params }) =>
      permission(params, request.tools),
    )
    .onNotification(methods.client.session.update, ({ params }) => onUpdate(params.update))
    .connect(ndJsonStream(output, input));
}

export interface OpenedSession {
  /** A new one when nothing could be resumed. */
  readonly sessionId: string;
  /** The agent takes a prompt while it answers another. */
  readonly queuesPrompts: boolean;
}

/** Starts a conversation, or goes on with `request.resumeSession` where the agent can and still knows it. */
export async function openSession(agent: ClientContext, plan: SessionPlan): Promise<OpenedSession> {
  const { profile, request } = plan;
  const { agentCapabilities } = await agent.request(methods.agent.initialize, {
    protocolVersion: PROTOCOL_VERSION,
    clientCapabilities: {},
    clientInfo: { name: "backend-orchestrator", version: "1" },
  });
  if (profile.authenticate) {
    await agent.request(methods.agent.authenticate, { methodId: profile.authenticate });
  }
  const resumed = request.resumeSession && (await resume(agent, plan, request.resumeSession));
  const sessionId =
    resumed || (await agent.request(methods.agent.session.new, parameters(plan))).sessionId;
  if (profile.mode) {
    await agent.request(methods.agent.session.setMode, { sessionId, modeId: profile.mode });
  }
  return { sessionId, queuesPrompts: queuesPrompts(agentCapabilities?._meta) };
}

/** Agents say it under a name of their own: `_meta.<agent>.promptQueueing`. */
function queuesPrompts(meta: Readonly<Record<string, unknown>> | null | undefined): boolean {
  return Object.values(meta ?? {}).some(
    (own) => (own as { promptQueueing?: unknown } | null)?.promptQueueing === true,
  );
}

async function resume(
  agent: ClientContext,
  plan: SessionPlan,
  sessionId: string,
): Promise<string | undefined> {
  const { resumeVia } = plan.profile;
  if (resumeVia === "none") return undefined;
  const params = { ...parameters(plan), sessionId };
  try {
    await (resumeVia === "resume"
      ? agent.request(methods.agent.session.resume, params)
      : agent.request(methods.agent.session.load, params));
    return sessionId;
  } catch {
    return undefined;
  }
}

function parameters(plan: SessionPlan): NewSessionRequest {
  const { profile, request } = plan;
  const via = profile.systemPromptVia;
  const mode = via === "override" || via === "append" ? via : undefined;
  const content = [{ type: "text" as const, text: request.systemPrompt }];
  return {
    cwd: request.clone.dir,
    mcpServers: [{ type: "http", name: "orchestrator", url: plan.mcpUrl, headers: [] }],
    ...(mode && { systemPrompt: { mode, content } }),
    ...plan.extra,
  };
}

/**
 * Agents that ask before they act are allowed what the definition's tools allow; the jail is what really binds them.
 */
function permission(
  { toolCall, options }: RequestPermissionRequest,
  tools: AgentRequest["tools"],
): RequestPermissionResponse {
  const wanted = isAllowed(toolCall.kind ?? "other", tools) ? "allow" : "reject";
  const option =
    options.find(({ kind }) => kind === `${wanted}_once`) ??
    options.find(({ kind }) => kind === `${wanted}_always`);
  if (!option) return { outcome: { outcome: "cancelled" } };
  return { outcome: { outcome: "selected", optionId: option.optionId } };
}

function isAllowed(kind: string, tools: AgentRequest["tools"]): boolean {
  switch (kind) {
    case "execute":
      return tools.includes("bash");
    case "edit":
    case "delete":
    case "move":
      return tools.includes("edit") || tools.includes("write");
    case "fetch":
      return false;
    default:
      return true;
  }
}
