import { afterAll, beforeAll, expect, test } from "vitest";
import { AT, jwt, newStage, octokit, REPO, refusal, type Stage } from "./stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await newStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

test("an app finds its installations by id, repository, organization and user", async () => {
  const app = stage.asApp();
  const installation_id = stage.installationId;
  const found = [
    await app.rest.apps.getInstallation({ installation_id }),
    await app.rest.apps.getRepoInstallation(AT),
    await app.rest.apps.getOrgInstallation({ org: "acme" }),
  ];
  expect(found.map((f) => f.data.id)).toEqual([installation_id, installation_id, installation_id]);
  const { data: all } = await app.rest.apps.listInstallations();
  expect(all).toMatchObject([
    { id: installation_id, account: { login: "acme" }, repository_selection: "selected" },
  ]);
  const nobody = app.rest.apps.getUserInstallation({ username: "rob" });
  expect(await refusal(nobody)).toMatchObject({ status: 404 });
  const bot = await stage.bot();
  const reached = await bot.rest.apps.listReposAccessibleToInstallation();
  expect(reached.data).toMatchObject({ total_count: 1, repositories: [{ full_name: REPO }] });
  const { data: slug } = await stage.user("rob").rest.apps.getBySlug({ app_slug: "helper" });
  expect(slug).toMatchObject({
    id: stage.app.appId,
    permissions: { issues: "write", metadata: "read" },
  });
  expect(await refusal(bot.rest.users.getAuthenticated())).toMatchObject({ status: 403 });
  const own = await stage.user("rob").rest.users.getAuthenticated();
  expect(own.data).toMatchObject({ login: "rob", type: "User" });
});

test("an app suspends and deletes its own installation, and no other's", async () => {
  const other = stage.hub.createApp({ slug: "other", permissions: { issues: "read" }, events: [] });
  const { id } = await stage.hub.install("other", "acme", "all");
  const theirs = stage.asApp().rest.apps.deleteInstallation({ installation_id: id });
  expect(await refusal(theirs)).toMatchObject({ status: 404 });
  const app = octokit(stage.hub.url, jwt(other));
  await app.rest.apps.suspendInstallation({ installation_id: id });
  expect(stage.hub.store.installations.must(id).suspendedAt).not.toBeNull();
  await app.rest.apps.unsuspendInstallation({ installation_id: id });
  await app.rest.apps.deleteInstallation({ installation_id: id });
  expect(stage.hub.store.installations.get(id)).toBeUndefined();
});

test("an app reads and changes its webhook; the secret is never shown", async () => {
  const app = stage.asApp();
  const before = await app.rest.apps.getWebhookConfigForApp();
  expect(before.data).toMatchObject({ content_type: "json", secret: "********" });
  const url = `${before.data.url ?? ""}?v=2`;
  // Not by Octokit: it takes a parameter named "url" for the address of the request.
  const after = await fetch(`${stage.hub.url}/app/hook/config`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${stage.appJwt()}`, "content-type": "application/json" },
    body: JSON.stringify({ url }),
  });
  expect(await after.json()).toMatchObject({ url });
  stage.heard.length = 0;
  await stage.hub.as("rob").openIssue(REPO, { title: "Told there" });
  await stage.hub.webhooks.idle();
  expect(stage.names()).toEqual(["issues.opened"]);
});

test("repository webhooks are for administrators; their deliveries can be redelivered", async () => {
  const olga = stage.user("olga");
  const url = String(stage.hub.store.app("helper")?.webhookUrl);
  const config = { url, content_type: "json", secret: "x".repeat(16) };
  const wendy = stage.user("wendy").rest.repos.createWebhook({ ...AT, config, events: ["issues"] });
  expect(await refusal(wendy)).toMatchObject({ status: 403 });
  const { data: hook } = await olga.rest.repos.createWebhook({ ...AT, config, events: ["label"] });
  const at = { ...AT, hook_id: hook.id };
  await olga.rest.repos.updateWebhook({ ...at, events: ["issues"] });
  await stage.hub.as("rob").openIssue(REPO, { title: "By hook" });
  await stage.hub.webhooks.idle();
  const { data: deliveries } = await olga.rest.repos.listWebhookDeliveries(at);
  expect(deliveries).toMatchObject([{ event: "issues", action: "opened", status: "OK" }]);
  const delivery_id = deliveries[0]?.id ?? 0;
  const { data: whole } = await olga.rest.repos.getWebhookDelivery({ ...at, delivery_id });
  expect(whole.request.headers).toMatchObject({
    "x-github-hook-installation-target-type": "repository",
  });
  await olga.rest.repos.redeliverWebhookDelivery({ ...at, delivery_id });
  await stage.hub.webhooks.idle();
  expect((await olga.rest.repos.listWebhookDeliveries(at)).data).toHaveLength(2);
  const { data: one } = await olga.rest.repos.getWebhook(at);
  expect(one).toMatchObject({ events: ["issues"], config: { secret: "********" } });
  await olga.rest.repos.deleteWebhook(at);
  expect((await olga.rest.repos.listWebhooks(AT)).data).toEqual([]);
});

test("people, organizations, limits and the root can be asked for", async () => {
  const rob = stage.user("rob");
  const { data: wendy } = await rob.rest.users.getByUsername({ username: "WENDY" });
  expect(wendy).toMatchObject({ login: "wendy", type: "User" });
  const { data: same } = await rob.rest.users.getById({ account_id: wendy.id });
  expect(same.login).toBe("wendy");
  const { data: bot } = await rob.rest.users.getByUsername({ username: "helper[bot]" });
  expect(bot.type).toBe("Bot");
  expect((await rob.rest.users.list()).data.map((u) => u.login)).toContain("olga");
  expect((await rob.rest.orgs.get({ org: "acme" })).data).toMatchObject({ type: "Organization" });
  const before = (await rob.rest.rateLimit.get()).data.rate.used;
  expect((await rob.rest.rateLimit.get()).data.rate.used).toBe(before);
  expect((await rob.rest.meta.root()).data.rate_limit_url).toContain("/rate_limit");
  expect((await rob.rest.meta.get()).status).toBe(200);
});

test("repositories: listed for who may see them, changed and deleted by administrators", async () => {
  await stage.hub.createRepository({
    owner: "acme",
    name: "hidden",
    private: true,
    from: { a: "1" },
  });
  const [olga, rob] = [stage.user("olga"), stage.user("rob")];
  const seen = await rob.rest.repos.listForOrg({ org: "acme" });
  expect(seen.data.map((r) => r.name)).toEqual(["shop"]);
  expect((await rob.rest.repos.listForUser({ username: "rob" })).data).toEqual([]);
  const own = await olga.rest.repos.listForAuthenticatedUser();
  expect(own.data.map((r) => r.name)).toEqual(["shop", "hidden"]);
  const at = { owner: "acme", repo: "hidden" };
  await olga.rest.repos.addCollaborator({ ...at, username: "rob", permission: "triage" });
  expect((await rob.rest.repos.get(at)).data.permissions).toMatchObject({
    triage: true,
    push: false,
  });
  const people = await olga.rest.repos.listCollaborators(at);
  expect(people.data.map((p) => [p.login, p.role_name])).toEqual([
    ["olga", "admin"],
    ["rob", "triage"],
  ]);
  expect((await olga.rest.repos.checkCollaborator({ ...at, username: "rob" })).status).toBe(204);
  await olga.rest.repos.removeCollaborator({ ...at, username: "rob" });
  expect(await refusal(rob.rest.repos.get(at))).toMatchObject({ status: 404 });
  const archived = await olga.rest.repos.update({ ...at, archived: true, description: "Old" });
  expect(archived.data).toMatchObject({ archived: true, description: "Old" });
  expect(await refusal(olga.rest.issues.create({ ...at, title: "x" }))).toMatchObject({
    status: 403,
    message: "Repository was archived so is read-only.",
  });
  await olga.rest.repos.delete(at);
  expect(await refusal(olga.rest.repos.get(at))).toMatchObject({ status: 404 });
  expect((await olga.rest.repos.getAllTopics(AT)).data.names).toEqual([]);
  const sent = await olga.rest.repos.createDispatchEvent({
    ...AT,
    event_type: "build",
    client_payload: { a: 1 },
  });
  expect(sent.status).toBe(204);
});
