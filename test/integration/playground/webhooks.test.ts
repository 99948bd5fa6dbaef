import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { AT, newStage, REPO, refusal, type Stage } from "./stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await newStage();
});
beforeEach(async () => {
  await stage.hub.webhooks.idle();
  stage.heard.length = 0;
});
afterAll(() => stage[Symbol.asyncDispose]());

test("a comment is told signed, with GitHub's headers, and complete", async () => {
  const rob = stage.hub.as("rob");
  const issue = await rob.openIssue(REPO, { title: "Wish", body: "please" });
  const comment = await rob.comment(REPO, issue.number, "/orchestrate");
  await stage.hub.webhooks.idle();
  expect(stage.names()).toEqual(["issues.opened", "issue_comment.created"]);
  const told = stage.heard[1];
  const digest = createHmac("sha256", stage.app.webhookSecret)
    .update(told?.raw ?? "")
    .digest("hex");
  expect(told?.headers).toMatchObject({
    "x-hub-signature-256": `sha256=${digest}`,
    "x-hub-signature": expect.stringMatching(/^sha1=[0-9a-f]{40}$/),
    "x-github-event": "issue_comment",
    "x-github-delivery": expect.stringMatching(/^[0-9a-f-]{36}$/),
    "x-github-hook-installation-target-type": "integration",
    "x-github-hook-installation-target-id": String(stage.app.appId),
    "content-type": "application/json",
    "user-agent": expect.stringMatching(/^GitHub-Hookshot\//),
  });
  expect(told?.body).toMatchObject({
    action: "created",
    installation: { id: stage.installationId },
    comment: { id: comment.id, body: "/orchestrate", user: { login: "rob", type: "User" } },
    issue: { number: issue.number, title: "Wish", state: "open" },
    repository: { full_name: REPO, owner: { login: "acme", type: "Organization" } },
    organization: { login: "acme" },
    sender: { login: "rob" },
  });
});

test("an edit names what was there before; a ticked box is such an edit", async () => {
  const bot = await stage.bot();
  const issue = await stage.hub.as("rob").openIssue(REPO, { title: "Boxes" });
  const body = "```\n- [ ] not me\n```\n- [ ] one\n- [ ] two";
  const { data: comment } = await bot.rest.issues.createComment({
    ...AT,
    issue_number: issue.number,
    body,
  });
  await stage.hub.as("wendy").tickCheckbox(REPO, { commentId: comment.id, index: 1 });
  await stage.hub.webhooks.idle();
  const told = stage.heard.at(-1);
  expect(told).toMatchObject({ event: "issue_comment", action: "edited" });
  expect(told?.body).toMatchObject({
    changes: { body: { from: body } },
    comment: {
      body: body.replace("[ ] two", "[x] two"),
      user: { login: "helper[bot]", type: "Bot" },
    },
    sender: { login: "wendy" },
  });
  const reader = stage.hub.as("rob").tickCheckbox(REPO, { commentId: comment.id, index: 0 });
  expect(await refusal(reader)).toMatchObject({ status: 403 });
});

test("check runs: buttons and re-runs go to their app only, results to all", async () => {
  const bot = await stage.bot();
  const head_sha = (await stage.hub.code(REPO).resolve("main")) ?? "";
  const { data: run } = await bot.rest.checks.create({
    ...AT,
    name: "orchestrator",
    head_sha,
    status: "in_progress",
    output: { title: "Working", summary: "…" },
    actions: [{ label: "Cancel", description: "Stop it", identifier: "cancel" }],
  });
  const wendy = stage.hub.as("wendy");
  await wendy.pressCheckButton(REPO, run.id, "cancel");
  await wendy.rerunCheck(REPO, run.id);
  await bot.rest.checks.update({ ...AT, check_run_id: run.id, conclusion: "cancelled" });
  await stage.hub.webhooks.idle();
  expect(stage.names()).toEqual([
    "check_run.created",
    "check_run.requested_action",
    "check_run.rerequested",
    "check_run.completed",
    "check_suite.completed",
  ]);
  expect(stage.heard[1]?.body).toMatchObject({
    requested_action: { identifier: "cancel" },
    check_run: { id: run.id, name: "orchestrator", head_sha },
    sender: { login: "wendy" },
  });
  expect(await refusal(wendy.pressCheckButton(REPO, run.id, "other"))).toMatchObject({
    status: 422,
  });
  expect(await refusal(stage.hub.as("rob").rerunCheck(REPO, run.id))).toMatchObject({
    status: 403,
  });
  const annotated = await bot.rest.checks.update({
    ...AT,
    check_run_id: run.id,
    output: {
      title: "Done",
      summary: "s",
      annotations: [
        {
          path: "src/a.js",
          start_line: 1,
          end_line: 1,
          annotation_level: "failure",
          message: "no",
        },
      ],
    },
  });
  expect(annotated.data.output.annotations_count).toBe(1);
  const notes = await bot.rest.checks.listAnnotations({ ...AT, check_run_id: run.id });
  expect(notes.data[0]).toMatchObject({ message: "no", annotation_level: "failure" });
});

test("a failed delivery is in the log and can be sent again under its GUID", async () => {
  stage.answerWith(500);
  await stage.hub.as("rob").openIssue(REPO, { title: "Lost" });
  await stage.hub.webhooks.idle();
  stage.answerWith(200);
  const app = stage.asApp();
  const { data: log } = await app.rest.apps.listWebhookDeliveries({ per_page: 5 });
  const [failed] = log;
  expect(failed).toMatchObject({
    event: "issues",
    action: "opened",
    status_code: 500,
    redelivery: false,
  });
  const { data: whole } = await app.rest.apps.getWebhookDelivery({ delivery_id: failed?.id ?? 0 });
  expect(whole.request.payload).toMatchObject({ issue: { title: "Lost" } });
  await app.rest.apps.redeliverWebhookDelivery({ delivery_id: failed?.id ?? 0 });
  await stage.hub.webhooks.idle();
  expect(stage.heard).toHaveLength(2);
  expect(stage.heard[1]?.raw).toBe(stage.heard[0]?.raw);
  expect(stage.heard[1]?.headers["x-github-delivery"]).toBe(failed?.guid);
  const { data: after } = await app.rest.apps.listWebhookDeliveries({ per_page: 1 });
  expect(after[0]).toMatchObject({ guid: failed?.guid, redelivery: true, status: "OK" });
  const second = await app.request("GET /app/hook/deliveries", { per_page: 1 });
  expect(second.headers.link).toMatch(/cursor=v1_\d+>; rel="next"/);
});

test("held deliveries arrive late, in the order a test likes, or not at all", async () => {
  const rob = stage.hub.as("rob");
  const gate = stage.hub.webhooks.hold((d) => d.event === "issue_comment");
  const issue = await rob.openIssue(REPO, { title: "Order" });
  for (const body of ["one", "two", "three"]) await rob.comment(REPO, issue.number, body);
  await stage.hub.webhooks.idle();
  expect(stage.names()).toEqual(["issues.opened"]);
  expect(gate.held).toHaveLength(3);
  await gate.release(([one, , three]) => [three, one].filter((d) => d !== undefined));
  const bodies = stage.heard
    .slice(1)
    .map((h) => (h.body as unknown as { comment: { body: string } }).comment.body);
  expect(bodies).toEqual(["three", "one"]);
});

test("only subscribed, permitted and installed apps hear; repository hooks hear too", async () => {
  stage.hub.createRepositoryHook(REPO, {
    url: stage.hub.store.apps.must(stage.app.appId).webhookUrl ?? "",
    secret: "hook-secret",
    events: ["issues"],
  });
  const deaf = stage.hub.createApp({
    slug: "deaf",
    permissions: { contents: "read" },
    events: ["issues"],
    webhookUrl: "http://127.0.0.1:1/",
  });
  await stage.hub.install("deaf", "acme", "all");
  await stage.hub.webhooks.idle();
  stage.heard.length = 0;
  await stage.hub.as("rob").openIssue(REPO, { title: "Twice" });
  await stage.hub.webhooks.idle();
  expect(
    new Set(stage.heard.map((h) => h.headers["x-github-hook-installation-target-type"])),
  ).toEqual(new Set(["integration", "repository"]));
  const toDeaf = stage.hub.webhooks.log().filter((d) => d.appId === deaf.appId);
  expect(toDeaf.map((d) => d.event)).toEqual(["installation"]);
  expect(toDeaf[0]).toMatchObject({ status: "failed to connect to host", statusCode: 502 });
});

test("installation events tell what was added, removed, suspended and deleted", async () => {
  await stage.hub.createRepository({ owner: "acme", name: "second", from: { a: "1" } });
  await stage.hub.changeInstallation(stage.installationId, { add: ["second"] });
  await stage.hub.changeInstallation(stage.installationId, { remove: ["second"] });
  await stage.hub.changeInstallation(stage.installationId, { suspended: true });
  await stage.hub.as("rob").openIssue(REPO, { title: "Unheard" });
  await stage.hub.changeInstallation(stage.installationId, { suspended: false });
  await stage.hub.webhooks.idle();
  const own = stage.heard.filter(
    (h) => h.headers["x-github-hook-installation-target-type"] === "integration",
  );
  expect(own.map((h) => `${h.event}.${String(h.action)}`)).toEqual([
    "installation_repositories.added",
    "installation_repositories.removed",
    "installation.suspend",
    "installation.unsuspend",
  ]);
  expect(own[0]?.body).toMatchObject({ repositories_added: [{ full_name: "acme/second" }] });
});

test("no field of a webhook is made up", () => {
  const webhooks = stage.hub.inventedFields().filter((f) => !f.where.includes("/"));
  expect(webhooks).toEqual([]);
});
