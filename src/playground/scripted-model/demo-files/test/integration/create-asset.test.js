import assert from "node:assert/strict";
import { test } from "node:test";
import { runApp } from "../../testing/running-app.js";

const JSON_TYPE = { "content-type": "application/json" };
const shop = { kind: "domain", identifier: "shop.example.com", labels: ["public"] };

function send(app, body, headers = JSON_TYPE) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return fetch(`${app.url}/api/assets`, { method: "POST", headers, body: text });
}

async function total(app) {
  return (await (await fetch(`${app.url}/api/assets`)).json()).total;
}

async function errorCode(response) {
  return (await response.json()).error.code;
}

test("an asset that exists is refused with the id of the one that is there", async (t) => {
  const app = await runApp();
  t.after(app.close);
  const first = await (await send(app, shop)).json();

  const again = await send(app, shop);

  assert.equal(again.status, 409);
  const { error } = await again.json();
  assert.equal(error.code, "duplicate_asset");
  assert.equal(error.id, first.id);
  assert.equal(await total(app), 1);
});

test("another spelling of the same domain is the same asset", async (t) => {
  const app = await runApp();
  t.after(app.close);
  await send(app, shop);

  const again = await send(app, { ...shop, identifier: "SHOP.example.com." });

  assert.equal(again.status, 409);
  assert.equal(await total(app), 1);
});

test("an asset from a backup counts as existing", async (t) => {
  const kept = { id: "kept", ...shop, createdAt: "2026-01-05T09:00:00.000Z" };
  const app = await runApp({ assets: [kept] });
  t.after(app.close);

  const response = await send(app, shop);

  assert.equal(response.status, 409);
  assert.equal((await response.json()).error.id, "kept");
});

test("of two equal requests at the same moment exactly one succeeds", async (t) => {
  const app = await runApp();
  t.after(app.close);

  const answers = await Promise.all([send(app, shop), send(app, shop)]);

  const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
  assert.deepEqual(statuses, [201, 409]);
  assert.equal(await total(app), 1);
});

test("a refused asset leaves nothing behind and names every field", async (t) => {
  const app = await runApp();
  t.after(app.close);

  const response = await send(app, { kind: "x", identifier: "" });

  assert.equal(response.status, 422);
  const { error } = await response.json();
  assert.deepEqual(
    error.problems.map(({ field }) => field),
    ["kind", "identifier"],
  );
  assert.equal(await total(app), 0);
});

test("a body that is not JSON is malformed", async (t) => {
  const app = await runApp();
  t.after(app.close);

  for (const body of ["{", "", "kind=domain"]) {
    const response = await send(app, body);
    assert.equal(response.status, 400);
    assert.equal(await errorCode(response), "malformed_json");
  }
});

test("only application/json is understood, with or without parameters", async (t) => {
  const app = await runApp();
  t.after(app.close);

  const form = await send(app, shop, { "content-type": "application/x-www-form-urlencoded" });
  const charset = await send(app, shop, { "content-type": "Application/JSON; charset=utf-8" });

  assert.equal(form.status, 415);
  assert.equal(await errorCode(form), "unsupported_media_type");
  assert.equal(charset.status, 201);
});

test("a body above 16 KiB is refused, and the client is told", async (t) => {
  const app = await runApp();
  t.after(app.close);

  const response = await send(app, { ...shop, labels: ["x".repeat(16 * 1024)] });

  assert.equal(response.status, 413);
  assert.equal(await errorCode(response), "body_too_large");
  assert.equal(await total(app), 0);
});

test("the path now names both of its methods", async (t) => {
  const app = await runApp();
  t.after(app.close);

  const response = await fetch(`${app.url}/api/assets`, { method: "DELETE" });

  assert.equal(response.status, 405);
  assert.equal(response.headers.get("allow"), "GET, POST");
});
