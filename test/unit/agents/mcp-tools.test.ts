import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, expect, test } from "vitest";
import { orchestratorTools } from "../../../src/agents/mcp-tools.ts";
import type { AgentHooks } from "../../../src/ports/agents.ts";

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function clientOf(hooks: Partial<AgentHooks> = {}) {
  let handedIn = 0;
  const tools = orchestratorTools(
    {
      resultSchema: { properties: { verdict: { enum: ["yes", "no"] } }, required: ["verdict"] },
      catalogue: { skills: ["a-skill"], library: ["lib/x/SKILL.md"] },
    },
    {
      submit: () => Promise.resolve(undefined),
      loadSkill: (name) => Promise.resolve({ text: `skill ${name}` }),
      readLibrarySkill: (path) => Promise.resolve({ refused: `no ${path}` }),
      progress: () => undefined,
      ...hooks,
    },
    () => {
      handedIn += 1;
    },
  );
  const server = createServer((request, response) => void tools.handle(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const client = new Client({ name: "test", version: "1" });
  const url = new URL(`http://127.0.0.1:${port}/mcp`);
  await client.connect(new StreamableHTTPClientTransport(url));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  closing.push(() => client.close());
  return { client, tools, handedIn: () => handedIn };
}

function textOf(result: Awaited<ReturnType<Client["callTool"]>>): string {
  return JSON.stringify(result["content"]);
}

test("I-15: what models are told about the tools is pinned", async () => {
  const { client } = await clientOf();
  const { tools } = await client.listTools();
  const told = tools.map(({ name, description }) => `${name}: ${description}`).join("\n");
  const digest = createHash("sha256").update(told).digest("hex");
  expect(tools.map(({ name }) => name)).toEqual([
    "submit_result",
    "ask_human",
    "load_skill",
    "read_library_skill",
  ]);
  expect(digest, told).toBe("c0ede8438c33a763a4476ab2c307623e240e4159a899809ea8621b021d115384");
});

test("the result's schema, and the names that exist, are published", async () => {
  const { client } = await clientOf();
  const { tools } = await client.listTools();
  const schemas = Object.fromEntries(tools.map((tool) => [tool.name, tool.inputSchema]));
  expect(schemas["submit_result"]).toEqual({
    type: "object",
    properties: { verdict: { enum: ["yes", "no"] } },
    required: ["verdict"],
  });
  expect(JSON.stringify(schemas["load_skill"])).toContain('"enum":["a-skill"]');
  expect(JSON.stringify(schemas["read_library_skill"])).toContain('"enum":["lib/x/SKILL.md"]');
});

test("nothing is taken after a result was accepted", async () => {
  const { client, tools, handedIn } = await clientOf();
  const first = await client.callTool({ name: "submit_result", arguments: { verdict: "yes" } });
  const again = await client.callTool({ name: "submit_result", arguments: { verdict: "no" } });
  const question = await client.callTool({ name: "ask_human", arguments: {} });
  expect(first["isError"]).toBeUndefined();
  expect(again["isError"]).toBe(true);
  expect(textOf(question)).toContain("already handed in");
  expect(tools.handedIn()).toEqual({ result: { verdict: "yes" } });
  expect(handedIn()).toBe(1);
});

test("wrong input and unknown tools are errors that say what was expected", async () => {
  const { client } = await clientOf();
  const skill = await client.callTool({ name: "load_skill", arguments: { skill: "x" } });
  expect(skill["isError"]).toBe(true);
  expect(textOf(skill)).toContain("name");
  const unknown = await client.callTool({ name: "push_branch", arguments: {} });
  expect(textOf(unknown)).toContain("There is no tool push_branch.");
});

test("a hook that fails is an error of that call, and the next call works", async () => {
  let calls = 0;
  const { client } = await clientOf({
    submit: () => {
      calls += 1;
      return calls === 1
        ? Promise.reject(new Error("the ledger is away"))
        : Promise.resolve(undefined);
    },
  });
  await expect(
    client.callTool({ name: "submit_result", arguments: { verdict: "yes" } }),
  ).rejects.toThrow("the ledger is away");
  const second = await client.callTool({ name: "submit_result", arguments: { verdict: "yes" } });
  expect(textOf(second)).toContain("Accepted");
});
