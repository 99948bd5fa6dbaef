import { expect, test } from "vitest";
import { RunId, Sha } from "../../../src/domain/ids.ts";
import { bench, type Fault, repo } from "./fake-github.ts";

const status = { number: 3, marker: "orchestrate:status:1", body: "Working" };
const pull = { head: "orchestrate/3-x-r1/main", base: "main", title: "T", body: "B" };
const sha = Sha.parse("a".repeat(40));
const runId = RunId.parse("42-3-r1");
const check = {
  runId,
  headSha: sha,
  status: "in_progress" as const,
  title: "T",
  summary: "S",
  actions: [],
};

test("U1: a comment is made once and then edited in place, also after a restart", async () => {
  const { github, fake, restarted } = bench();
  const first = await github.putComment(repo, status);
  await github.putComment(repo, { ...status, body: "Testing" });
  const again = await restarted().github.putComment(repo, { ...status, body: "Done" });
  expect(fake.comments).toHaveLength(1);
  expect(fake.comments[0]?.["body"]).toBe("<!-- orchestrate:status:1 -->\nDone");
  expect(again).toEqual(first);
});

test("U1: writing the same again sends nothing", async () => {
  const { github, fake } = bench();
  await github.putComment(repo, status);
  const before = fake.sent().length;
  await github.putComment(repo, status);
  expect(fake.sent()).toHaveLength(before);
});

test("A marker that the body carries already is not written twice", async () => {
  const { github, fake } = bench();
  await github.putComment(repo, { ...status, body: "<!-- orchestrate:status:1 -->\nHi" });
  expect(fake.comments[0]?.["body"]).toBe("<!-- orchestrate:status:1 -->\nHi");
});

test("O-12: a marker in a person's or another app's comment does not count", async () => {
  const { github, fake } = bench();
  fake.addComment("<!-- orchestrate:status:1 -->\nforged", undefined);
  fake.addComment("<!-- orchestrate:status:1 -->\nforged", 8);
  await github.putComment(repo, status);
  expect(fake.comments.map((comment) => comment["body"])).toEqual([
    expect.stringContaining("forged"),
    expect.stringContaining("forged"),
    "<!-- orchestrate:status:1 -->\nWorking",
  ]);
});

test("A comment of ours that a person deleted is made anew", async () => {
  const { github, fake } = bench();
  await github.putComment(repo, status);
  fake.comments.length = 0;
  await github.putComment(repo, { ...status, body: "Later" });
  expect(fake.comments).toHaveLength(1);
});

const losses: Fault["answer"][] = [
  "reset",
  "cut",
  { status: 500 },
  { status: 502 },
  { status: 503 },
];

test.each(losses)(
  "F10, F11: an answer lost after the effect (%j) makes nothing twice",
  async (answer) => {
    const { github, fake } = bench();
    fake.faults.push({ on: "POST /repos/acme/shop/issues/3/comments", when: "after", answer });
    fake.faults.push({ on: "POST /repos/acme/shop/pulls", when: "after", answer });
    fake.faults.push({ on: "POST /repos/acme/shop/check-runs", when: "after", answer });
    await github.putComment(repo, status);
    await github.openPullRequest(repo, pull);
    await github.putCheckRun(repo, check);
    expect([fake.comments.length, fake.pulls.length, fake.checks.length]).toEqual([1, 1, 1]);
  },
);

test("F10: without reading back, the same loss makes a second comment", async () => {
  const { github, fake } = bench();
  fake.lagMs = Number.POSITIVE_INFINITY;
  fake.faults.push({
    on: "POST /repos/acme/shop/issues/3/comments",
    when: "after",
    answer: "reset",
  });
  await github.putComment(repo, status);
  expect(fake.comments).toHaveLength(2);
});

test("F14: the lost comment shows only after a lag of seconds, and is found", async () => {
  const { github, fake } = bench();
  fake.lagMs = 9_000;
  fake.faults.push({
    on: "POST /repos/acme/shop/issues/3/comments",
    when: "after",
    answer: "reset",
  });
  await github.putComment(repo, status);
  expect(fake.comments).toHaveLength(1);
});

test("F14: a list that lags behind our own comment makes no second one", async () => {
  const { github, fake, restarted } = bench();
  fake.lagMs = Number.POSITIVE_INFINITY;
  await github.putComment(repo, status);
  await restarted().github.putComment(repo, { ...status, body: "Later" });
  expect(fake.comments).toHaveLength(1);
});

test.each(losses)("F10: an answer lost before the effect (%j) is repeated", async (answer) => {
  const { github, fake } = bench();
  fake.faults.push({ on: "POST /repos/acme/shop/issues/3/comments", when: "before", answer });
  await github.putComment(repo, status);
  expect(fake.comments).toHaveLength(1);
});

test("F10: a write that fails for good is tried three times and no more", async () => {
  const { github, fake } = bench();
  fake.faults.push({ on: "issues/3/comments", when: "before", answer: { status: 502 }, times: 99 });
  fake.faults[0] = {
    on: "POST /repos/acme/shop/issues/3",
    when: "before",
    answer: { status: 502 },
    times: 99,
  };
  await expect(github.putComment(repo, status)).rejects.toMatchObject({ failureClass: "retry" });
  expect(fake.sent("POST")).toHaveLength(3);
});

test("F22: two at once make one comment and one pull request", async () => {
  const { github, fake } = bench();
  await Promise.all([github.putComment(repo, status), github.putComment(repo, status)]);
  const [a, b] = await Promise.all([
    github.openPullRequest(repo, pull),
    github.openPullRequest(repo, pull),
  ]);
  expect([fake.comments.length, fake.pulls.length]).toEqual([1, 1]);
  expect(a.number).toBe(b.number);
});

test("F21, F22: a pull request that exists is adopted, also when the list does not show it yet", async () => {
  const { github, fake, restarted } = bench();
  const first = await github.openPullRequest(repo, pull);
  expect(await restarted().github.openPullRequest(repo, pull)).toEqual(first);
  fake.lagMs = fake.clock.now() - Number(fake.pulls[0]?.["made"]) + 2_000;
  expect(await restarted().github.openPullRequest(repo, pull)).toEqual(first);
  expect(fake.pulls).toHaveLength(1);
});

test("T1: the pull request is a draft, and not where GitHub has no drafts", async () => {
  const { github, fake } = bench();
  expect(await github.openPullRequest(repo, pull)).toMatchObject({ draft: true, state: "open" });
  const body = { message: "Draft pull requests are not supported in this repository." };
  fake.faults.push({
    on: "POST /repos/acme/shop/pulls",
    when: "before",
    answer: { status: 422, body },
  });
  const other = { ...pull, head: "orchestrate/4-y-r1/main" };
  expect(await github.openPullRequest(repo, other)).toMatchObject({ draft: false });
});

test("T1: a draft becomes ready once; a ready one is left alone", async () => {
  const { github, fake } = bench();
  const { number } = await github.openPullRequest(repo, pull);
  await github.markReady(repo, number);
  await github.markReady(repo, number);
  expect((await github.pullRequest(repo, number)).draft).toBe(false);
  expect(fake.sent("POST").filter((sent) => sent === "POST /graphql")).toHaveLength(1);
});

test("T1: a refusal by GraphQL is told, not repeated", async () => {
  const { github, fake } = bench();
  const { number } = await github.openPullRequest(repo, pull);
  const body = { data: null, errors: [{ message: "Resource not accessible" }] };
  fake.faults.push({ on: "/graphql", when: "before", answer: { status: 200, body } });
  await expect(github.markReady(repo, number)).rejects.toMatchObject({ failureClass: "escalate" });
});

test("F13: a pull request that is not visible yet is read again", async () => {
  const { github, fake } = bench();
  const { number } = await github.openPullRequest(repo, pull);
  fake.faults.push({
    on: `GET /repos/acme/shop/pulls/${number}`,
    when: "before",
    answer: { status: 404 },
    times: 2,
  });
  expect((await github.pullRequest(repo, number)).number).toBe(number);
});

test("T5: one check run per run and commit, updated, with buttons within GitHub's limits", async () => {
  const { github, fake, restarted } = bench();
  const action = {
    label: "Cancel this run at once!",
    description: "d".repeat(50),
    identifier: "cancel",
  };
  await github.putCheckRun(repo, { ...check, actions: [action, action, action, action] });
  await restarted().github.putCheckRun(repo, {
    ...check,
    status: "completed",
    conclusion: "success",
  });
  expect(fake.checks).toHaveLength(1);
  expect(fake.checks[0]).toMatchObject({
    status: "completed",
    conclusion: "success",
    external_id: runId,
  });
  const made = fake.journal.find(
    ({ method, path }) => method === "POST" && path.endsWith("/check-runs"),
  );
  const actions = made?.body["actions"] as { label: string; description: string }[];
  expect(actions.map(({ label, description }) => [label.length, description.length])).toEqual([
    [20, 40],
    [20, 40],
    [20, 40],
  ]);
});

test("F23: a validation error is not repeated", async () => {
  const { github, fake } = bench();
  const body = { message: "Validation Failed", errors: [{ field: "head", code: "invalid" }] };
  fake.faults.push({
    on: "POST /repos/acme/shop/pulls",
    when: "before",
    answer: { status: 422, body },
    times: 9,
  });
  await expect(github.openPullRequest(repo, pull)).rejects.toMatchObject({
    failureClass: "escalate",
  });
  expect(fake.sent("POST")).toHaveLength(1);
});

test("T6: a reviewer whom GitHub refuses is no failure; another error is", async () => {
  const { github, fake } = bench();
  fake.faults.push({ on: "requested_reviewers", when: "before", answer: { status: 422 } });
  await github.requestReview(repo, 9, "author");
  await github.requestReview(repo, 9, "ann");
  fake.faults.push({ on: "requested_reviewers", when: "before", answer: { status: 403 } });
  await expect(github.requestReview(repo, 9, "ann")).rejects.toMatchObject({ status: 403 });
});
