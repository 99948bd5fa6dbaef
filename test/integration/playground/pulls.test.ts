import { afterAll, beforeAll, expect, test } from "vitest";
import { AT, newStage, REPO, refusal, type Stage } from "./stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await newStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

async function pullWith(branch: string, files: Record<string, string>): Promise<number> {
  const wendy = stage.hub.as("wendy");
  for (const [path, content] of Object.entries(files)) {
    await wendy.pushFile(REPO, { branch, path, content });
  }
  return (await wendy.openPull(REPO, { title: `From ${branch}`, head: branch })).number;
}

test("a pull request's numbers, files and commits come from git", async () => {
  const bot = await stage.bot();
  const number = await pullWith("facts", {
    "src/a.js": "one\nTWO\nthree\nfour\nfive\nsix\n",
    "new.txt": "n\n",
  });
  const { data } = await bot.rest.pulls.get({ ...AT, pull_number: number });
  expect(data).toMatchObject({
    commits: 2,
    changed_files: 2,
    additions: 3,
    deletions: 1,
    mergeable: true,
    mergeable_state: "clean",
    merged: false,
    head: { ref: "facts", label: "acme:facts" },
  });
  const files = await bot.rest.pulls.listFiles({ ...AT, pull_number: number });
  expect(files.data.map((f) => [f.filename, f.status, f.changes])).toEqual([
    ["new.txt", "added", 1],
    ["src/a.js", "modified", 3],
  ]);
  const commits = await bot.rest.pulls.listCommits({ ...AT, pull_number: number });
  expect(commits.data.map((c) => c.commit.message)).toEqual(["Update src/a.js", "Create new.txt"]);
  const diff = await bot.rest.pulls.get({
    ...AT,
    pull_number: number,
    mediaType: { format: "diff" },
  });
  expect(diff.data as unknown as string).toContain("+TWO");
  const asIssue = await bot.rest.issues.get({ ...AT, issue_number: number });
  expect(asIssue.data.pull_request?.url).toContain(`/pulls/${number}`);
});

test("creating one is refused with GitHub's reasons", async () => {
  const bot = await stage.bot();
  await pullWith("twice", { "twice.txt": "1\n" });
  const again = bot.rest.pulls.create({ ...AT, title: "x", head: "twice", base: "main" });
  expect(await refusal(again)).toMatchObject({ status: 422 });
  await again.catch((error: { response: { data: { errors: { message: string }[] } } }) => {
    const [first] = error.response.data.errors;
    expect(first?.message).toBe("A pull request already exists for acme:twice.");
  });
  const missing = bot.rest.pulls.create({ ...AT, title: "x", head: "nowhere", base: "main" });
  expect(await refusal(missing)).toMatchObject({ status: 422, message: "Validation Failed" });
  await stage.hub.as("wendy").createBranch(REPO, "same");
  const same = bot.rest.pulls.create({ ...AT, title: "x", head: "same", base: "main" });
  await same.catch((error: { response: { data: { errors: { message: string }[] } } }) => {
    expect(error.response.data.errors[0]?.message).toBe("No commits between main and same");
  });
});

test("a push to the head synchronizes it and keeps conversations on their lines", async () => {
  const wendy = stage.hub.as("wendy");
  const number = await pullWith("moving", { "src/a.js": "one\ntwo\nTHREE\nfour\nFIVE\n" });
  const before = (await stage.hub.code(REPO).resolve("moving")) ?? "";
  const olga = stage.hub.as("olga");
  const kept = await olga.commentOnLine(REPO, number, { path: "src/a.js", line: 3, body: "stay" });
  const lost = await olga.commentOnLine(REPO, number, { path: "src/a.js", line: 5, body: "go" });
  stage.heard.length = 0;
  await wendy.pushFile(REPO, {
    branch: "moving",
    path: "src/a.js",
    content: "zero\none\ntwo\nTHREE\nfour\nSIX\n",
  });
  await stage.hub.webhooks.idle();
  const sync = stage.heard.find((h) => h.action === "synchronize");
  expect(sync?.body).toMatchObject({ number, before, pull_request: { head: { ref: "moving" } } });
  const bot = await stage.bot();
  const stays = await bot.rest.pulls.getReviewComment({ ...AT, comment_id: kept.id });
  expect(stays.data).toMatchObject({
    line: 4,
    original_line: 3,
    diff_hunk: expect.stringContaining("+THREE"),
  });
  const gone = await bot.rest.pulls.getReviewComment({ ...AT, comment_id: lost.id });
  expect(gone.data).toMatchObject({
    line: null,
    position: null,
    original_line: 5,
    commit_id: before,
  });
  const outside = stage.hub
    .as("olga")
    .commentOnLine(REPO, number, { path: "README.md", line: 1, body: "x" });
  expect(await refusal(outside)).toMatchObject({ status: 422 });
});

test("drafts cannot be merged; made ready by GraphQL they can; the issue they close is closed", async () => {
  const bot = await stage.bot();
  const issue = await stage.hub.as("rob").openIssue(REPO, { title: "Wish" });
  await stage.hub.as("wendy").pushFile(REPO, { branch: "wish", path: "wish.txt", content: "w\n" });
  const { data: pull } = await bot.rest.pulls.create({
    ...AT,
    title: "Grant the wish",
    head: "wish",
    base: "main",
    draft: true,
    body: `Closes #${issue.number}`,
  });
  expect(pull).toMatchObject({ draft: true, user: { login: "helper[bot]", type: "Bot" } });
  const merge = { ...AT, pull_number: pull.number };
  expect(await refusal(bot.rest.pulls.merge(merge))).toMatchObject({
    status: 405,
    message: "Pull Request is still a work in progress",
  });
  const ready = await bot.graphql(
    "mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { isDraft number } } }",
    { id: pull.node_id },
  );
  expect(ready).toEqual({
    markPullRequestReadyForReview: { pullRequest: { isDraft: false, number: pull.number } },
  });
  expect(await refusal(bot.rest.pulls.merge({ ...merge, sha: "0".repeat(40) }))).toMatchObject({
    status: 409,
  });
  const merged = await bot.rest.pulls.merge(merge);
  expect(merged.data.merged).toBe(true);
  const commit = await stage.hub.code(REPO).commit("main");
  expect(commit).toMatchObject({
    sha: merged.data.sha,
    parents: [expect.any(String), pull.head.sha],
  });
  expect(commit?.message).toBe(
    `Merge pull request #${pull.number} from acme/wish\n\nGrant the wish`,
  );
  const closed = await bot.rest.issues.get({ ...AT, issue_number: issue.number });
  expect(closed.data).toMatchObject({ state: "closed", state_reason: "completed" });
  const after = await bot.rest.pulls.get(merge);
  expect(after.data).toMatchObject({
    merged: true,
    state: "closed",
    merged_by: { login: "helper[bot]" },
  });
});

test("squash and rebase make the commits they promise", async () => {
  const olga = stage.hub.as("olga");
  const squashed = await pullWith("squash", { "s1.txt": "1\n", "s2.txt": "2\n" });
  const one = await olga.merge(REPO, squashed, { method: "squash" });
  const commit = await stage.hub.code(REPO).commit(one);
  expect(commit?.parents).toHaveLength(1);
  expect(commit?.message).toBe(`From squash (#${squashed})\n\n* Create s1.txt\n\n* Create s2.txt`);
  const rebased = await pullWith("rebase", { "r1.txt": "1\n", "r2.txt": "2\n" });
  await olga.pushFile(REPO, { branch: "main", path: "meanwhile.txt", content: "m\n" });
  await olga.merge(REPO, rebased, { method: "rebase" });
  const log = await stage.hub.code(REPO).log("main", { limit: 3 });
  expect(log.map((c) => c.message)).toEqual([
    "Create r2.txt",
    "Create r1.txt",
    "Create meanwhile.txt",
  ]);
  expect(await stage.hub.code(REPO).file("main", "r2.txt")).toEqual(Buffer.from("2\n"));
});

test("a conflict is seen before merging and refuses it", async () => {
  const olga = stage.hub.as("olga");
  const number = await pullWith("conflict", { "README.md": "# Theirs\n" });
  await olga.pushFile(REPO, { branch: "main", path: "README.md", content: "# Ours\n" });
  const { data } = await stage.user("wendy").rest.pulls.get({ ...AT, pull_number: number });
  expect(data).toMatchObject({ mergeable: false, mergeable_state: "dirty" });
  expect(await refusal(olga.merge(REPO, number))).toMatchObject({
    status: 405,
    message: "Pull Request is not mergeable",
  });
});

test("required checks, approvals and an up-to-date head are demanded", async () => {
  const [wendy, olga, bot] = [stage.hub.as("wendy"), stage.hub.as("olga"), await stage.bot()];
  const number = await pullWith("ruled", { "ruled.txt": "1\n" });
  const at = { ...AT, pull_number: number };
  stage.hub.protectBranch(REPO, "main", {
    requiredChecks: [{ context: "ci", appId: stage.app.appId }],
    requiredApprovals: 1,
  });
  const refused = await refusal(wendy.merge(REPO, number));
  expect(refused).toMatchObject({
    status: 405,
    message: expect.stringContaining('"ci" is expected'),
  });
  const { data: pull } = await bot.rest.pulls.get(at);
  expect(pull.mergeable_state).toBe("blocked");
  const run = await bot.rest.checks.create({
    ...AT,
    name: "ci",
    head_sha: pull.head.sha,
    status: "in_progress",
  });
  await bot.rest.checks.update({ ...AT, check_run_id: run.data.id, conclusion: "success" });
  expect(await refusal(wendy.merge(REPO, number))).toMatchObject({
    message: "At least 1 approving review is required by reviewers with write access.",
  });
  await olga.review(REPO, number, { event: "APPROVE" });
  await expect(wendy.merge(REPO, number)).resolves.toMatch(/^[0-9a-f]{40}$/);
  stage.hub.protectBranch(REPO, "main", null);
});

test("deleting the head branch closes it; merging by hand marks it merged", async () => {
  const wendy = stage.hub.as("wendy");
  const deleted = await pullWith("delete-me", { "d.txt": "1\n" });
  await wendy.deleteBranch(REPO, "delete-me");
  const byHand = await pullWith("by-hand", { "h.txt": "1\n" });
  const tip = (await stage.hub.code(REPO).resolve("by-hand")) ?? "";
  await wendy.updateBranch(REPO, byHand).catch(() => undefined);
  await wendy.pushRef(REPO, "main", (await stage.hub.code(REPO).resolve("by-hand")) ?? tip);
  const user = stage.user("rob");
  const closed = await user.rest.pulls.get({ ...AT, pull_number: deleted });
  expect(closed.data).toMatchObject({ state: "closed", merged: false });
  const merged = await user.rest.pulls.get({ ...AT, pull_number: byHand });
  expect(merged.data).toMatchObject({ state: "closed", merged: true });
});

test("reopened it takes up its branch where that is now; without the branch it stays closed", async () => {
  const wendy = stage.hub.as("wendy");
  const number = await pullWith("reopened", { "o.txt": "1\n" });
  await wendy.close(REPO, number);
  const sha = await wendy.pushFile(REPO, { branch: "reopened", path: "o.txt", content: "2\n" });
  await wendy.reopen(REPO, number);
  const user = stage.user("rob");
  const open = await user.rest.pulls.get({ ...AT, pull_number: number });
  expect(open.data).toMatchObject({ state: "open", head: { sha } });
  await wendy.deleteBranch(REPO, "reopened");
  expect(await refusal(wendy.reopen(REPO, number))).toMatchObject({ status: 422 });
});
