import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { RunId, Sha } from "../../../src/domain/ids.ts";
import { inRequestScope } from "../../../src/github/request-count.ts";
import type { Fault } from "../../../src/playground/github/http/faults.ts";
import { BRANCH, newStage, REPO, type Stage } from "./stage.ts";

const run = promisify(execFile);

async function bodies(stage: Stage, number: number): Promise<string[]> {
  const answer = await fetch(`${stage.hub.url}/repos/${REPO}/issues/${number}/comments`, {
    headers: { authorization: `Bearer ${stage.hub.userToken("olga")}` },
  });
  return ((await answer.json()) as { body: string }[]).map(({ body }) => body);
}

async function headOf(stage: Stage): Promise<Sha> {
  return Sha.parse(await stage.hub.code(REPO).resolve(BRANCH));
}

const status = { marker: "orchestrate:status:1", body: "Working" };
const opening = { head: BRANCH, base: "main", title: "Rate limits", body: "Closes #1" };

test("U1: the status comment is one comment of the app, edited, also after a restart", async () => {
  await using stage = await newStage();
  const { github, issue, repo } = stage;
  const first = await github.putComment(repo, { number: issue, ...status });
  const again = await stage
    .restarted()
    .github.putComment(repo, { number: issue, ...status, body: "Done" });
  expect(again).toEqual(first);
  expect(await bodies(stage, issue)).toEqual(["<!-- orchestrate:status:1 -->\nDone"]);
});

test("O-12: a writer's comment with our marker is not taken for ours", async () => {
  await using stage = await newStage();
  await stage.hub.as("wendy").comment(REPO, stage.issue, "<!-- orchestrate:status:1 --> mine");
  await stage.github.putComment(stage.repo, { number: stage.issue, ...status });
  expect(await bodies(stage, stage.issue)).toEqual([
    "<!-- orchestrate:status:1 --> mine",
    "<!-- orchestrate:status:1 -->\nWorking",
  ]);
});

test("The issue, the default branch and permissions are read as GitHub has them", async () => {
  await using stage = await newStage();
  const { github, repo, issue } = stage;
  expect(await github.issue(repo, issue)).toMatchObject({
    title: "Rate limits",
    body: "Add them.",
    author: "rob",
    state: "open",
    locked: false,
    isPullRequest: false,
  });
  expect(await github.defaultBranch(repo)).toBe("main");
  const asked = ["olga", "wendy", "rob", "nobody"].map(
    async (login) => await github.permissionOf(repo, login),
  );
  expect(await Promise.all(asked)).toEqual(["admin", "write", "read", "unknown"]);
});

test("T1, T6: a draft is opened, adopted, described, marked ready, and its review requested", async () => {
  await using stage = await newStage();
  const { github, repo } = stage;
  const opened = await github.openPullRequest(repo, opening);
  expect(opened).toMatchObject({ draft: true, state: "open", headSha: await headOf(stage) });
  const { mergeable: _lists_do_not_tell, ...lasting } = opened;
  expect(await stage.restarted().github.openPullRequest(repo, opening)).toEqual(lasting);
  await github.updatePullRequestBody(repo, opened.number, "Closes #1. Better words.");
  await github.requestReview(repo, opened.number, "wendy");
  await github.markReady(repo, opened.number);
  await github.markReady(repo, opened.number);
  expect(await github.pullRequest(repo, opened.number)).toMatchObject({
    draft: false,
    state: "open",
  });
  const answer = await fetch(`${stage.hub.url}/repos/${REPO}/pulls/${opened.number}`, {
    headers: { authorization: `Bearer ${stage.hub.userToken("olga")}` },
  });
  expect(await answer.json()).toMatchObject({
    body: "Closes #1. Better words.",
    requested_reviewers: [{ login: "wendy" }],
  });
  await stage.hub.as("olga").merge(REPO, opened.number);
  expect((await github.pullRequest(repo, opened.number)).state).toBe("merged");
});

test("T5: one check run with buttons stands on the commit and is updated", async () => {
  await using stage = await newStage();
  const check = {
    runId: RunId.parse("1-1-r1"),
    headSha: await headOf(stage),
    title: "Working",
    summary: "2 of 3",
    actions: [{ label: "Cancel", description: "Stop this run", identifier: "cancel" }],
  };
  await stage.github.putCheckRun(stage.repo, { ...check, status: "in_progress" });
  await stage.restarted().github.putCheckRun(stage.repo, {
    ...check,
    status: "completed",
    conclusion: "success",
    title: "Done",
  });
  const answer = await fetch(`${stage.hub.url}/repos/${REPO}/commits/${check.headSha}/check-runs`, {
    headers: { authorization: `Bearer ${stage.hub.userToken("olga")}` },
  });
  expect(await answer.json()).toMatchObject({
    total_count: 1,
    check_runs: [
      {
        external_id: "1-1-r1",
        status: "completed",
        conclusion: "success",
        output: { title: "Done" },
      },
    ],
  });
});

test("R3: a reaction given twice stands once", async () => {
  await using stage = await newStage();
  const comment = await stage.hub.as("wendy").comment(REPO, stage.issue, "/orchestrate");
  await stage.github.react(stage.repo, comment.id, "eyes");
  await stage.github.react(stage.repo, comment.id, "eyes");
  const answer = await fetch(
    `${stage.hub.url}/repos/${REPO}/issues/comments/${comment.id}/reactions`,
    {
      headers: { authorization: `Bearer ${stage.hub.userToken("olga")}` },
    },
  );
  expect(await answer.json()).toMatchObject([{ content: "eyes" }]);
});

const losses: Partial<Fault>[] = [
  { reset: true },
  { status: 500 },
  { status: 502 },
  { status: 503 },
];

test.each(losses)(
  "F10, F11: with answers lost after the effect (%j) nothing is made twice",
  async (loss) => {
    await using stage = await newStage();
    const { github, hub, repo, issue } = stage;
    for (const operationId of [
      "issues/create-comment",
      "pulls/create",
      "checks/create",
      "reactions/create-for-issue-comment",
      "issues/update-comment",
    ])
      hub.faults.inject({ operationId, when: "after", ...loss });
    const { id } = await github.putComment(repo, { number: issue, ...status });
    await github.putComment(repo, { number: issue, ...status, body: "Testing" });
    await github.react(repo, id, "rocket");
    await github.openPullRequest(repo, opening);
    await github.putCheckRun(repo, {
      runId: RunId.parse("1-1-r1"),
      headSha: await headOf(stage),
      status: "queued",
      title: "T",
      summary: "S",
      actions: [],
    });
    expect(await bodies(stage, issue)).toEqual(["<!-- orchestrate:status:1 -->\nTesting"]);
    const creations = hub.journal
      .requests()
      .filter(
        ({ operationId }) =>
          operationId === "pulls/create" ||
          operationId === "checks/create" ||
          operationId === "issues/create-comment",
      );
    expect(creations).toHaveLength(3);
  },
);

test("F14: a list that lags makes no second comment", async () => {
  await using stage = await newStage();
  await stage.github.putComment(stage.repo, { number: stage.issue, ...status });
  stage.hub.faults.inject({ operationId: "issues/list-comments", dropNewest: 1, times: 5 });
  await stage
    .restarted()
    .github.putComment(stage.repo, { number: stage.issue, ...status, body: "Later" });
  stage.hub.faults.clear();
  expect(await bodies(stage, stage.issue)).toHaveLength(1);
});

test("S-13: a token works for git in its repository, with its permission, and not after use", async () => {
  await using stage = await newStage();
  const { hub, tokens, repo } = stage;
  await hub.createRepository({
    owner: "acme",
    name: "other",
    private: true,
    from: { "a.txt": "a\n" },
  });
  async function lsRemote(name: string, token: string): Promise<string> {
    const url = `${hub.url.replace("http://", `http://x-access-token:${token}@`)}/acme/${name}.git`;
    const env = {
      PATH: process.env["PATH"] ?? "",
      GIT_TERMINAL_PROMPT: "0",
      GIT_CONFIG_NOSYSTEM: "1",
      HOME: "/nonexistent",
    };
    return (await run("git", ["ls-remote", url], { env })).stdout;
  }
  const token = await tokens.withToken(repo, { contents: "read" }, async (granted) => {
    expect(await lsRemote("shop", granted.reveal())).toContain(BRANCH);
    await expect(lsRemote("other", granted.reveal())).rejects.toThrow();
    return granted.reveal();
  });
  await expect(lsRemote("shop", token)).rejects.toThrow();
});

test("F16: a suspended or removed installation is told as lost access", async () => {
  await using stage = await newStage();
  const { hub, tokens, repo } = stage;
  async function push(): Promise<void> {
    await tokens.withToken(repo, { contents: "write" }, async () => {});
  }
  await hub.changeInstallation(repo.installationId, { suspended: true });
  await expect(push()).rejects.toMatchObject({ failureClass: "stop" });
  await hub.uninstall(repo.installationId);
  await expect(push()).rejects.toMatchObject({ failureClass: "stop" });
});

test("F17: a permission that was taken away is named before anything is spent", async () => {
  await using stage = await newStage();
  await stage.hub.changeInstallation(stage.repo.installationId, {
    permissions: { metadata: "read", issues: "write" },
  });
  const push = stage.tokens.withToken(stage.repo, { contents: "write" }, async () => {});
  await expect(push).rejects.toThrow(/may not have contents: write on acme\/shop/);
});

test("F12: after a rename the old name still leads to the repository", async () => {
  await using stage = await newStage();
  await stage.hub.renameRepository(REPO, "store");
  expect(await stage.github.issue(stage.repo, stage.issue)).toMatchObject({ title: "Rate limits" });
  await stage.github.putComment(stage.repo, { number: stage.issue, ...status });
});

test("F15: a token that GitHub forgot is minted anew without anybody noticing", async () => {
  await using stage = await newStage();
  await stage.github.issue(stage.repo, stage.issue);
  stage.hub.faults.inject({
    operationId: "issues/get",
    status: 401,
    body: { message: "Bad credentials" },
  });
  expect((await stage.github.issue(stage.repo, stage.issue)).number).toBe(stage.issue);
});

test("U7: what we count is what GitHub received", async () => {
  await using stage = await newStage();
  const { github, counts, hub, repo, issue } = stage;
  const runId = RunId.parse("1-1-r1");
  hub.journal.clear();
  await inRequestScope({ counts, runId }, async () => {
    await github.putComment(repo, { number: issue, ...status });
    await github.putComment(repo, { number: issue, ...status, body: "Done" });
    const { number } = await github.openPullRequest(repo, opening);
    await github.markReady(repo, number);
  });
  const received = hub.journal.counts();
  expect(await github.requestCount(runId)).toEqual({
    total: received.total,
    contentCreating: received.contentCreating,
    edits: 1,
  });
});

test("The app knows itself by its key, and a key of another app does not do", async () => {
  await using stage = await newStage();
  const { hub, app } = stage;
  expect(await stage.whoAmI()).toEqual({ id: app.appId, slug: "orchestrator", owner: "acme" });
  const other = hub.createApp({ slug: "other", owner: "acme", permissions: {}, events: [] });
  await expect(stage.connectedAs(other.privateKeyPem).whoAmI()).rejects.toMatchObject({
    status: 401,
  });
});
