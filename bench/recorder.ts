import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

/** What a provider's cache looks at, in the order in which it does. */
const Body = z.object({
  tools: z.unknown(),
  system: z.unknown(),
  messages: z.array(z.object({ role: z.string(), content: z.unknown() })),
});

/** One request to the model, as it was on the wire. */
export interface Prompt {
  readonly role: string;
  /** Which dispatch it belongs to. */
  readonly conversation: string;
  /** Tools, system prompt and messages, without the marks that say what to cache. */
  readonly text: string;
}

/** A proxy before a model that speaks Anthropic's protocol; it keeps every prompt and changes nothing. */
export async function startRecorder(
  modelUrl: string,
): Promise<{ url: string; prompts: readonly Prompt[]; close(): Promise<void> }> {
  const prompts: Prompt[] = [];
  const server = createServer((incoming, response) => {
    pass(incoming, response, { modelUrl, keep: (prompt) => prompts.push(prompt) }).catch(
      (error: unknown) => response.destroy(error as Error),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    prompts,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

async function pass(
  incoming: IncomingMessage,
  response: ServerResponse,
  to: { modelUrl: string; keep: (prompt: Prompt) => void },
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (incoming.method === "POST") to.keep(promptOf(body.toString("utf8")));
  const { method = "GET", url = "/", headers } = incoming;
  const sent = request(`${to.modelUrl}${url}`, { method, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  sent.on("error", (error) => response.destroy(error));
  sent.end(body);
}

/** The lines of a brief that tell one dispatch from another. */
const TASK_LINES = /(?:^(?:Mode|Phase): .*\n)*^Task: .*\nAttempt: .*$/m;

function promptOf(json: string): Prompt {
  const { tools, system, messages } = Body.parse(JSON.parse(json));
  const first = textOf(messages.find(({ role }) => role === "user")?.content);
  const role = /^Role: (.*)$/m.exec(first)?.[1] ?? "unknown";
  return {
    role,
    conversation: `${role}\n${TASK_LINES.exec(first)?.[0] ?? ""}`,
    text: [tools, system, messages].map((part) => JSON.stringify(part, unmarked)).join("\n"),
  };
}

/** Marks move from message to message and are no part of what is cached. */
function unmarked(key: string, value: unknown): unknown {
  return key === "cache_control" ? undefined : value;
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  const parts = z.array(z.object({ text: z.string() })).safeParse(content);
  return parts.success ? parts.data.map(({ text }) => text).join("\n") : "";
}
