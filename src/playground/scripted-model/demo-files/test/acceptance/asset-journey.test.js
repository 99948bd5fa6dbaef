import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/main.js", import.meta.url));

/** The service as an operator starts it: a process of its own, reached by its address alone. */
async function startService(t) {
  const service = spawn(process.execPath, [MAIN, "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(async () => {
    if (service.exitCode !== null) return;
    service.kill("SIGTERM");
    await once(service, "exit");
  });
  for await (const line of createInterface({ input: service.stdout })) {
    const url = /^listening on (http:\S+)$/.exec(line)?.[1];
    if (url) return { url, service };
  }
  throw new Error("the service ended before it was listening");
}

function add(url, asset) {
  return fetch(`${url}/api/assets`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(asset),
  });
}

test("a team builds up its inventory", async (t) => {
  const { url } = await startService(t);
  const wanted = [
    { kind: "domain", identifier: "shop.example.com", labels: ["public"] },
    { kind: "ipv4", identifier: "192.0.2.10", labels: [] },
    { kind: "repository", identifier: "acme/shop", labels: ["code"] },
  ];

  const created = [];
  for (const asset of wanted) {
    const response = await add(url, asset);
    assert.equal(response.status, 201);
    created.push(await response.json());
  }

  const { assets, total } = await (await fetch(`${url}/api/assets`)).json();
  assert.equal(total, 3);
  assert.deepEqual(assets, created, "the list shows what was answered, oldest first");
  assert.equal(new Set(assets.map(({ id }) => id)).size, 3);
});

test("mistakes are explained, cost nothing and do not stop the service", async (t) => {
  const { url } = await startService(t);
  await add(url, { kind: "domain", identifier: "shop.example.com" });

  const wrong = await add(url, { kind: "domain", identifier: "not a domain" });
  const twice = await add(url, { kind: "domain", identifier: "Shop.Example.com" });

  assert.equal(wrong.status, 422);
  assert.match((await wrong.json()).error.problems[0].message, /domain name such as/);
  assert.equal(twice.status, 409);
  const { total } = await (await fetch(`${url}/api/assets`)).json();
  assert.equal(total, 1);
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
});

test("an operator's stop is quick and clean", async (t) => {
  const { url, service } = await startService(t);
  await add(url, { kind: "ipv4", identifier: "192.0.2.10" });

  service.kill("SIGTERM");
  const [code, signal] = await once(service, "exit");

  assert.deepEqual({ code, signal }, { code: 0, signal: null });
});
