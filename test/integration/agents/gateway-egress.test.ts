import { afterEach, expect, test } from "vitest";
import { type Gateway, openGateway } from "../../../src/agents/model-gateway/model-gateway.ts";
import { askSocket, askTunnel, startStub } from "../../helpers/model-stub.ts";

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** A server that a gateway lists, and the gateway. */
async function listed(body: unknown) {
  const server = await startStub((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  });
  const egress = [{ host: "127.0.0.1", port: server.port }];
  const gateway: Gateway = await openGateway({ egress });
  open.push(server, gateway);
  return { server, gateway };
}

test("S-05: a tunnel opens to a listed host and port and to nothing else", async () => {
  const { server: registry, gateway } = await listed({ package: "found" });
  const request = "GET /pkg HTTP/1.1\r\nhost: registry\r\nconnection: close\r\n\r\n";

  const allowed = await askTunnel(gateway.socketPath, `127.0.0.1:${registry.port}`, request);
  expect(allowed.status).toBe(200);
  expect(allowed.body).toContain('{"package":"found"}');

  const others = [
    "127.0.0.1:22",
    `localhost:${registry.port}`,
    "169.254.169.254:80",
    "[::1]:443",
    "10.0.0.1:443",
    `127.0.0.1:${registry.port}@evil.example:443`,
    "example.com:443",
    "example.com",
  ];
  for (const target of others) {
    const denied = await askTunnel(gateway.socketPath, target);
    expect(denied.status, target).toBe(403);
  }
  expect(gateway.denied()).toMatchObject({ egress: others.length, targets: others });
  expect(registry.received).toHaveLength(1);
});

test("plain HTTP reaches a listed mirror by the proxy form, others are refused in words", async () => {
  const { server: mirror, gateway } = await listed({ index: true });
  const path = `${mirror.url}/simple/`;

  const allowed = await askSocket(gateway.socketPath, { path, method: "GET" });
  const denied = await askSocket(gateway.socketPath, {
    path: "http://169.254.169.254/latest/meta-data/",
    method: "GET",
  });
  const credentials = await askSocket(gateway.socketPath, {
    path: `http://user:pass@127.0.0.1:${mirror.port}/`,
    method: "GET",
  });

  expect(allowed.body).toBe('{"index":true}');
  expect(mirror.received[0]?.url).toBe("/simple/");
  expect(denied.status).toBe(403);
  expect(denied.body).toContain("not one of the package registries");
  expect(credentials.status).toBe(403);
});

test("a gateway for set-up commands has no model and no tools", async () => {
  const gateway = await openGateway({ egress: [] });
  open.push(gateway);

  expect(
    (await askSocket(gateway.socketPath, { path: "/model/messages", body: "{}" })).status,
  ).toBe(403);
  expect((await askSocket(gateway.socketPath, { path: "/mcp" })).status).toBe(403);
  expect(gateway.usage()).toEqual({
    calls: 0,
    inputTokens: 0,
    outputTokens: 0,
    cachedTokens: 0,
    usd: 0,
  });
});
