import type { McpServer } from "@agentclientprotocol/sdk/unstable";
import { createMCPClient, type MCPClient } from "@ai-sdk/mcp";
import { dynamicTool, jsonSchema, type ToolSet } from "ai";

/** A tool result with this mark means: the host has what it wanted, make no further model call. */
const END_MARK = "backend-orchestrator/end";
const CALL_TIMEOUT_MS = 600_000;

/** The tools of the MCP servers that the host named, as tools of the model. */
export interface OrchestratorTools {
  readonly tools: ToolSet;
  /** True once the host ended the conversation by a tool result. */
  ended(): boolean;
  close(): Promise<void>;
}

/** Connects to every HTTP server in the list. Throws for any other kind: nothing else is reachable in the jail. */
export async function connectTools(servers: readonly McpServer[]): Promise<OrchestratorTools> {
  const clients: MCPClient[] = [];
  const tools: ToolSet = {};
  let ended = false;
  function end(): void {
    ended = true;
  }
  for (const server of servers) {
    const client = await connect(server);
    clients.push(client);
    Object.assign(tools, await toolsOf(client, end));
  }
  return {
    tools,
    ended: () => ended,
    close: async () => {
      await Promise.allSettled(clients.map((client) => client.close()));
    },
  };
}

function connect(server: McpServer): Promise<MCPClient> {
  if (!("type" in server) || server.type !== "http") {
    throw new Error(
      `The tool server ${server.name} is not an HTTP server; only those are supported.`,
    );
  }
  const headers = Object.fromEntries(server.headers.map(({ name, value }) => [name, value]));
  return createMCPClient({
    transport: { type: "http", url: server.url, headers },
    protocolVersionDiscovery: false,
  });
}

async function toolsOf(client: MCPClient, end: () => void): Promise<ToolSet> {
  const listed = await client.listTools();
  return Object.fromEntries(
    listed.tools.map(({ name, description, inputSchema }) => [
      name,
      dynamicTool({
        ...(description !== undefined && { description }),
        inputSchema: jsonSchema({ ...inputSchema, type: "object" }),
        execute: (input, { abortSignal }) => call({ client, name, end }, input, abortSignal),
      }),
    ]),
  );
}

async function call(
  target: { client: MCPClient; name: string; end: () => void },
  input: unknown,
  signal: AbortSignal | undefined,
): Promise<string> {
  const result = await target.client.callTool({
    name: target.name,
    arguments: Object(input),
    options: { timeout: CALL_TIMEOUT_MS, ...(signal && { signal }) },
  });
  const text = textOf(result["content"]);
  const meta = result["_meta"];
  if (meta && typeof meta === "object" && END_MARK in meta) target.end();
  if (result["isError"] === true) throw new Error(text);
  return text;
}

function textOf(content: unknown): string {
  if (!Array.isArray(content)) return "";
  return content
    .map((part: { type?: string; text?: string }) =>
      part.type === "text" && part.text !== undefined ? part.text : `[${part.type} content]`,
    )
    .join("\n");
}
