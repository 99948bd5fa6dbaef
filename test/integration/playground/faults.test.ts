import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { gitClient, withToken } from "./git-client.ts";
import { AT, newStage, octokit, REPO, refusal, type Stage } from "./stage.ts";

let stage: Stage;
let issue_number: number;

beforeAll(async () => {
  stage = await newStage();
  issue_number = (await stage.hub.as("rob").openIssue(REPO, { title: "Here" })).number;
});
beforeEach(() => {
  stage.hub.faults.clear();
  stage.hub.journal.clear();
});
afterAll(() => stage[Symbol.asyncDispose]());

function comments(): number {
  return stage.hub.store.commentsOf(stage.hub.store.issues.all()[0]?.id ?? 0).length;
}

test("F10: a 502 after the effect leaves the comment, one before it does not", async () => {
  const bot = await stage.bot();
  const before = comments();
  const late = stage.hub.faults.inject({
    operationId: "issues/create-comment",
    status: 502,
    when: "after",
  });
  const say = { ...AT, issue_number, body: "hello" };
  expect(await refusal(bot.rest.issues.createComment(say))).toMatchObject({ status: 502 });
  expect([comments(), late.hits]).toEqual([before + 1, 1]);
  stage.hub.faults.inject({ operationId: "issues/create-comment", status: 502 });
  expect(await refusal(bot.rest.issues.createComment(say))).toMatchObject({ status: 502 });
  expect(comments()).toBe(before + 1);
  await expect(bot.rest.issues.createComment(say)).resolves.toMatchObject({ status: 201 });
});

test("F09: a secondary limit is answered with the headers and text that the test gives", async () => {
  const bot = await stage.bot();
  const message = "You have exceeded a secondary rate limit.";
  stage.hub.faults.inject({
    match: (r) => r.method === "POST" && r.actor === "helper[bot]",
    skip: 1,
    status: 403,
    headers: { "retry-after": "7" },
    body: { message },
  });
  const say = { ...AT, issue_number, body: "hello" };
  await bot.rest.issues.createComment(say);
  const refused = await refusal(bot.rest.issues.createComment(say));
  expect(refused).toMatchObject({ status: 403, message });
  expect(refused.headers["retry-after"]).toBe("7");
});

test("F11: a cut connection, before or after the effect", async () => {
  const bot = await stage.bot();
  const before = comments();
  stage.hub.faults.inject({ operationId: "issues/create-comment", reset: true, when: "after" });
  const cut = await refusal(bot.rest.issues.createComment({ ...AT, issue_number, body: "x" }));
  expect(cut.status).toBe(500);
  expect(comments()).toBe(before + 1);
});

test("F14: a lagging list lacks the newest comment", async () => {
  const bot = await stage.bot();
  const { data: last } = await bot.rest.issues.createComment({
    ...AT,
    issue_number,
    body: "newest",
  });
  stage.hub.faults.inject({ operationId: "issues/list-comments", dropNewest: 1 });
  const stale = await bot.rest.issues.listComments({ ...AT, issue_number, per_page: 100 });
  expect(stale.data.map((c) => c.id)).not.toContain(last.id);
  const fresh = await bot.rest.issues.listComments({ ...AT, issue_number, per_page: 100 });
  expect(fresh.data.map((c) => c.id)).toContain(last.id);
});

test("F24: git over HTTP can be refused and cut, too", async () => {
  const git = await gitClient(stage.dir);
  const address = withToken(stage.hub.url, REPO, await stage.token());
  stage.hub.faults.inject({
    operationId: "git-http/upload-pack",
    status: 429,
    headers: { "retry-after": "1" },
  });
  const limited = await git(stage.dir, "ls-remote", address);
  expect(limited.err).toContain("429");
  stage.hub.faults.inject({ operationId: "git-http/upload-pack", reset: true });
  expect((await git(stage.dir, "ls-remote", address)).code).not.toBe(0);
  expect((await git(stage.dir, "ls-remote", address)).code).toBe(0);
});

test("F10: a push whose answer is lost has moved its branch nevertheless", async () => {
  const git = await gitClient(stage.dir);
  const address = withToken(stage.hub.url, REPO, await stage.token());
  const dir = join(stage.dir, "lost-push");
  await git(stage.dir, "clone", "-q", address, dir);
  await git(dir, "commit", "-q", "--allow-empty", "-m", "Lost");
  const fault = stage.hub.faults.inject({
    match: (r) => r.method === "POST" && r.operationId === "git-http/receive-pack",
    when: "after",
    status: 502,
  });
  expect((await git(dir, "push", "origin", "HEAD:lost")).code).not.toBe(0);
  expect(fault.hits).toBe(1);
  const sha = (await git(dir, "rev-parse", "HEAD")).out;
  expect(await stage.hub.code(REPO).resolve("lost")).toBe(sha);
  expect((await git(dir, "push", "-q", "origin", "HEAD:lost")).code).toBe(0);
});

test("F20: a deleted issue is gone with its comments and answers 410", async () => {
  const [rob, olga] = [stage.hub.as("rob"), stage.hub.as("olga")];
  const issue = await rob.openIssue(REPO, { title: "Away" });
  const comment = await rob.comment(REPO, issue.number, "with me");
  expect(await refusal(rob.deleteIssue(REPO, issue.number))).toMatchObject({ status: 403 });
  stage.heard.length = 0;
  await olga.deleteIssue(REPO, issue.number);
  await stage.hub.webhooks.idle();
  expect(stage.names()).toContain("issues.deleted");
  const user = stage.user("rob");
  const gone = user.rest.issues.get({ ...AT, issue_number: issue.number });
  expect(await refusal(gone)).toMatchObject({ status: 410, message: "This issue was deleted" });
  const said = user.rest.issues.getComment({ ...AT, comment_id: comment.id });
  expect(await refusal(said)).toMatchObject({ status: 404 });
  expect((await rob.openIssue(REPO, { title: "Next" })).number).toBe(issue.number + 1);
});

test("F12: a renamed repository redirects reads and writes by its number", async () => {
  const { id } = await stage.hub.createRepository({
    owner: "acme",
    name: "old-name",
    from: { a: "1" },
  });
  await stage.hub.renameRepository("acme/old-name", "new-name");
  const user = stage.user("olga");
  const read = await user.rest.repos.get({ owner: "acme", repo: "old-name" });
  expect(read.data.full_name).toBe("acme/new-name");
  expect(read.url).toContain(`/repositories/${id}`);
  const write = await user.rest.issues.create({
    owner: "acme",
    repo: "old-name",
    title: "Follows",
  });
  expect(write.data.html_url).toContain("acme/new-name/issues/1");
});

test("F08: the hour's budget is counted down, told, and enforced; a 304 costs nothing", async () => {
  let now = Date.now();
  await using small = await newStage({ now: () => now, limits: { perHour: 3 } });
  const user = small.user("olga");
  const first = await user.rest.repos.get(AT);
  expect(first.headers).toMatchObject({ "x-ratelimit-limit": "3", "x-ratelimit-remaining": "2" });
  const etag = String(first.headers.etag);
  const same = await refusal(
    user.request("GET /repos/{owner}/{repo}", { ...AT, headers: { "if-none-match": etag } }),
  );
  expect(same.status).toBe(304);
  await user.rest.repos.get(AT);
  await user.rest.repos.get(AT);
  const spent = await refusal(user.rest.repos.get(AT));
  expect(spent).toMatchObject({
    status: 403,
    message: expect.stringContaining("API rate limit exceeded"),
  });
  expect(spent.headers["x-ratelimit-remaining"]).toBe("0");
  const reset = Number(spent.headers["x-ratelimit-reset"]);
  expect(reset * 1000 - now).toBeGreaterThan(3_500_000);
  now = reset * 1000 + 1;
  await expect(user.rest.repos.get(AT)).resolves.toMatchObject({ status: 200 });
});

test("content-creating requests can be limited as GitHub limits them", async () => {
  let now = Date.now();
  await using strict = await newStage({ now: () => now, limits: { contentPerMinute: 2 } });
  const user = strict.user("olga");
  for (const title of ["a", "b"]) await user.rest.issues.create({ ...AT, title });
  const refused = await refusal(user.rest.issues.create({ ...AT, title: "c" }));
  expect(refused).toMatchObject({
    status: 403,
    message: expect.stringContaining("secondary rate limit"),
  });
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(50);
  now += 61_000;
  await expect(user.rest.issues.create({ ...AT, title: "c" })).resolves.toMatchObject({
    status: 201,
  });
});

test("the journal knows every request, who made it, and what it counts as", async () => {
  const bot = await stage.bot();
  stage.hub.journal.clear();
  await bot.rest.issues.createComment({ ...AT, issue_number, body: "counted" });
  await bot.rest.issues.listComments({ ...AT, issue_number });
  await refusal(bot.request("GET /repos/acme/shop/nothing-such"));
  await refusal(bot.rest.repos.listForks(AT));
  const rows = stage.hub.journal
    .requests("helper[bot]")
    .map((r) => [r.method, r.operationId, r.status]);
  expect(rows).toEqual([
    ["POST", "issues/create-comment", 201],
    ["GET", "issues/list-comments", 200],
    ["GET", "", 404],
    ["GET", "repos/list-forks", 501],
  ]);
  expect(stage.hub.journal.counts("helper[bot]")).toEqual({
    total: 4,
    contentCreating: 1,
    writes: 1,
    git: 0,
  });
});

test("what GitHub does not know is 404, what this hub has not built says so loudly", async () => {
  const user = stage.user("olga");
  expect(await refusal(user.request("GET /no/such/route"))).toMatchObject({
    status: 404,
    message: "Not Found",
  });
  expect(await refusal(user.rest.repos.listForks(AT))).toMatchObject({
    status: 501,
    message: expect.stringContaining('"repos/list-forks"'),
  });
  const unbuilt = await user
    .graphql('{ repository(owner: "acme", name: "shop") { stargazerCount } }')
    .catch((error: Error) => error.message);
  expect(unbuilt).toContain("has not built Repository.stargazerCount");
  const wrong = await user.graphql("{ nonsense }").catch((error: Error) => error.message);
  expect(wrong).toContain('Cannot query field "nonsense"');
  const enterprise = octokit(`${stage.hub.url}/api/v3`, stage.hub.userToken("olga"));
  await expect(enterprise.rest.repos.get(AT)).resolves.toMatchObject({ status: 200 });
});
