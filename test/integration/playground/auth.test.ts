import { afterAll, beforeAll, expect, test } from "vitest";
import { AT, jwt, newStage, octokit, REPO, refusal, type Stage } from "./stage.ts";

let stage: Stage;
let now = Date.now();

beforeAll(async () => {
  stage = await newStage({ now: () => now });
});
afterAll(() => stage[Symbol.asyncDispose]());

test("an app's own token is held to RS256, its key, and ten minutes", async () => {
  const seconds = Math.floor(now / 1000);
  const { data } = await stage.asApp().rest.apps.getAuthenticated();
  expect(data).toMatchObject({ id: stage.app.appId, slug: "helper", installations_count: 1 });
  function get(token: string): Promise<unknown> {
    return octokit(stage.hub.url, token).request("GET /app");
  }
  const late = await refusal(get(stage.appJwt({ exp: seconds + 3600 })));
  expect(late).toMatchObject({
    status: 401,
    message: expect.stringContaining("too far in the future"),
  });
  const expired = await refusal(get(stage.appJwt({ exp: seconds - 1 })));
  expect(expired).toMatchObject({ status: 401, message: expect.stringContaining("'exp'") });
  const early = await refusal(get(stage.appJwt({ iat: seconds + 600 })));
  expect(early).toMatchObject({ status: 401, message: expect.stringContaining("'iat'") });
  const stranger = await refusal(get(stage.appJwt({ iss: 1 })));
  expect(stranger).toMatchObject({ status: 404, message: "Integration not found" });
  const other = stage.hub.createApp({ slug: "other", permissions: {}, events: [] });
  const forged = jwt({ ...other, appId: stage.app.appId });
  expect(await refusal(get(forged))).toMatchObject({ status: 401 });
  const byClientId = stage.appJwt({ iss: stage.app.clientId });
  await expect(get(byClientId)).resolves.toBeDefined();
});

test("an installation token is narrowed, expires after an hour, and can be revoked", async () => {
  const minted = await stage.asApp().rest.apps.createInstallationAccessToken({
    installation_id: stage.installationId,
    repositories: ["shop"],
    permissions: { issues: "read" },
  });
  expect(minted.data).toMatchObject({
    permissions: { issues: "read", metadata: "read" },
    repository_selection: "selected",
  });
  expect(Date.parse(minted.data.expires_at) - now).toBeGreaterThan(3_590_000);
  const bot = octokit(stage.hub.url, minted.data.token);
  const denied = await refusal(bot.rest.issues.create({ ...AT, title: "x" }));
  expect(denied).toMatchObject({ status: 403, message: "Resource not accessible by integration" });
  expect(denied.headers["x-accepted-github-permissions"]).toBe("issues=write");
  const before = now;
  now += 3_600_000;
  expect(await refusal(bot.rest.issues.listForRepo(AT))).toMatchObject({
    status: 401,
    message: "Bad credentials",
  });
  now = before;
  await bot.rest.apps.revokeInstallationAccessToken();
  expect(await refusal(bot.rest.issues.listForRepo(AT))).toMatchObject({ status: 401 });
});

test("a token is never wider than its installation", async () => {
  const app = stage.asApp();
  const wider = app.rest.apps.createInstallationAccessToken({
    installation_id: stage.installationId,
    permissions: { workflows: "write" },
  });
  expect(await refusal(wider)).toMatchObject({
    status: 422,
    message: "The permissions requested are not granted to this installation.",
  });
  await stage.hub.createRepository({ owner: "acme", name: "private", private: true });
  const further = app.rest.apps.createInstallationAccessToken({
    installation_id: stage.installationId,
    repositories: ["private"],
  });
  expect(await refusal(further)).toMatchObject({ status: 422 });
  const bot = await stage.bot();
  const hidden = bot.rest.repos.get({ owner: "acme", repo: "private" });
  expect(await refusal(hidden)).toMatchObject({ status: 404, message: "Not Found" });
});

test("a suspended installation mints nothing and its tokens stop; a deleted one is gone", async () => {
  const bot = await stage.bot();
  await stage.hub.changeInstallation(stage.installationId, { suspended: true });
  const minting = stage.asApp().rest.apps.createInstallationAccessToken({
    installation_id: stage.installationId,
  });
  expect(await refusal(minting)).toMatchObject({
    status: 403,
    message: "This installation has been suspended",
  });
  expect(await refusal(bot.rest.repos.get(AT))).toMatchObject({ status: 403 });
  await stage.hub.changeInstallation(stage.installationId, { suspended: false });
  await expect(bot.rest.repos.get(AT)).resolves.toBeDefined();
  const { id } = await stage.hub.install("other", "acme", "all");
  await stage.hub.uninstall(id);
  const gone = octokit(stage.hub.url, stage.appJwt()).rest.apps.getInstallation({
    installation_id: id,
  });
  expect(await refusal(gone)).toMatchObject({ status: 404 });
});

test("people may do what their role says", async () => {
  const reader = stage.user("rob");
  const writer = stage.user("wendy");
  const { data: issue } = await reader.rest.issues.create({
    ...AT,
    title: "From a reader",
    labels: ["bug"],
  });
  expect(issue.labels).toEqual([]);
  const label = reader.rest.issues.addLabels({
    ...AT,
    issue_number: issue.number,
    labels: ["bug"],
  });
  expect(await refusal(label)).toMatchObject({ status: 403 });
  const { data: comment } = await writer.rest.issues.createComment({
    ...AT,
    issue_number: issue.number,
    body: "hi",
  });
  const edit = reader.rest.issues.updateComment({ ...AT, comment_id: comment.id, body: "mine" });
  expect(await refusal(edit)).toMatchObject({ status: 403 });
  await reader.rest.issues.update({ ...AT, issue_number: issue.number, state: "closed" });
  const asked = await writer.rest.repos.getCollaboratorPermissionLevel({ ...AT, username: "rob" });
  expect(asked.data).toMatchObject({
    permission: "read",
    role_name: "read",
    user: { login: "rob" },
  });
  const owner = await writer.rest.repos.getCollaboratorPermissionLevel({ ...AT, username: "olga" });
  expect(owner.data.permission).toBe("admin");
  stage.hub.setCollaborator(REPO, "rob", "maintain");
  const fine = await writer.rest.repos.getCollaboratorPermissionLevel({ ...AT, username: "rob" });
  expect(fine.data).toMatchObject({ permission: "write", role_name: "maintain" });
  stage.hub.setCollaborator(REPO, "rob", "read");
  const nobody = octokit(stage.hub.url);
  await expect(nobody.rest.repos.get(AT)).resolves.toMatchObject({ status: 200 });
  const anonymous = nobody.rest.issues.create({ ...AT, title: "x" });
  expect(await refusal(anonymous)).toMatchObject({
    status: 401,
    message: "Requires authentication",
  });
});

test("of a plain issue only the issues permission decides; of a pull request either does", async () => {
  const olga = stage.hub.as("olga");
  const issue = await olga.openIssue(REPO, { title: "Plain" });
  await olga.pushFile(REPO, { branch: "topic", path: "t.txt", content: "t" });
  const pull = await olga.openPull(REPO, { title: "Pull", head: "topic" });
  const bot = await stage.bot({ permissions: { pull_requests: "write" } });
  const onPull = { ...AT, issue_number: pull.number, body: "hello" };
  await expect(bot.rest.issues.createComment(onPull)).resolves.toMatchObject({ status: 201 });
  const onIssue = bot.rest.issues.createComment({ ...onPull, issue_number: issue.number });
  expect(await refusal(onIssue)).toMatchObject({ status: 403 });
});

test("the long form of a token is about 520 characters, names its app, and works for REST", async () => {
  await using long = await newStage({ tokenForm: "long" });
  const token = await long.token();
  expect(token).toMatch(new RegExp(`^ghs_${long.app.appId}_[\\w-]+\\.[\\w-]+\\.[\\w-]+$`));
  expect(Math.abs(token.length - 520)).toBeLessThan(60);
  await expect(octokit(long.hub.url, token).rest.repos.get(AT)).resolves.toMatchObject({
    status: 200,
  });
});

test("an app made from a manifest gets its key once", async () => {
  const manifest = {
    name: "From Manifest",
    url: "http://127.0.0.1:1/",
    redirect_url: "http://127.0.0.1:1/done",
    hook_attributes: { url: "http://127.0.0.1:1/hooks" },
    default_permissions: { issues: "write" },
    default_events: ["issues"],
  };
  const posted = await fetch(`${stage.hub.url}/settings/apps/new?state=abc`, {
    method: "POST",
    body: new URLSearchParams({ manifest: JSON.stringify(manifest) }),
    headers: { cookie: "user=wendy" },
    redirect: "manual",
  });
  const back = new URL(posted.headers.get("location") ?? "");
  expect(back.searchParams.get("state")).toBe("abc");
  const code = back.searchParams.get("code") ?? "";
  const anonymous = octokit(stage.hub.url);
  const { data } = await anonymous.rest.apps.createFromManifest({ code });
  expect(data).toMatchObject({
    slug: "from-manifest",
    owner: { login: "wendy" },
    events: ["issues"],
  });
  const asApp = octokit(
    stage.hub.url,
    jwt({ ...stage.app, appId: data.id, privateKeyPem: data.pem }),
  );
  await expect(asApp.rest.apps.getAuthenticated()).resolves.toMatchObject({ status: 200 });
  expect(await refusal(anonymous.rest.apps.createFromManifest({ code }))).toMatchObject({
    status: 404,
  });
});
