import assert from "node:assert/strict";
import { test } from "node:test";
import { runApp } from "../testing/running-app.js";

const shop = {
  id: "3f0c1a52-8f0e-4f3b-9a57-0a4c9f6f2b11",
  kind: "domain",
  identifier: "shop.example.com",
  labels: ["public"],
  createdAt: "2026-01-05T09:00:00.000Z",
};
const gateway = {
  id: "b7a6f0de-51c4-4a5e-8f43-5b1f0d1c9e20",
  kind: "ipv4",
  identifier: "192.0.2.10",
  labels: [],
  createdAt: "2026-01-06T09:00:00.000Z",
};

test("an empty inventory is an empty list", async (t) => {
  const app = await runApp();
  t.after(app.close);

  const response = await fetch(`${app.url}/api/assets`);

  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { assets: [], total: 0 });
});

test("assets are listed oldest first", async (t) => {
  const app = await runApp({ assets: [shop, gateway] });
  t.after(app.close);

  const response = await fetch(`${app.url}/api/assets`);

  assert.match(response.headers.get("content-type"), /^application\/json/);
  assert.deepEqual(await response.json(), { assets: [shop, gateway], total: 2 });
});
