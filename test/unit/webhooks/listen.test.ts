import { generateKeyPairSync } from "node:crypto";
import { createRequire } from "node:module";
import pino from "pino";
import { expect, test } from "vitest";
import { LaterError } from "../../../src/domain/failure.ts";
import { Secret } from "../../../src/domain/secret.ts";
import { MemoryDeliveries } from "../../../src/engine/memory/records.ts";
import type { Delivery } from "../../../src/ports/stores.ts";
import { openWebhooks, type Webhooks } from "../../../src/webhooks/open.ts";
import { Stage } from "../commands/stage.ts";
import { SECRET } from "./signed.ts";

const key = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();

interface Example {
  readonly name: string;
  readonly examples: readonly Record<string, unknown>[];
}
const examples = createRequire(import.meta.url)(
  "@octokit/webhooks-examples/api.github.com/index.json",
) as Example[];

const user = { id: 1, login: "ann", type: "User" };

function created(body: string, more: object = {}): Record<string, unknown> {
  return {
    action: "created",
    installation: { id: 5 },
    repository: { id: 42, name: "shop", owner: { login: "acme" }, default_branch: "main" },
    sender: user,
    issue: {
      number: 3,
      title: "T",
      body: null,
      state: "open",
      locked: false,
      labels: [{ name: "api" }],
    },
    comment: { id: 900, html_url: "https://x", body, user, performed_via_github_app: null },
    ...more,
  };
}

async function open(stage: Stage): Promise<{ deliveries: MemoryDeliveries; webhooks: Webhooks }> {
  const deliveries = new MemoryDeliveries();
  const webhooks = await openWebhooks({
    app: { id: 7, privateKey: new Secret(key) },
    secrets: [new Secret(SECRET)],
    apiUrl: "http://127.0.0.1:9",
    deliveries,
    commands: stage.ports,
    pino: pino({ level: "silent" }),
  });
  return { deliveries, webhooks };
}

async function receive(stage: Stage, event: string, payload: object): Promise<unknown> {
  const { deliveries, webhooks } = await open(stage);
  await deliveries.store(delivery("d", event, payload));
  await webhooks.start();
  await webhooks.idle();
  await webhooks.close();
  return deliveries.outcomeOf("d");
}

function delivery(id: string, event: string, payload: object): Delivery {
  return {
    id,
    event,
    action: undefined,
    payload: JSON.stringify(payload),
    receivedAt: "2026-11-23T10:00:00Z",
  };
}

test("W-06: the app does not open with a secret that is too short, or none", async () => {
  const stage = new Stage();
  const settings = {
    app: { id: 7, privateKey: new Secret(key) },
    apiUrl: "x",
    deliveries: new MemoryDeliveries(),
    commands: stage.ports,
    pino: pino({ level: "silent" }),
  };
  await expect(openWebhooks({ ...settings, secrets: [new Secret("development")] })).rejects.toThrow(
    /shorter than 32/,
  );
  await expect(openWebhooks({ ...settings, secrets: [] })).rejects.toThrow(/WEBHOOK_SECRET/);
});

test("A1: a stored comment goes through Probot to a run", async () => {
  const stage = new Stage();
  const outcome = await receive(stage, "issue_comment", created("/orchestrate fix it"));
  expect(outcome).toEqual({ state: "done", reason: "started 42-3-r1" });
  expect(stage.started[0]).toMatchObject({
    task: "fix it",
    issue: 3,
    labels: ["api"],
    deliveryId: "d",
    isPullRequest: false,
  });
});

test.each(["edited", "deleted"])(
  "A2, A-08: a comment that was %s starts nothing",
  async (action) => {
    const stage = new Stage();
    const payload = created("/orchestrate fix it", { action });
    expect(await receive(stage, "issue_comment", payload)).toMatchObject({ state: "ignored" });
    expect(stage.untouched).toBe(true);
  },
);

test("A-06: the app's own comment is known by its app id", async () => {
  const stage = new Stage();
  const comment = {
    id: 1,
    html_url: "x",
    body: "/orchestrate",
    user,
    performed_via_github_app: { id: 7 },
  };
  expect(await receive(stage, "issue_comment", created("", { comment }))).toEqual({
    state: "ignored",
    reason: "written by this app",
  });
});

test("A-13: a comment of a ghost is ignored", async () => {
  const stage = new Stage();
  const comment = { id: 1, html_url: "x", body: "/orchestrate", user: null };
  expect(await receive(stage, "issue_comment", created("", { comment }))).toMatchObject({
    state: "ignored",
  });
});

const strange: readonly [name: string, event: string, payload: object][] = [
  [
    "without an installation",
    "issue_comment",
    created("/orchestrate", { installation: undefined }),
  ],
  ["without a repository", "issue_comment", created("/orchestrate", { repository: null })],
  ["without a sender", "issue_comment", created("/orchestrate", { sender: undefined })],
  ["with a comment that is null", "issue_comment", created("/orchestrate", { comment: null })],
  ["with an unknown action", "issue_comment", created("/orchestrate", { action: "pondered" })],
  ["without an action", "issue_comment", { action: 5 }],
  ["of an unknown event", "weather", { action: "changed" }],
  ["of an event we do not hear", "watch", {}],
  ["that is empty", "check_run", {}],
];

test.each(strange)("W-10: a delivery %s is recorded as ignored", async (_name, event, payload) => {
  const stage = new Stage();
  expect(await receive(stage, event, payload)).toMatchObject({
    state: "ignored",
    reason: expect.any(String),
  });
  expect(stage.untouched).toBe(true);
});

test("T5: a pressed button reaches the run; another app's check run does not", async () => {
  const stage = new Stage();
  stage.live = { runId: "42-3-r1" as never, issue: 3, requestedBy: "ann", state: "working" };
  const { comment: _comment, issue: _issue, ...common } = created("");
  const pressed = {
    ...common,
    action: "requested_action",
    requested_action: { identifier: "cancel" },
  };
  const own = { ...pressed, check_run: { external_id: "42-3-r1", app: { id: 7 } } };
  expect(await receive(stage, "check_run", own)).toEqual({
    state: "done",
    reason: "cancel accepted by 42-3-r1",
  });
  const other = { ...pressed, check_run: { external_id: "42-3-r1", app: { id: 8 } } };
  expect(await receive(stage, "check_run", other)).toMatchObject({ state: "ignored" });
  expect(stage.orders).toHaveLength(1);
});

test("F08: a limit met while working leaves the delivery to be done later", async () => {
  const stage = new Stage();
  stage.failing = new LaterError("limited", new Date(Date.now() + 60_000).toISOString());
  expect(await receive(stage, "issue_comment", created("/orchestrate help"))).toBeUndefined();
});

test("RI1: every example payload that GitHub publishes ends with one outcome and starts nothing", async () => {
  const stage = new Stage({ servesOwner: () => true });
  const { deliveries, webhooks } = await open(stage);
  const ids: string[] = [];
  for (const { name, examples: payloads } of examples) {
    for (const [index, payload] of payloads.entries()) {
      ids.push(`${name}-${index}`);
      await deliveries.store(
        delivery(`${name}-${index}`, name, { installation: { id: 5 }, ...payload }),
      );
    }
  }
  await webhooks.start();
  await webhooks.idle();
  await webhooks.close();
  expect(ids.length).toBeGreaterThan(300);
  expect(ids.filter((id) => deliveries.outcomeOf(id)?.state !== "ignored")).toEqual([]);
  expect(stage.untouched).toBe(true);
});
