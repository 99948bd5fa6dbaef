import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Secret } from "../../../src/domain/secret.ts";
import { appJwt } from "../../../src/github/app-jwt.ts";
import { redeliverLost } from "../../../src/github/lost-deliveries.ts";
import { createLocalGitHub } from "../../../src/playground/github/create.ts";
import type { CreatedApp, LocalGitHub } from "../../../src/playground/github/hub.ts";

const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };
let dir: string;
let hub: LocalGitHub;
let app: CreatedApp;
let receiver: Server;
let status = 500;
const received: { guid: string; event: string; status: number }[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "lost-"));
  receiver = createServer((request, response) => {
    request.resume();
    const { "x-github-delivery": guid, "x-github-event": event } = request.headers;
    received.push({ guid: String(guid), event: String(event), status });
    response.writeHead(status).end();
  });
  await new Promise<void>((ready) => receiver.listen(0, "127.0.0.1", ready));
  const { port } = receiver.address() as { port: number };
  hub = await createLocalGitHub({ dataDir: dir });
  hub.createUser({ login: "alice" });
  await hub.createRepository({ owner: "alice", name: "assets", from: { "a.txt": "a" } });
  app = hub.createApp({
    slug: "bot",
    owner: "alice",
    permissions: { issues: "write", metadata: "read" },
    events: ["issues", "issue_comment"],
    webhookUrl: `http://127.0.0.1:${port}/`,
    webhookSecret: "s".repeat(32),
  });
  await hub.install("bot", "alice", "all");
});

afterAll(async () => {
  await hub.close();
  receiver.close();
  await rm(dir, { recursive: true, force: true });
});

function asApp(): Octokit {
  const token = appJwt({ id: app.appId, privateKey: new Secret(app.privateKeyPem) }, Date.now());
  return new Octokit({
    baseUrl: hub.url,
    auth: token,
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
}

test("F04: what was sent while the app was down is asked for again, once, with the same id", async () => {
  status = 500;
  const issue = await hub.as("alice").openIssue("alice/assets", { title: "lost", body: "" });
  await hub.as("alice").comment("alice/assets", issue.number, "/orchestrate");
  await hub.webhooks.idle();
  const lost = received.filter(
    (delivery) => delivery.status === 500 && ["issues", "issue_comment"].includes(delivery.event),
  );
  expect(lost).toHaveLength(2);
  status = 200;
  const options = { since: Date.now() - 3_600_000, now: Date.now(), log: LOG };
  const first = await redeliverLost(asApp(), options);
  await hub.webhooks.idle();
  const again = received
    .filter((delivery) => delivery.status === 200)
    .map((delivery) => delivery.guid);
  expect(again).toEqual(expect.arrayContaining(lost.map((delivery) => delivery.guid)));
  expect(first).toEqual({ redelivered: again.length, beyondWindow: false });
  expect(await redeliverLost(asApp(), options)).toEqual({ redelivered: 0, beyondWindow: false });
});

test("F04: a pause longer than GitHub's three days is said, because older ones cannot be had any more", async () => {
  const now = Date.now();
  const { beyondWindow } = await redeliverLost(asApp(), {
    since: now - 5 * 24 * 3_600_000,
    now,
    log: LOG,
  });
  expect(beyondWindow).toBe(true);
});
