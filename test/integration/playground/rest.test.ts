import { afterAll, beforeAll, expect, test } from "vitest";
import { loadDescription } from "../../../src/playground/github/description/load.ts";
import { HANDLERS } from "../../../src/playground/github/ops/handlers.ts";
import { AT, FILES, newStage, REPO, refusal, type Stage } from "./stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await newStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

test("every built operation is one of GitHub's", () => {
  const known = new Set(loadDescription().operations.map((o) => o.operationId));
  expect(Object.keys(HANDLERS).filter((id) => !known.has(id))).toEqual([]);
});

test("requests that GitHub's description does not allow are refused", async () => {
  const bot = await stage.bot();
  const head_sha = (await stage.hub.code(REPO).resolve("main")) ?? "";
  const action = { label: "L", description: "d", identifier: "i" };
  const four = bot.rest.checks.create({
    ...AT,
    name: "c",
    head_sha,
    actions: [action, action, action, action],
  });
  expect(await refusal(four)).toMatchObject({
    status: 422,
    message: expect.stringContaining("more than 3 items"),
  });
  const longLabel = bot.rest.checks.create({
    ...AT,
    name: "c",
    head_sha,
    actions: [{ ...action, label: "x".repeat(21) }],
  });
  expect(await refusal(longLabel)).toMatchObject({ status: 422 });
  const state = bot.request("GET /repos/{owner}/{repo}/issues", {
    ...AT,
    state: "sleeping" as "open",
  });
  expect(await refusal(state)).toMatchObject({ status: 422 });
  const { token } = { token: await stage.token() };
  const broken = await fetch(`${stage.hub.url}/repos/${REPO}/issues`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: "{",
  });
  expect([broken.status, await broken.json()]).toEqual([
    400,
    expect.objectContaining({ message: "Problems parsing JSON" }),
  ]);
  const issue = await stage.hub.as("rob").openIssue(REPO, { title: "Long" });
  const long = bot.rest.issues.createComment({
    ...AT,
    issue_number: issue.number,
    body: "x".repeat(65_537),
  });
  expect(await refusal(long)).toMatchObject({ status: 422, message: "Validation Failed" });
});

test("contents: read as a file, raw and a folder; written, replaced and deleted by sha", async () => {
  const bot = await stage.bot();
  const { data: file } = await bot.rest.repos.getContent({ ...AT, path: "src/a.js" });
  expect(file).toMatchObject({ type: "file", size: FILES["src/a.js"].length, encoding: "base64" });
  const raw = await bot.rest.repos.getContent({
    ...AT,
    path: "src/a.js",
    mediaType: { format: "raw" },
  });
  expect(raw.data).toBe(FILES["src/a.js"]);
  const { data: root } = await bot.rest.repos.getContent({ ...AT, path: "" });
  expect((root as { name: string; type: string }[]).map((e) => [e.name, e.type])).toEqual([
    ["README.md", "file"],
    ["src", "dir"],
  ]);
  const write = { ...AT, path: "docs/x.md", message: "Write x", branch: "main" };
  const made = await bot.rest.repos.createOrUpdateFileContents({ ...write, content: btoa("one") });
  expect(made).toMatchObject({ status: 201, data: { commit: { message: "Write x" } } });
  const blind = bot.rest.repos.createOrUpdateFileContents({ ...write, content: btoa("two") });
  expect(await refusal(blind)).toMatchObject({ status: 422 });
  const sha = made.data.content?.sha ?? "";
  const stale = bot.rest.repos.createOrUpdateFileContents({
    ...write,
    content: btoa("two"),
    sha: "0".repeat(40),
  });
  expect(await refusal(stale)).toMatchObject({ status: 409 });
  const replaced = await bot.rest.repos.createOrUpdateFileContents({
    ...write,
    content: btoa("two"),
    sha,
  });
  expect(replaced.status).toBe(200);
  await bot.rest.repos.deleteFile({ ...write, sha: replaced.data.content?.sha ?? "" });
  expect(await refusal(bot.rest.repos.getContent({ ...AT, path: "docs/x.md" }))).toMatchObject({
    status: 404,
  });
  const workflow = {
    ...AT,
    path: ".github/workflows/ci.yml",
    message: "ci",
    content: btoa("on: push"),
  };
  expect(await refusal(bot.rest.repos.createOrUpdateFileContents(workflow))).toMatchObject({
    status: 403,
    message: expect.stringContaining("without `workflows` permission"),
  });
});

test("git data: blobs, trees, commits and refs make a branch that git can read", async () => {
  const bot = await stage.bot();
  const { data: main } = await bot.rest.git.getRef({ ...AT, ref: "heads/main" });
  const { data: base } = await bot.rest.git.getCommit({ ...AT, commit_sha: main.object.sha });
  const { data: blob } = await bot.rest.git.createBlob({
    ...AT,
    content: "made\n",
    encoding: "utf-8",
  });
  const { data: tree } = await bot.rest.git.createTree({
    ...AT,
    base_tree: base.tree.sha,
    tree: [
      { path: "made/by/api.txt", mode: "100644", type: "blob", sha: blob.sha },
      { path: "src", mode: "040000", type: "tree", sha: null },
    ],
  });
  const { data: commit } = await bot.rest.git.createCommit({
    ...AT,
    message: "By API",
    tree: tree.sha,
    parents: [main.object.sha],
  });
  const ref = "refs/heads/api/branch";
  await bot.rest.git.createRef({ ...AT, ref, sha: commit.sha });
  expect(await refusal(bot.rest.git.createRef({ ...AT, ref, sha: commit.sha }))).toMatchObject({
    status: 422,
    message: "Reference already exists",
  });
  expect(await stage.hub.code(REPO).file("api/branch", "made/by/api.txt")).toEqual(
    Buffer.from("made\n"),
  );
  expect(await stage.hub.code(REPO).tree("api/branch", "src")).toBeUndefined();
  const back = bot.rest.git.updateRef({ ...AT, ref: "heads/api/branch", sha: main.object.sha });
  expect(await refusal(back)).toMatchObject({
    status: 422,
    message: "Update is not a fast forward",
  });
  const { data: compared } = await bot.rest.repos.compareCommitsWithBasehead({
    ...AT,
    basehead: "main...api/branch",
  });
  expect(compared).toMatchObject({ status: "ahead", ahead_by: 1, behind_by: 0, total_commits: 1 });
  expect(compared.files?.map((f) => `${f.status} ${f.filename}`)).toEqual([
    "added made/by/api.txt",
    "removed src/a.js",
  ]);
  const { data: matching } = await bot.rest.git.listMatchingRefs({ ...AT, ref: "heads/api" });
  expect(matching.map((r) => r.ref)).toEqual([ref]);
  await bot.rest.git.deleteRef({ ...AT, ref: "heads/api/branch" });
  expect(await refusal(bot.rest.git.getRef({ ...AT, ref: "heads/api/branch" }))).toMatchObject({
    status: 404,
  });
});

test("lists come in pages with links that can be followed", async () => {
  const user = stage.user("rob");
  const issue = await stage.hub.as("rob").openIssue(REPO, { title: "Many" });
  for (let i = 1; i <= 5; i += 1) await stage.hub.as("rob").comment(REPO, issue.number, `c${i}`);
  const at = { ...AT, issue_number: issue.number, per_page: 2 };
  const { headers, data } = await user.rest.issues.listComments({ ...at, page: 2 });
  expect(data.map((c) => c.body)).toEqual(["c3", "c4"]);
  expect(headers.link).toMatch(
    /page=1>; rel="prev".*page=3>; rel="next".*page=3>; rel="last".*page=1>; rel="first"/,
  );
  const all = await user.paginate(user.rest.issues.listComments, at);
  expect(all.map((c) => c.body)).toEqual(["c1", "c2", "c3", "c4", "c5"]);
});

test("reactions, labels, assignees, locking and the timeline of an issue", async () => {
  const [bot, rob] = [await stage.bot(), stage.user("rob")];
  const issue = await stage.hub.as("rob").openIssue(REPO, { title: "Life" });
  const at = { ...AT, issue_number: issue.number };
  const comment = await stage.hub.as("rob").comment(REPO, issue.number, "/orchestrate");
  const eyes = { ...AT, comment_id: comment.id, content: "eyes" } as const;
  expect((await bot.rest.reactions.createForIssueComment(eyes)).status).toBe(201);
  expect((await bot.rest.reactions.createForIssueComment(eyes)).status).toBe(200);
  const shown = await rob.rest.issues.getComment({ ...AT, comment_id: comment.id });
  expect(shown.data.reactions).toMatchObject({ eyes: 1, total_count: 1 });
  await bot.rest.issues.addLabels({ ...at, labels: ["bug", "brand-new"] });
  await bot.rest.issues.addAssignees({ ...at, assignees: ["wendy", "nobody"] });
  await bot.rest.issues.lock(at);
  const shut = rob.rest.issues.createComment({ ...at, body: "x" });
  expect(await refusal(shut)).toMatchObject({
    status: 403,
    message: expect.stringContaining("locked"),
  });
  const byApp = bot.rest.issues.createComment({ ...at, body: "x" });
  expect(await refusal(byApp)).toMatchObject({ status: 403 });
  await stage.hub.as("wendy").comment(REPO, issue.number, "Writers may.");
  await bot.rest.issues.unlock(at);
  const { data: whole } = await rob.rest.issues.get(at);
  expect(whole).toMatchObject({ assignees: [{ login: "wendy" }], locked: false });
  const { data: events } = await rob.rest.issues.listEventsForTimeline(at);
  expect(events.map((e) => e.event)).toEqual(
    expect.arrayContaining(["commented", "labeled", "labeled", "assigned", "locked", "unlocked"]),
  );
  const found = await rob.rest.search.issuesAndPullRequests({
    q: `repo:${REPO} is:issue label:brand-new Life`,
  });
  expect(found.data).toMatchObject({ total_count: 1, items: [{ number: issue.number }] });
});

test("statuses combine, branches show their rules", async () => {
  const [bot, olga] = [await stage.bot(), stage.user("olga")];
  const sha = (await stage.hub.code(REPO).resolve("main")) ?? "";
  await bot.rest.repos.createCommitStatus({ ...AT, sha, state: "pending", context: "ci" });
  await bot.rest.repos.createCommitStatus({ ...AT, sha, state: "success", context: "ci" });
  const combined = await bot.rest.repos.getCombinedStatusForRef({ ...AT, ref: "main" });
  expect(combined.data).toMatchObject({ state: "success", total_count: 1 });
  await olga.rest.repos.updateBranchProtection({
    ...AT,
    branch: "main",
    enforce_admins: true,
    restrictions: null,
    required_pull_request_reviews: null,
    required_status_checks: { strict: true, contexts: ["ci", "lint"] },
  });
  const { data: policy } = await bot.rest.repos.getStatusChecksProtection({
    ...AT,
    branch: "main",
  });
  expect(policy).toMatchObject({ strict: true, contexts: ["ci", "lint"] });
  const { data: branch } = await bot.rest.repos.getBranch({ ...AT, branch: "main" });
  expect(branch).toMatchObject({ protected: true, commit: { sha } });
  const wendy = stage.user("wendy").rest.repos.deleteBranchProtection({ ...AT, branch: "main" });
  expect(await refusal(wendy)).toMatchObject({ status: 403 });
  await olga.rest.repos.deleteBranchProtection({ ...AT, branch: "main" });
  const gone = bot.rest.repos.getBranchProtection({ ...AT, branch: "main" });
  expect(await refusal(gone)).toMatchObject({ status: 404, message: "Branch not protected" });
});

test("no field of what an app reads is made up", () => {
  const invented = stage.hub.inventedFields().filter((f) => f.where.includes("/"));
  expect(invented).toEqual([]);
});
