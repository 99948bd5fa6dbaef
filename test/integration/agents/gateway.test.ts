import { spawnSync } from "node:child_process";
import { stat } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import type { Budget } from "../../../src/agents/model-gateway/meter.ts";
import { type Gateway, openGateway } from "../../../src/agents/model-gateway/model-gateway.ts";
import type { ModelAccount, Wire } from "../../../src/agents/model-gateway/provider.ts";
import { sweepGateways } from "../../../src/agents/model-gateway/sweep.ts";
import { Secret } from "../../../src/domain/secret.ts";
import { askSocket, startStub } from "../../helpers/model-stub.ts";

const GATEWAY = fileURLToPath(
  new URL("../../../src/agents/model-gateway/model-gateway.ts", import.meta.url),
);
const KEY = "sk-the-real-key-of-the-operator";
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function stub(answer: Parameters<typeof startStub>[0]) {
  const server = await startStub(answer);
  open.push(server);
  return server;
}

async function gatewayTo(
  baseUrl: string,
  options: {
    wire?: Wire;
    budget?: Partial<Budget>;
    egress?: { host: string; port: number }[];
  } = {},
): Promise<Gateway> {
  const account: ModelAccount = {
    provider: options.wire ?? "anthropic",
    baseUrl,
    apiKey: new Secret(KEY),
    tiers: { large: "l", medium: "m", small: "s" },
  };
  const budget = { maxTokens: 1_000_000, ...options.budget };
  const gateway = await openGateway({ model: { account, budget } });
  open.push(gateway);
  return gateway;
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function anthropicMessage(input: number, output: number, model = "claude-sonnet-4-20250514") {
  return { type: "message", model, usage: { input_tokens: input, output_tokens: output } };
}

const CALL = { path: "/model/messages", body: JSON.stringify({ model: "m", messages: [] }) };

test("the real key goes to the provider, the placeholder does not", async () => {
  const upstream = await stub((_request, response) => json(response, anthropicMessage(1, 1)));
  const gateway = await gatewayTo(`${upstream.url}/v1`);

  const answer = await askSocket(gateway.socketPath, {
    ...CALL,
    headers: { "x-api-key": "placeholder", authorization: "Bearer placeholder", "x-own": "kept" },
  });

  expect(answer.status).toBe(200);
  const [call] = upstream.received;
  expect(call?.url).toBe("/v1/messages");
  expect(call?.headers["x-api-key"]).toBe(KEY);
  expect(call?.headers.authorization).toBeUndefined();
  expect(call?.headers["x-own"]).toBe("kept");
  expect(JSON.stringify(answer)).not.toContain(KEY);
});

test("the key is sent in each provider's own way", async () => {
  const upstream = await stub((_request, response) => json(response, {}));
  const ways = [
    { wire: "openai", path: "/model/responses", header: "authorization", value: `Bearer ${KEY}` },
    {
      wire: "openai-compatible",
      path: "/model/chat/completions",
      header: "authorization",
      value: `Bearer ${KEY}`,
    },
    {
      wire: "google",
      path: "/model/models/gemini-pro:streamGenerateContent?alt=sse&key=placeholder",
      header: "x-goog-api-key",
      value: KEY,
    },
  ] as const;
  for (const { wire, path, header, value } of ways) {
    const gateway = await gatewayTo(`${upstream.url}/v1`, { wire });
    expect((await askSocket(gateway.socketPath, { path, body: "{}" })).status).toBe(200);
    const call = upstream.received.at(-1);
    expect(call?.headers[header]).toBe(value);
    expect(call?.url).not.toContain("placeholder");
  }
});

test("a stream passes byte for byte while its usage is counted", async () => {
  const frames = [
    `event: message_start\ndata: ${JSON.stringify({
      type: "message_start",
      message: {
        model: "claude-sonnet-4-20250514",
        usage: {
          input_tokens: 10,
          cache_read_input_tokens: 80,
          cache_creation_input_tokens: 10,
          output_tokens: 1,
        },
      },
    })}\n\n`,
    "event: ping\ndata: {}\n\n",
    `event: message_delta\ndata: ${JSON.stringify({ type: "message_delta", usage: { output_tokens: 50 } })}\n\n`,
  ];
  const upstream = await stub((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const frame of frames) response.write(frame);
    response.end();
  });
  const gateway = await gatewayTo(upstream.url);

  const answer = await askSocket(gateway.socketPath, CALL);

  expect(answer.body).toBe(frames.join(""));
  const usage = gateway.usage();
  expect(usage).toMatchObject({ calls: 1, inputTokens: 100, outputTokens: 50, cachedTokens: 80 });
  expect(usage.usd).toBeCloseTo((10 * 3 + 80 * 0.3 + 10 * 3.75 + 50 * 15) / 1e6, 8);
});

test("U5: an unknown price makes the sum unknown, never zero", async () => {
  const upstream = await stub((_request, response) =>
    json(response, anthropicMessage(10, 10, "model-of-the-future")),
  );
  const gateway = await gatewayTo(upstream.url);

  await askSocket(gateway.socketPath, CALL);

  expect(gateway.usage()).toMatchObject({ calls: 1, inputTokens: 10, usd: null });
});

test("an answer without usage is estimated from its size, and its price is unknown", async () => {
  const upstream = await stub((_request, response) => json(response, { text: "x".repeat(4_000) }));
  const gateway = await gatewayTo(upstream.url);

  await askSocket(gateway.socketPath, CALL);

  const usage = gateway.usage();
  expect(usage.outputTokens).toBeGreaterThan(1_000);
  expect(usage.inputTokens).toBeGreaterThan(0);
  expect(usage.usd).toBeNull();
});

for (const [what, budget] of [
  ["tokens", { maxTokens: 2_500 }],
  ["dollars", { maxUsd: 0.01 }],
  ["calls", { maxCalls: 3 }],
] as const) {
  test(`a spent budget of ${what} refuses the next call with 402`, async () => {
    const upstream = await stub((_request, response) => json(response, anthropicMessage(900, 80)));
    const gateway = await gatewayTo(upstream.url, { budget });

    const statuses: number[] = [];
    for (let call = 0; call < 4; call++) {
      statuses.push((await askSocket(gateway.socketPath, CALL)).status);
    }

    expect(statuses).toEqual([200, 200, 200, 402]);
    expect(upstream.received).toHaveLength(3);
    expect(gateway.denied()).toMatchObject({ budget: 1, egress: 0 });
    expect(gateway.denied().budgetReason).toMatch(/is (spent|reached)/);
  });
}

test("nothing of the account but model calls is reachable", async () => {
  const upstream = await stub((_request, response) => json(response, { secret: true }));
  const gateway = await gatewayTo(`${upstream.url}/v1`);

  for (const path of [
    "/model/files",
    "/model/organizations/api_keys",
    "/model/messages/../files",
    "/model/messages%2f..%2ffiles",
    "/model/v1/files",
    "/mcp",
    "/",
    "//other.example/v1/messages",
  ]) {
    expect((await askSocket(gateway.socketPath, { path })).status, path).toBe(403);
  }
  expect((await askSocket(gateway.socketPath, { ...CALL, method: "GET" })).status).toBe(403);
  expect(upstream.received).toEqual([]);
});

test("a client that repeats the base URL's version is understood", async () => {
  const upstream = await stub((_request, response) => json(response, anthropicMessage(1, 1)));
  const gateway = await gatewayTo(`${upstream.url}/v1`);

  await askSocket(gateway.socketPath, { ...CALL, path: "/model/v1/messages?beta=true" });

  expect(upstream.received[0]?.url).toBe("/v1/messages?beta=true");
});

test("a streamed chat completion is made to report its usage; other bodies are untouched", async () => {
  const upstream = await stub((_request, response) => json(response, {}));
  const gateway = await gatewayTo(upstream.url, { wire: "openai-compatible" });
  const path = "/model/chat/completions";

  await askSocket(gateway.socketPath, { path, body: '{"model":"m","stream":true}' });
  await askSocket(gateway.socketPath, { path, body: '{ "model": "m" }' });

  expect(JSON.parse(upstream.received[0]?.body ?? "")).toMatchObject({
    stream_options: { include_usage: true },
  });
  expect(upstream.received[1]?.body).toBe('{ "model": "m" }');
});

test("S-12: why the provider refused is told without the key, in any form it quotes it", async () => {
  const upstream = await stub((request, response) => {
    const status = request.url === "/responses" ? 401 : 429;
    json(response, { error: { message: `key ${KEY} is over its limit` } }, status);
  });
  const limited = await gatewayTo(upstream.url);
  const refused = await gatewayTo(upstream.url, { wire: "openai" });

  await askSocket(limited.socketPath, CALL);
  await askSocket(refused.socketPath, { path: "/model/responses", body: "{}" });

  expect(limited.lastFailure()).toBe(
    "The model provider answered 429: key [secret] is over its limit",
  );
  expect(refused.lastFailure()).toBe("The model provider answered 401: it refuses the key.");
  expect(limited.usage().calls).toBe(0);
});

test("a provider that cannot be reached is named", async () => {
  const gateway = await gatewayTo("http://127.0.0.1:9");

  const answer = await askSocket(gateway.socketPath, CALL);

  expect(answer.status).toBe(502);
  expect(gateway.lastFailure()).toMatch(/^The model provider at 127\.0\.0\.1:9 cannot be reached/);
});

test("the socket is its owner's alone and is gone after close", async () => {
  const gateway = await openGateway({});

  expect((await stat(gateway.socketPath)).mode & 0o777).toBe(0o600);
  await gateway.close();
  await expect(stat(gateway.socketPath)).rejects.toThrow("ENOENT");
});

test("RI4: what a killed process left of its gateway is swept, a living one is not", async () => {
  const living = await openGateway({});
  open.push(living);
  const program = `
    import { openGateway } from ${JSON.stringify(GATEWAY)};
    console.log((await openGateway({})).socketPath);
    process.kill(process.pid, "SIGKILL");`;
  const argv = ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", program];
  const left = spawnSync(process.execPath, argv).stdout.toString("utf8").trim();
  expect((await stat(left)).isSocket()).toBe(true);

  await sweepGateways();

  await expect(stat(left)).rejects.toThrow("ENOENT");
  expect((await askSocket(living.socketPath, { path: "/" })).status).toBe(403);
});
