import assert from "node:assert/strict";
import { test } from "node:test";
import { runApp } from "../testing/running-app.js";

test("the service says that it is well", async (t) => {
  const app = await runApp();
  t.after(app.close);

  const response = await fetch(`${app.url}/healthz`);

  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { status: "ok" });
});

test("an unknown path is not found", async (t) => {
  const app = await runApp();
  t.after(app.close);

  const response = await fetch(`${app.url}/api/nothing`);

  assert.equal(response.status, 404);
  assert.equal((await response.json()).error.code, "not_found");
});

test("a method that a path does not answer is refused with the ones it does", async (t) => {
  const app = await runApp();
  t.after(app.close);

  const response = await fetch(`${app.url}/healthz`, { method: "DELETE" });

  assert.equal(response.status, 405);
  assert.equal(response.headers.get("allow"), "GET");
});
