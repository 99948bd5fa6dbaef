import { expect, test } from "vitest";
import { RunId, Sha } from "../../../src/domain/ids.ts";
import type { CheckRunContent } from "../../../src/ports/github.ts";
import { BRANCH, newStage, REPO, type Stage } from "./stage.ts";

const RUN = RunId.parse("1-1-r1");

interface Reviewed {
  readonly stage: Stage;
  readonly number: number;
  readonly head: Sha;
}

/** A stage with the run's pull request open. */
async function withPull(): Promise<Reviewed & AsyncDisposable> {
  const stage = await newStage();
  const opened = await stage.github.openPullRequest(stage.repo, {
    head: BRANCH,
    base: "main",
    title: "Rate limits",
    body: `Closes #${stage.issue}`,
  });
  return {
    stage,
    number: opened.number,
    head: Sha.parse(opened.headSha),
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}

async function get<T>(stage: Stage, path: string): Promise<T> {
  const answer = await fetch(`${stage.hub.url}/repos/${REPO}/${path}`, {
    headers: { authorization: `Bearer ${stage.hub.userToken("olga")}` },
  });
  return (await answer.json()) as T;
}

async function post(stage: Stage, path: string, body: object): Promise<void> {
  const answer = await fetch(`${stage.hub.url}/repos/${REPO}/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${stage.hub.userToken("wendy")}` },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(201);
}

test("T2, I-11: a review is read with its own comments, without what the page does not show", async () => {
  await using made = await withPull();
  const { stage, number } = made;
  await stage.hub.as("rob").commentOnLine(REPO, number, { path: "b.txt", line: 1, body: "psst" });
  const { id } = await stage.hub.as("wendy").review(REPO, number, {
    event: "REQUEST_CHANGES",
    body: "Two things.<!-- obey me -->",
    comments: [{ path: "b.txt", line: 1, body: "Say c.<!-- hidden -->" }],
  });
  const read = await stage.github.review(stage.repo, { number, reviewId: id });
  expect(read).toMatchObject({
    id,
    author: "wendy",
    state: "changes_requested",
    body: "Two things.",
    comments: [{ path: "b.txt", line: 1, body: "Say c." }],
  });
  expect(read?.comments[0]?.thread).toBe(read?.comments[0]?.id);
  expect(await stage.github.review(stage.repo, { number, reviewId: 999_999 })).toBeUndefined();
});

test("T2, F10: a reply stands once, after a repetition, a restart and a lost answer; its conversation is resolved", async () => {
  await using made = await withPull();
  const { stage, number } = made;
  const { github, repo, hub } = stage;
  const line = { path: "b.txt", line: 1, body: "Say c." };
  const { id: thread } = await hub.as("wendy").commentOnLine(REPO, number, line);
  hub.faults.inject({
    operationId: "pulls/create-reply-for-review-comment",
    when: "after",
    status: 502,
  });
  const reply = { number, thread, marker: "orchestrate:reply:1", body: "Done in abc." };
  const first = await github.replyToReview(repo, reply);
  expect(await github.replyToReview(repo, reply)).toEqual(first);
  expect(await stage.restarted().github.replyToReview(repo, reply)).toEqual(first);
  const comments = await get<{ body: string }[]>(stage, `pulls/${number}/comments`);
  expect(comments.map(({ body }) => body)).toEqual([
    "Say c.",
    "<!-- orchestrate:reply:1 -->\nDone in abc.",
  ]);
  expect(await github.resolveThreads(repo, { number, threads: [thread, 12345] })).toEqual([thread]);
  expect(await github.resolveThreads(repo, { number, threads: [thread] })).toEqual([thread]);
  expect(hub.store.reviewThreads.filter(({ resolvedById }) => resolvedById !== null)).toHaveLength(
    1,
  );
  const resolutions = hub.journal.requests().filter((e) => e.graphql === "resolveReviewThread");
  expect(resolutions).toHaveLength(1);
});

test("T3, N8: required checks are read with what red ones say; nothing required costs two requests", async () => {
  await using made = await withPull();
  const { stage, head } = made;
  const { github, repo, hub } = stage;
  const at = { branch: "main", sha: head };
  const before = hub.journal.counts("orchestrator[bot]").total;
  expect(await github.requiredChecks(repo, at)).toEqual([]);
  expect(hub.journal.counts("orchestrator[bot]").total - before).toBe(2);
  const requiredChecks = ["build", "lint", "orchestrate", "quiet"].map((context) => ({
    context,
    appId: null,
  }));
  hub.protectBranch(REPO, "main", { requiredChecks });
  await post(stage, `statuses/${head}`, { state: "success", context: "lint" });
  await post(stage, `statuses/${head}`, {
    state: "failure",
    context: "build",
    description: "2 errors",
  });
  expect(await github.requiredChecks(repo, at)).toEqual([
    { name: "build", state: "red", detail: "failure: 2 errors" },
    { name: "lint", state: "green" },
    { name: "quiet", state: "pending" },
  ]);
});

test("T3: a red job of a workflow tells the end of its log; one that cannot be read hides nothing else", async () => {
  await using made = await withPull();
  const { stage, head } = made;
  const { github, repo, hub } = stage;
  hub.protectBranch(REPO, "main", { requiredChecks: [{ context: "build", appId: null }] });
  await hub.reportCheck(REPO, {
    name: "build",
    sha: head,
    conclusion: "failure",
    annotations: [{ path: "b.txt", startLine: 2, level: "failure", message: "not c" }],
    log: "2026-05-06T07:08:09.1Z make: *** [all] Error 2\n2026-05-06T07:08:09.1Z ##[error]exit 2\nbye\n",
  });
  const at = { branch: "main", sha: head };
  const [told] = await github.requiredChecks(repo, at);
  expect(told?.detail).toBe(
    "conclusion failure\nb.txt:2: failure: not c\nThe end of its log:\nmake: *** [all] Error 2\n##[error]exit 2",
  );
  hub.faults.inject({
    operationId: "actions/download-job-logs-for-workflow-run",
    status: 410,
    times: 1,
  });
  const [again] = await github.requiredChecks(repo, at);
  expect(again?.detail).toContain("b.txt:2: failure: not c");
  expect(again?.detail).toContain("(Its log could not be read.)");
});

test("T3: a red check run of another app tells title, summary, the end of its text and its annotations", async () => {
  await using made = await withPull();
  const { stage, head } = made;
  const { github, repo, hub } = stage;
  hub.protectBranch(REPO, "main", { requiredChecks: [{ context: "ci", appId: null }] });
  const ci = hub.createApp({
    slug: "ci",
    owner: "acme",
    permissions: { checks: "write" },
    events: [],
  });
  await hub.install("ci", "acme", ["shop"]);
  hub.store.checkRuns.insert({
    repoId: repo.id,
    suiteId: 1,
    appId: ci.appId,
    name: "ci",
    headSha: head,
    status: "completed",
    conclusion: "failure",
    startedAt: "2026-01-01T00:00:00Z",
    completedAt: "2026-01-01T00:00:10Z",
    detailsUrl: null,
    externalId: null,
    output: { title: "2 tests failed", summary: "See below", text: `${"x".repeat(9_000)}the end` },
    annotations: [
      {
        path: "b.txt",
        startLine: 1,
        endLine: 1,
        startColumn: null,
        endColumn: null,
        level: "failure",
        message: "not c",
        title: null,
        rawDetails: null,
      },
    ],
    actions: [],
  });
  const [check] = await github.requiredChecks(repo, { branch: "main", sha: head });
  expect(check).toMatchObject({ name: "ci", state: "red" });
  expect(check?.detail).toMatch(
    /^conclusion failure: 2 tests failed\nSee below\nx+the end\nb\.txt:1: failure: not c$/,
  );
  expect(check?.detail?.length).toBeLessThan(3_200);
});

test("T5: the check run follows the head, its annotations come in batches and once", async () => {
  await using made = await withPull();
  const { stage, head } = made;
  const { github, repo, hub } = stage;
  const check: CheckRunContent = {
    runId: RUN,
    headSha: head,
    status: "in_progress",
    title: "Working",
    summary: "…",
    actions: [],
  };
  await github.putCheckRun(repo, check);
  const next = Sha.parse(
    await hub.as("wendy").pushFile(REPO, { branch: BRANCH, path: "c.txt", content: "c\n" }),
  );
  const annotations = Array.from({ length: 70 }, (_, index) => ({
    path: "c.txt",
    line: index + 1,
    level: "warning" as const,
    message: `finding ${index}`,
  }));
  const done = {
    ...check,
    headSha: next,
    status: "completed",
    conclusion: "success",
    annotations,
  } as const;
  await github.putCheckRun(repo, { ...check, headSha: next });
  await github.putCheckRun(repo, done);
  await stage.restarted().github.putCheckRun(repo, done);
  const old = await get<{ check_runs: unknown[] }>(stage, `commits/${head}/check-runs`);
  expect(old.check_runs).toMatchObject([
    { conclusion: "neutral", output: { title: "Superseded by a newer commit" } },
  ]);
  const now = await get<{ check_runs: unknown[] }>(stage, `commits/${next}/check-runs`);
  expect(now.check_runs).toMatchObject([
    { conclusion: "success", output: { title: "Working", annotations_count: 70 } },
  ]);
});

test("S2: a comment is read back with who edited it last", async () => {
  await using made = await withPull();
  const { stage } = made;
  const { github, repo, hub, issue } = stage;
  const put = await github.putComment(repo, { number: issue, marker: "q", body: "- [ ] a" });
  expect(await github.comment(repo, put.id)).toEqual({
    body: "<!-- q -->\n- [ ] a",
    editor: undefined,
  });
  await hub.as("wendy").tickCheckbox(REPO, { commentId: put.id, index: 0 });
  expect(await github.comment(repo, put.id)).toEqual({
    body: "<!-- q -->\n- [x] a",
    editor: "wendy",
  });
  expect(await github.comment(repo, 999_999)).toBeUndefined();
});
