import { afterAll, beforeAll, expect, test } from "vitest";
import { AT, FILES, newStage, REPO, refusal, type Stage } from "./stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await newStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

test("commits, branches, trees, blobs, tags and the readme are read from git", async () => {
  const bot = await stage.bot();
  const sha = await stage.hub
    .as("wendy")
    .pushFile(REPO, { branch: "main", path: "n.txt", content: "n\n" });
  const log = await bot.rest.repos.listCommits({ ...AT, per_page: 1 });
  expect(log.data).toMatchObject([
    { sha, author: { login: "wendy" }, commit: { message: "Create n.txt" } },
  ]);
  expect((await bot.rest.repos.listCommits({ ...AT, path: "README.md" })).data).toHaveLength(1);
  const { data: commit } = await bot.rest.repos.getCommit({ ...AT, ref: "main" });
  expect(commit).toMatchObject({
    stats: { total: 1 },
    files: [{ filename: "n.txt", patch: "@@ -0,0 +1 @@\n+n" }],
  });
  const heads = await bot.rest.repos.listBranchesForHeadCommit({ ...AT, commit_sha: sha });
  expect(heads.data.map((b) => b.name)).toEqual(["main"]);
  expect((await bot.rest.repos.listBranches(AT)).data.map((b) => b.name)).toEqual(["main"]);
  expect((await bot.rest.repos.getBranchRules({ ...AT, branch: "main" })).data).toEqual([]);
  const { data: tree } = await bot.rest.git.getTree({ ...AT, tree_sha: "main", recursive: "1" });
  expect(tree.tree.map((t) => t.path)).toEqual(["README.md", "n.txt", "src", "src/a.js"]);
  const file_sha = tree.tree.find((t) => t.path === "src/a.js")?.sha ?? "";
  const { data: blob } = await bot.rest.git.getBlob({ ...AT, file_sha });
  expect(atob(blob.content.replaceAll("\n", ""))).toBe(FILES["src/a.js"]);
  const tagged = await bot.rest.git.createTag({
    ...AT,
    tag: "v1",
    message: "One",
    object: sha,
    type: "commit",
  });
  await bot.rest.git.createRef({ ...AT, ref: "refs/tags/v1", sha: tagged.data.sha });
  const { data: tag } = await bot.rest.git.getTag({ ...AT, tag_sha: tagged.data.sha });
  expect(tag).toMatchObject({ tag: "v1", message: "One", object: { sha, type: "commit" } });
  expect((await bot.rest.repos.getReadme(AT)).data.path).toBe("README.md");
  expect(await refusal(bot.rest.repos.getCommit({ ...AT, ref: "nowhere" }))).toMatchObject({
    status: 422,
  });
  const tricky = bot.rest.repos.getCommit({ ...AT, ref: "main~1" });
  expect(await refusal(tricky)).toMatchObject({ status: 422 });
});

test("check runs are found by commit, name, app and suite; suites can be asked for anew", async () => {
  const bot = await stage.bot();
  const head_sha = (await stage.hub.code(REPO).resolve("main")) ?? "";
  for (const conclusion of ["failure", "success"] as const) {
    await bot.rest.checks.create({ ...AT, name: "unit", head_sha, conclusion });
  }
  await bot.rest.checks.create({ ...AT, name: "lint", head_sha, status: "in_progress" });
  const at = { ...AT, ref: "main" };
  const latest = await bot.rest.checks.listForRef(at);
  expect(latest.data.check_runs.map((r) => [r.name, r.conclusion])).toEqual([
    ["unit", "success"],
    ["lint", null],
  ]);
  expect((await bot.rest.checks.listForRef({ ...at, filter: "all" })).data.total_count).toBe(3);
  const one = await bot.rest.checks.listForRef({
    ...at,
    check_name: "lint",
    status: "in_progress",
  });
  const [run] = one.data.check_runs;
  const check_run_id = run?.id ?? 0;
  expect((await bot.rest.checks.get({ ...AT, check_run_id })).data.app?.slug).toBe("helper");
  const suites = await bot.rest.checks.listSuitesForRef(at);
  const check_suite_id = suites.data.check_suites[0]?.id ?? 0;
  expect(suites.data.check_suites).toMatchObject([
    { status: "in_progress", head_sha, app: { slug: "helper" } },
  ]);
  expect((await bot.rest.checks.getSuite({ ...AT, check_suite_id })).data.id).toBe(check_suite_id);
  expect((await bot.rest.checks.listForSuite({ ...AT, check_suite_id })).data.total_count).toBe(2);
  expect((await bot.rest.checks.createSuite({ ...AT, head_sha })).status).toBe(200);
  await stage.hub.webhooks.idle();
  stage.heard.length = 0;
  await stage.user("wendy").rest.checks.rerequestRun({ ...AT, check_run_id });
  await stage.user("wendy").rest.checks.rerequestSuite({ ...AT, check_suite_id });
  await stage.hub.webhooks.idle();
  expect(stage.names()).toEqual(["check_run.rerequested", "check_suite.rerequested"]);
  const person = stage.user("wendy").rest.checks.create({ ...AT, name: "x", head_sha });
  expect(await refusal(person)).toMatchObject({
    status: 403,
    message: "You must authenticate via a GitHub App.",
  });
  const statuses = await bot.rest.repos.createCommitStatus({
    ...AT,
    sha: head_sha,
    state: "success",
  });
  const listed = await bot.rest.repos.listCommitStatusesForRef(at);
  expect(listed.data.map((s) => s.id)).toEqual([statuses.data.id]);
});

test("a pending review is its author's until submitted", async () => {
  const [wendy, olga, rob] = [stage.hub.as("wendy"), stage.user("olga"), stage.user("rob")];
  await wendy.pushFile(REPO, { branch: "pending", path: "p.txt", content: "a\nb\nc\n" });
  const { number } = await wendy.openPull(REPO, { title: "Pending", head: "pending" });
  const at = { ...AT, pull_number: number };
  const { data: review } = await olga.rest.pulls.createReview({
    ...at,
    comments: [
      { path: "p.txt", line: 3, side: "RIGHT", start_line: 1, start_side: "RIGHT", body: "all" },
    ],
  });
  expect(review.state).toBe("PENDING");
  expect((await rob.rest.pulls.listReviews(at)).data).toEqual([]);
  expect((await rob.rest.pulls.listReviewComments(at)).data).toEqual([]);
  const hidden = rob.rest.pulls.getReview({ ...at, review_id: review.id });
  expect(await refusal(hidden)).toMatchObject({ status: 404 });
  const sent = await olga.rest.pulls.submitReview({
    ...at,
    review_id: review.id,
    event: "COMMENT",
    body: "Look",
  });
  expect(sent.data).toMatchObject({ state: "COMMENTED", body: "Look" });
  const changed = await olga.rest.pulls.updateReview({
    ...at,
    review_id: review.id,
    body: "Look!",
  });
  expect(changed.data.body).toBe("Look!");
  const { data: comments } = await rob.rest.pulls.listReviewCommentsForRepo(AT);
  expect(comments).toMatchObject([{ path: "p.txt", line: 3, start_line: 1, body: "all" }]);
  const again = await olga.rest.pulls.createReview(at);
  await olga.rest.pulls.deletePendingReview({ ...at, review_id: again.data.id });
  expect((await olga.rest.pulls.listReviews(at)).data).toHaveLength(1);
});

test("review comments are made, answered, changed, reacted to and deleted", async () => {
  const [wendy, bot] = [stage.hub.as("wendy"), await stage.bot()];
  await wendy.pushFile(REPO, {
    branch: "lines",
    path: "src/a.js",
    content: "one\nTWO\nthree\nfour\nfive\n",
  });
  const { number } = await wendy.openPull(REPO, { title: "Lines", head: "lines" });
  const at = { ...AT, pull_number: number };
  const commit_id = (await stage.hub.code(REPO).resolve("lines")) ?? "";
  const { data: comment } = await bot.rest.pulls.createReviewComment({
    ...at,
    commit_id,
    path: "src/a.js",
    line: 2,
    side: "LEFT",
    body: "gone?",
  });
  expect(comment).toMatchObject({
    side: "LEFT",
    line: 2,
    diff_hunk: expect.stringMatching(/-two$/),
  });
  const whole = await bot.rest.pulls.createReviewComment({
    ...at,
    commit_id,
    path: "src/a.js",
    subject_type: "file",
    body: "file",
  });
  expect(whole.data).toMatchObject({ subject_type: "file", path: "src/a.js" });
  await bot.rest.pulls.createReviewComment({
    ...at,
    in_reply_to: comment.id,
    body: "yes",
  } as never);
  await bot.rest.pulls.updateReviewComment({ ...AT, comment_id: comment.id, body: "gone!" });
  const on = { ...AT, comment_id: comment.id };
  const { data: up } = await bot.rest.reactions.createForPullRequestReviewComment({
    ...on,
    content: "+1",
  });
  expect((await bot.rest.reactions.listForPullRequestReviewComment(on)).data).toHaveLength(1);
  await bot.rest.reactions.deleteForPullRequestComment({ ...on, reaction_id: up.id });
  const all = await bot.rest.pulls.listReviewComments(at);
  expect(all.data.map((c) => [c.body, c.in_reply_to_id])).toEqual([
    ["gone!", undefined],
    ["file", undefined],
    ["yes", comment.id],
  ]);
  await bot.rest.pulls.deleteReviewComment(on);
  expect(await refusal(bot.rest.pulls.getReviewComment(on))).toMatchObject({ status: 404 });
});

test("a pull request is changed, updated from its base, and found by its commits", async () => {
  const [wendy, user] = [stage.hub.as("wendy"), stage.user("wendy")];
  const sha = await wendy.pushFile(REPO, { branch: "upd", path: "u.txt", content: "u" });
  const { number } = await wendy.openPull(REPO, { title: "Upd", head: "upd" });
  const at = { ...AT, pull_number: number };
  await wendy.pushFile(REPO, { branch: "main", path: "base.txt", content: "b" });
  expect((await user.rest.pulls.updateBranch(at)).status).toBe(202);
  expect(
    (await user.rest.repos.compareCommits({ ...AT, base: "main", head: "upd" })).data.behind_by,
  ).toBe(0);
  expect(await refusal(user.rest.pulls.updateBranch(at))).toMatchObject({ status: 422 });
  const changed = await user.rest.pulls.update({ ...at, title: "Updated", body: "text" });
  expect(changed.data).toMatchObject({ title: "Updated", body: "text", commits: 2 });
  await wendy.requestReview(REPO, number, ["olga"]);
  const cleared = await user.rest.pulls.removeRequestedReviewers({ ...at, reviewers: ["olga"] });
  expect(cleared.data.requested_reviewers).toEqual([]);
  const stranger = user.rest.pulls.requestReviewers({ ...at, reviewers: ["nobody"] });
  expect(await refusal(stranger)).toMatchObject({ status: 422 });
  expect(await refusal(user.rest.pulls.checkIfMerged(at))).toMatchObject({ status: 404 });
  const found = await user.rest.repos.listPullRequestsAssociatedWithCommit({
    ...AT,
    commit_sha: sha,
  });
  expect(found.data.map((p) => p.number)).toEqual([number]);
  await wendy.merge(REPO, number);
  expect((await user.rest.pulls.checkIfMerged(at)).status).toBe(204);
});
