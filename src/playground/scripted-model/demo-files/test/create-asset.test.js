import assert from "node:assert/strict";
import { test } from "node:test";
import { runApp } from "../testing/running-app.js";

function post(app, asset) {
  return fetch(`${app.url}/api/assets`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(asset),
  });
}

test("a new asset is stored and answered with its id and time", async (t) => {
  const app = await runApp();
  t.after(app.close);

  const response = await post(app, { kind: "domain", identifier: "shop.example.com" });

  assert.equal(response.status, 201);
  const created = await response.json();
  assert.match(created.id, /^[0-9a-f-]{36}$/);
  assert.ok(Date.parse(created.createdAt) <= Date.now());
  const { id, createdAt } = created;
  const expected = { id, kind: "domain", identifier: "shop.example.com", labels: [], createdAt };
  assert.deepEqual(created, expected);
  const listed = await (await fetch(`${app.url}/api/assets`)).json();
  assert.deepEqual(listed, { assets: [created], total: 1 });
});

test("an asset that is not valid is refused and not stored", async (t) => {
  const app = await runApp();
  t.after(app.close);

  const response = await post(app, { kind: "ipv4", identifier: "300.1.1.1" });

  assert.equal(response.status, 422);
  const { error } = await response.json();
  assert.equal(error.code, "invalid_asset");
  assert.deepEqual(
    error.problems.map(({ field }) => field),
    ["identifier"],
  );
  const listed = await (await fetch(`${app.url}/api/assets`)).json();
  assert.equal(listed.total, 0);
});
