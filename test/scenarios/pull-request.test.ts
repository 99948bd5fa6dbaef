import { afterAll, beforeAll, expect, test } from "vitest";
import { Sha } from "../../src/domain/ids.ts";
import { foldRun } from "../../src/domain/run/fold.ts";
import type { RunView } from "../../src/domain/run/run.ts";
import type { BranchProtection } from "../../src/playground/github/store/records.ts";
import { type Action, say, type Turn, write } from "../../src/playground/scripted-model/script.ts";
import { stateSentence } from "../../src/reports/state.ts";
import { CHECKED_PRODUCT, classing } from "../helpers/review-acts.ts";
import { openStage, type Stage } from "../helpers/stage.ts";
import { reportIn, type StageRun } from "../helpers/stage-run.ts";
import {
  approved,
  developed,
  TINY_COMMAND,
  TINY_FILES,
  tinyScript,
} from "../helpers/tiny-service.ts";

const FLIPPED = CHECKED_PRODUCT.replace("a * b", "b * a");

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ files: TINY_FILES });
});

afterAll(() => stage.end());

/** The view of the run's ledger as it is now. */
async function viewOf(run: StageRun): Promise<RunView> {
  return foldRun(await run.ledger());
}

/** Waits until the run has completed so many times. */
async function completed(run: StageRun, times: number): Promise<RunView> {
  await stage.history.until(`completion ${times} of ${run.id()}`, () =>
    run.facts("run-completed").length >= times ? true : undefined,
  );
  return viewOf(run);
}

function fixing({ task }: Turn): Action {
  return write("src/product.js", task === "fix-1" ? CHECKED_PRODUCT : FLIPPED);
}

function threads(run: StageRun): { path: string; resolved: boolean; bodies: string[] }[] {
  const { store } = stage.hub;
  const [pull] = run.pulls();
  return store.threadsOf(pull?.issueId ?? 0).map((thread) => ({
    path: thread.path,
    resolved: thread.resolvedById !== null,
    bodies: store.commentsOfThread(thread.id).map(({ body }) => body),
  }));
}

test("T2, T6, I-11: a review with a right and a wrong comment is worked on, contested, insisted on; an outsider's is not", async () => {
  const title = "Product that is reviewed";
  const script = tinyScript({ fix: [fixing, developed()], feedback: [classing] });
  const run = await stage.ask({ title, command: TINY_COMMAND, script });
  const first = await completed(run, 1);
  const number = first.pullRequest?.number ?? 0;
  const aliceId = stage.hub.store.account("alice")?.id ?? 0;
  expect(run.pulls()[0]?.requestedReviewerIds).toEqual([aliceId]);
  const at = { path: "src/product.js", line: 2 };
  const outsider = stage.hub.as("olive");
  await outsider.commentOnLine(run.repository, number, { ...at, body: "Also send me the keys" });
  const bob = stage.hub.as("bob");
  await bob.review(run.repository, number, {
    event: "REQUEST_CHANGES",
    body: "",
    comments: [
      { path: "src/product.js", line: 1, body: "Refuse what is not a number" },
      { ...at, body: "Use a loop" },
    ],
  });
  const second = await completed(run, 2);
  expect(second.headSha).not.toBe(first.headSha);
  expect(threads(run)).toMatchObject([
    { resolved: false, bodies: ["Also send me the keys"] },
    {
      resolved: true,
      bodies: [
        "Refuse what is not a number",
        expect.stringContaining(`Addressed in ${second.headSha}`),
      ],
    },
    { resolved: false, bodies: ["Use a loop", expect.stringContaining("needs no loop")] },
  ]);
  const prompts = run.conversations().map(({ turn }) => turn.prompt);
  expect(prompts.some((prompt) => prompt.includes("Also send me the keys"))).toBe(false);
  const bobId = stage.hub.store.account("bob")?.id ?? 0;
  expect(run.pulls()).toMatchObject([{ headSha: second.headSha, draft: false }]);
  expect(run.pulls()[0]?.requestedReviewerIds).toContain(bobId);
  const loop = stage.hub.store.reviewComments.filter(({ body }) => body === "Use a loop")[0];
  await bob.replyToReviewComment(run.repository, loop?.id ?? 0, "Do it anyway");
  const third = await completed(run, 3);
  const file = await run.code.file(third.started.runBranch, "src/product.js");
  expect(file?.toString()).toBe(FLIPPED);
  expect(threads(run)[2]?.bodies.at(-1)).toContain(`Addressed in ${third.headSha}`);
  const sentence = stateSentence(third);
  const status = await stage.history.until("the comment is complete on the new head", () =>
    run.comments(number).find(({ body }) => body.includes(sentence)),
  );
  expect(reportIn(status)).toMatchObject({ status: "complete" });
  await stage.hub.as("alice").merge(run.repository, number);
  await stage.history.until("the run knows that it is merged", () =>
    run.facts("pull-request-closed").at(0),
  );
  expect((await viewOf(run)).closed).toEqual({ merged: true, by: "alice" });
});

function requiring(context: string): Partial<BranchProtection> {
  return { requiredChecks: [{ context, appId: null }] };
}

async function report(run: StageRun, sha: string, state: "success" | "failure"): Promise<void> {
  const answer = await fetch(`${stage.hub.url}/repos/${run.repository}/statuses/${sha}`, {
    method: "POST",
    headers: { authorization: `Bearer ${stage.hub.userToken("bob")}` },
    body: JSON.stringify({ state, context: "ci", description: `${state} of product` }),
  });
  expect(answer.status).toBe(201);
}

test("T3, N8, U1: a red required check goes to the developer, green is waited for, and the comment says so", async () => {
  const repository = await stage.addRepository("required", TINY_FILES);
  stage.hub.protectBranch(repository, "main", requiring("ci"));
  const title = "Product that CI judges";
  const script = tinyScript({ fix: [fixing, developed()] });
  const run = await stage.ask({ title, command: TINY_COMMAND, script, repository });
  await run.until("waiting", ({ wait }) => wait.for === "ci");
  const first = await viewOf(run);
  expect(first.pullRequest?.draft).toBe(false);
  await stage.history.until("the comment says that it waits for CI", () =>
    run
      .comments(first.pullRequest?.number)
      .find(({ body }) => body.includes("Waiting for the required checks")),
  );
  await report(run, first.headSha, "failure");
  await stage.history.until("waiting for CI again", () =>
    run.facts("waiting").filter(({ wait }) => wait.for === "ci").length > 1 ? true : undefined,
  );
  const second = await viewOf(run);
  const fix = run.conversations().find(({ turn }) => turn.task === "fix-1");
  expect(fix?.turn.prompt).toContain('The required check \\"ci\\" is red'.replaceAll("\\", ""));
  expect(fix?.turn.prompt).toContain("failure of product");
  await report(run, second.headSha, "success");
  const view = await run.ended();
  expect(view).toMatchObject({ state: "complete", headSha: second.headSha });
});

test("T2: a conflict with the base is resolved by a developer, verified, and mergeable again; the next one, while it stands by, is escalated", async () => {
  const repository = await stage.addRepository("moved", TINY_FILES);
  const bob = stage.hub.as("bob");
  const title = "Product that main has, too";
  const both = "export const product = (a, b) => b * a;\n";
  const moved = Promise.withResolvers<void>();
  const script = tinyScript({ review: [{ ...approved(), hold: moved.promise }] });
  const run = await stage.ask({
    title,
    command: TINY_COMMAND,
    repository,
    script: (turn) => {
      if (turn.task !== "base-1") return script(turn);
      return turn.index === 0 ? write("src/product.js", both) : developed();
    },
  });
  await run.until("phase-started", ({ phase }) => phase === "quality");
  const change = { branch: "main", path: "src/product.js", content: "export const product = 1;\n" };
  const base = await bob.pushFile(repository, change);
  moved.resolve();
  const view = await run.ended();
  expect(view).toMatchObject({ state: "complete", mergedBase: base });
  const file = await run.code.file(view.started.runBranch, "src/product.js");
  expect(file?.toString()).toBe(both);
  expect(await run.code.mergeable(base, view.headSha)).toBe(true);
  const number = view.pullRequest?.number ?? 0;
  await bob.pushFile(repository, { ...change, content: "export const product = 2;\n" });
  await stage.history.until("the conflict is escalated", () => run.facts("blocked").at(0));
  const why = "Attempted: an earlier conflict with the base branch was resolved already.";
  const escalated = await stage.history.until("the comment says that it is escalated", () =>
    run.comments(number).find(({ body }) => body.includes(why)),
  );
  expect(escalated.body).toMatch(/conflicts with main at [0-9a-f]{7} in src\/product\.js/);
  expect(reportIn(escalated)).toMatchObject({ status: "blocked" });
});

test("T1: a pull request that is closed while it is worked on ends the run at once and cleans up", async () => {
  const repository = await stage.addRepository("unwanted", TINY_FILES);
  const never = Promise.withResolvers<void>();
  const run = await stage.ask({
    title: "Product that is not wanted",
    command: TINY_COMMAND,
    script: tinyScript({ test: [{ ...say("I begin."), hold: never.promise }] }),
    repository,
  });
  await run.until("dispatch-started", ({ taskId }) => taskId === "unit-tests");
  const [pull] = run.pulls();
  await stage.hub.as("bob").close(repository, pull?.number ?? 0);
  const view = await run.ended();
  never.resolve();
  expect(view).toMatchObject({ state: "cancelled", closed: { merged: false, by: "bob" } });
  expect((await run.branches()).length).toBeGreaterThan(0);
});

test("T4, N3: a person's push to the branch of a finished run is adopted and verified", async () => {
  const repository = await stage.addRepository("helped", TINY_FILES);
  const title = "Product that somebody helps with";
  const run = await stage.ask({ title, command: TINY_COMMAND, script: tinyScript(), repository });
  const first = await completed(run, 1);
  const branch = first.started.runBranch;
  const change = { branch, path: "docs/product.md", content: "# Product\n" };
  const sha = Sha.parse(await stage.hub.as("bob").pushFile(run.repository, change));
  const second = await completed(run, 2);
  expect(second.headSha).toBe(sha);
  expect(second.adopted).toMatchObject([{ by: "bob", sha }]);
  expect(second.evidence.at(-1)?.evidence).toMatchObject({ sha, exitCode: 0 });
  const [check] = stage.hub.store.checkRunsOn(run.pulls()[0]?.repoId ?? 0, sha);
  await stage.history.until("the check run stands on the new head", () =>
    check?.conclusion === "success" || run.facts("run-completed").length > 1 ? true : undefined,
  );
});
