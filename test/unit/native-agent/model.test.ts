import { generateText } from "ai";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AgentConfig, readConfig } from "../../../src/native-agent/config.ts";
import { languageModel } from "../../../src/native-agent/model.ts";
import { startStub } from "../../helpers/model-stub.ts";

let stub: Awaited<ReturnType<typeof startStub>>;

beforeEach(async () => {
  stub = await startStub((_request, response) => {
    response.writeHead(400, { "content-type": "application/json" });
    response.end("{}");
  });
});

afterEach(() => stub.close());

function config(wire: AgentConfig["wire"]): AgentConfig {
  const baseUrl = `${stub.url}/model`;
  return AgentConfig.parse({ wire, baseUrl, model: "m-1", tools: [], maxTurns: 5 });
}

/** What goes over the wire for a conversation of three messages. */
async function sent(wire: AgentConfig["wire"]) {
  const call = generateText({
    model: languageModel(config(wire)),
    instructions: "You are a tester.",
    messages: [
      { role: "user", content: "one" },
      { role: "assistant", content: "two" },
      { role: "user", content: "three" },
    ],
    maxRetries: 0,
  });
  await expect(call).rejects.toThrow();
  const [received] = stub.received;
  if (!received) throw new Error("nothing was sent");
  return { url: received.url, body: JSON.parse(received.body) as Record<string, unknown> };
}

test("Anthropic is asked to cache the instructions and everything up to the last message", async () => {
  const { url, body } = await sent("anthropic");
  const cached = { cache_control: { type: "ephemeral" } };
  expect(url).toBe("/model/messages");
  expect(body["system"]).toMatchObject([{ text: "You are a tester.", ...cached }]);
  const messages = body["messages"] as { content: unknown }[];
  expect(messages[2]?.content).toMatchObject([{ text: "three", ...cached }]);
  expect(JSON.stringify(messages.slice(0, 2))).not.toContain("cache_control");
});

test("every provider is reached at its own path behind the gateway", async () => {
  expect((await sent("openai")).url).toBe("/model/responses");
  stub.received.length = 0;
  expect((await sent("openai-compatible")).url).toBe("/model/chat/completions");
  stub.received.length = 0;
  expect((await sent("google")).url).toBe("/model/models/m-1:generateContent");
});

test("the configuration is read once and leaves the environment", () => {
  const env: NodeJS.ProcessEnv = { NATIVE_AGENT_CONFIG: JSON.stringify(config("google")), A: "b" };
  expect(readConfig(env)).toMatchObject({ wire: "google", maxTurns: 5, maxContextChars: 500_000 });
  expect(env).toEqual({ A: "b" });
  expect(() => readConfig({})).toThrow("Set NATIVE_AGENT_CONFIG");
  expect(() => readConfig({ NATIVE_AGENT_CONFIG: '{"wire":"smoke"}' })).toThrow("wire");
});
