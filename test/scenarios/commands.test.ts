import { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Secret } from "../../src/domain/secret.ts";
import { appJwt } from "../../src/github/app-jwt.ts";
import type { CreatedApp } from "../../src/playground/github/hub.ts";
import { type Script, say, submit } from "../../src/playground/scripted-model/script.ts";
import { post } from "../helpers/signed.ts";
import { openStage, type Stage } from "../helpers/stage.ts";
import { OWNER } from "../helpers/stage-hub.ts";
import type { StageRun } from "../helpers/stage-run.ts";
import { TINY_COMMAND, TINY_FILES, TINY_PLAN, tinyScript } from "../helpers/tiny-service.ts";

let stage: Stage;
const never = Promise.withResolvers<void>();

beforeAll(async () => {
  stage = await openStage({ files: TINY_FILES });
});

afterAll(async () => {
  never.resolve();
  await stage.end();
});

/** A run that stays in its planning until it is cancelled. */
function planningForever(): Script {
  return tinyScript({ plan: [{ ...submit(TINY_PLAN), hold: never.promise }] });
}

async function runsOn({ issue, repository }: StageRun): Promise<number> {
  const rows = await stage.query<{ n: string }>(
    "select count(*) as n from orchestrator.runs where issue = $1 and owner || '/' || name = $2",
    [issue, repository],
  );
  return Number(rows[0]?.n);
}

async function cancel(run: StageRun): Promise<void> {
  const { outcome } = await stage.say("alice", run, "/orchestrate cancel");
  expect(outcome.reason).toMatch(/^cancel accepted/);
}

/** An installation token's client of any app: what that app's code can do. */
async function botOf(app: CreatedApp, installationId: number): Promise<Octokit> {
  const identity = { id: app.appId, privateKey: new Secret(app.privateKeyPem) };
  const asApp = new Octokit({ baseUrl: stage.hub.url, auth: appJwt(identity, Date.now()) });
  const { data } = await asApp.rest.apps.createInstallationAccessToken({
    installation_id: installationId,
  });
  return new Octokit({ baseUrl: stage.hub.url, auth: data.token });
}

test("R6, F01, F02: twenty copies at once, a repository's hook, redeliveries now and after the end: one run", async () => {
  const repository = await stage.addRepository("hooked", TINY_FILES);
  stage.hub.createRepositoryHook(repository, {
    url: stage.webhookUrl,
    secret: stage.appIdentity.webhookSecret,
    events: ["issue_comment"],
  });
  const gate = stage.hub.webhooks.hold(({ action }) => action === "created");
  const run = await stage.ask({
    title: "Many deliveries",
    command: TINY_COMMAND,
    script: planningForever(),
    repository,
  });
  const [ofApp, ofHook] = [
    gate.held.find(({ appId }) => appId !== null),
    gate.held.find(({ hookId }) => hookId !== null),
  ];
  if (!ofApp || !ofHook) throw new Error(`Held only ${gate.held.length} deliveries.`);
  const copies = Array.from({ length: 20 }, () => ofApp);
  const statuses = await Promise.all([ofHook, ...copies, ofHook].map((one) => post(stage, one)));
  const ofCopies = statuses.slice(1, -1);
  expect(ofCopies.filter((status) => status === 202)).toHaveLength(1);
  expect(ofCopies.filter((status) => status === 200)).toHaveLength(copies.length - 1);
  await gate.release();
  expect(await stage.outcomeOf(ofApp.guid)).toMatchObject({ state: "done" });
  await run.until("dispatch-started");
  await stage.hub.webhooks.redeliver(ofApp.id);
  await stage.hub.webhooks.redeliver(ofHook.id);
  await cancel(run);
  expect(await stage.hub.webhooks.redeliver(ofApp.id)).toMatchObject({ statusCode: 200 });
  await stage.outcomeOf(ofHook.guid);
  await stage.hub.webhooks.idle();
  expect(await runsOn(run)).toBe(1);
  expect(run.facts("run-started")).toHaveLength(1);
  const { comment } = JSON.parse(ofApp.requestBody);
  expect(run.reactionsTo(comment.id)).toEqual(["eyes", "rocket"]);
  expect(run.comments().filter(({ body }) => body.includes("orchestrate:status:"))).toHaveLength(1);
});

test("R5: a second /orchestrate on a live run starts nothing and says what is running; its text reaches who works and who works next", async () => {
  const planned = Promise.withResolvers<void>();
  const run = await stage.ask({
    title: "Only one at a time",
    command: TINY_COMMAND,
    script: tinyScript({
      plan: [{ ...submit(TINY_PLAN), hold: planned.promise }, submit(TINY_PLAN)],
      develop: [{ ...say("I begin."), hold: never.promise }],
    }),
  });
  await run.until("dispatch-started");
  await stage.history.until("the planner is asked", () => run.conversations()[0]);
  const empty = await stage.say("bob", run, "/orchestrate");
  expect(empty.outcome.reason).toBe(`${run.id()} is live`);
  expect(run.reactionsTo(empty.commentId)).toEqual(["eyes", "confused"]);
  const text = await stage.say("bob", run, "/orchestrate keep it short");
  expect(text.outcome.reason).toBe(`steered ${run.id()}`);
  const replies = run.comments().filter(({ body }) => body.includes("orchestrate:reply:"));
  expect(replies.map(({ body }) => body)).toEqual([
    expect.stringContaining("A second run was not started. Steer it with"),
    expect.stringContaining("A second run was not started;"),
  ]);
  planned.resolve();
  const developer = await stage.history.until("the developer is asked", () =>
    run.conversations().find(({ turn }) => turn.role === "backend-developer"),
  );
  expect(developer.turn.prompt).toContain("bob: keep it short");
  const [planner] = run.conversations().filter(({ turn }) => turn.index === 1);
  expect(planner?.turn.results.join()).toContain("bob says: keep it short");
  const id = String(text.commentId);
  expect(run.facts("steered")).toMatchObject([{ by: "bob", text: "keep it short", id }]);
  expect(run.facts("steering-taken")).toMatchObject([
    { id, role: "backend-orchestrator", how: "conversation" },
    { id, role: "backend-developer", how: "brief" },
  ]);
  await cancel(run);
  expect(await runsOn(run)).toBe(1);
});

test("A2, A-08, A-09: a comment edited into a command starts nothing, whoever edits it", async () => {
  const run = await stage.ask({ title: "Edited afterwards", script: planningForever() });
  for (const [author, editor] of [
    ["alice", "alice"],
    ["olive", "bob"],
  ] as const) {
    const { commentId, outcome } = await stage.say(author, run, "I would like this.");
    expect(outcome).toMatchObject({ state: "ignored", reason: "no command" });
    await stage.hub.as(editor).editComment(run.repository, commentId, TINY_COMMAND);
    const edited = await stage.outcomeOf(stage.deliveryOf(commentId, "edited"));
    expect(edited.state).toBe("ignored");
    expect(run.reactionsTo(commentId)).toEqual([]);
  }
  expect(await runsOn(run)).toBe(0);
  expect(run.comments()).toEqual([]);
});

test("A3, A-01: who may only read is refused politely, once, and nothing is started", async () => {
  const run = await stage.ask({ title: "An outsider asks", script: planningForever() });
  const first = await stage.say("olive", run, TINY_COMMAND);
  const second = await stage.say("olive", run, TINY_COMMAND);
  for (const { commentId, outcome } of [first, second]) {
    expect(outcome.reason).toMatch(/^refused: .* needs write permission/);
    expect(run.reactionsTo(commentId)).toContain("-1");
  }
  expect(run.comments().map(({ body }) => body)).toEqual([
    expect.stringContaining("@olive `/orchestrate` needs write permission in this repository"),
  ]);
  expect(await runsOn(run)).toBe(0);
  const asked = stage.hub.journal
    .requests()
    .filter(({ path }) => path.endsWith("/collaborators/olive/permission"));
  expect(asked.length).toBeGreaterThan(0);
});

test("R2: what only looks like a command never starts a run", async () => {
  const run = await stage.ask({ title: "Not commands", script: planningForever() });
  const bodies = [
    `\`\`\`\n${TINY_COMMAND}\n\`\`\``,
    `~~~~ sh\n${TINY_COMMAND}`,
    `    ${TINY_COMMAND}`,
    `\`${TINY_COMMAND}\``,
    `> ${TINY_COMMAND}`,
    `> quoted\n${TINY_COMMAND}`,
    `- ${TINY_COMMAND}`,
    `<!--\n${TINY_COMMAND}\n-->`,
    `<pre>\n${TINY_COMMAND}\n</pre>`,
    "[/orchestrate build it](https://example.test)",
    `please ${TINY_COMMAND}`,
    "/orchestrates everything",
  ];
  for (const body of bodies) {
    const { commentId, outcome } = await stage.say("alice", run, body);
    expect(outcome, body).toMatchObject({ state: "ignored", reason: "no command" });
    expect(run.reactionsTo(commentId), body).toEqual([]);
  }
  expect(await runsOn(run)).toBe(0);
  expect(run.comments()).toEqual([]);
});

test("A-05, A-06: comments of the app itself and of other bots are never commands", async () => {
  const run = await stage.ask({ title: "Bots talk", script: planningForever() });
  const other = stage.hub.createApp({
    slug: "echo",
    owner: OWNER,
    permissions: { issues: "write", metadata: "read" },
    events: [],
  });
  const installed = await stage.hub.install(other.slug, OWNER, "all");
  const bots = [
    [stage.appIdentity, stage.installationId, "written by this app"],
    [other, installed.id, "written by a bot"],
  ] as const;
  for (const [app, installationId, reason] of bots) {
    const bot = await botOf(app, installationId);
    const { data } = await bot.rest.issues.createComment({
      owner: OWNER,
      repo: "service",
      issue_number: run.issue,
      body: TINY_COMMAND,
    });
    await bot.rest.apps.revokeInstallationAccessToken();
    const outcome = await stage.outcomeOf(stage.deliveryOf(data.id));
    expect(outcome).toMatchObject({ state: "ignored", reason });
    expect(run.reactionsTo(data.id)).toEqual([]);
  }
  expect(await runsOn(run)).toBe(0);
});
