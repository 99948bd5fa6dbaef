import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunView } from "../../src/domain/run/run.ts";
import type { Fault } from "../../src/playground/github/http/faults.ts";
import { openStage, type Stage } from "../helpers/stage.ts";
import type { StageRun } from "../helpers/stage-run.ts";
import { TINY_COMMAND, TINY_FILES, tinyScript } from "../helpers/tiny-service.ts";

const BOT = "backend-orchestrator[bot]";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ files: TINY_FILES });
});

afterAll(() => stage.end());

/** A whole run while GitHub plays these faults, each of which must have been played. */
async function runThrough(
  title: string,
  faults: readonly Fault[],
): Promise<{ run: StageRun; view: RunView }> {
  const injected = faults.map((fault) => stage.hub.faults.inject(fault));
  const run = await stage.ask({ title, command: TINY_COMMAND, script: tinyScript() });
  const view = await run.ended();
  expect(injected.map(({ hits }) => hits)).toEqual(faults.map(({ times = 1 }) => times));
  stage.hub.faults.clear();
  return { run, view };
}

async function expectNothingTwice(run: StageRun, view: RunView): Promise<void> {
  expect(view.state).toBe("complete");
  expect(run.pulls()).toMatchObject([{ draft: false, headSha: view.headSha }]);
  const marked = [...run.comments(), ...run.comments(view.pullRequest?.number)].map(({ body }) =>
    body.slice(0, body.indexOf("\n")),
  );
  expect(marked).toHaveLength(2);
  expect((await run.branches()).map(({ name }) => name.split("/").at(-1))).toEqual([
    "implementation-build-product",
    "main",
    "testing-unit-tests",
  ]);
  const commits = await run.code.commitsBetween("main", view.started.runBranch);
  expect(commits.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^Plan: /),
    expect.stringMatching(/^Write product/),
    expect.stringMatching(/^Guard product/),
  ]);
}

test("F10, F11: answers that are lost after the effect make nothing twice", async () => {
  const { run, view } = await runThrough("Lost answers", [
    { operationId: "reactions/create-for-issue-comment", when: "after", status: 502 },
    { operationId: "issues/create-comment", when: "after", status: 500 },
    { operationId: "issues/create-comment", when: "after", reset: true },
    { operationId: "git-http/receive-pack", when: "after", reset: true },
    { operationId: "pulls/create", when: "after", status: 503 },
    { operationId: "graphql/markPullRequestReadyForReview", when: "after", reset: true },
  ]);
  await expectNothingTwice(run, view);
});

/** What was on its way while the refusal was on its way back is not held against the app. */
const LEARNS_MS = 500;

test("F09: a secondary limit is waited out, as 403 and as 429, and the run completes", async () => {
  const limits = [
    {
      operationId: "issues/create-comment",
      status: 403,
      headers: { "retry-after": "2" },
      body: { message: "You have exceeded a secondary rate limit. Please wait." },
    },
    {
      operationId: "pulls/create",
      status: 429,
      headers: { "retry-after": "1" },
      body: { message: "Slow down, please." },
    },
  ] as const;
  const before = stage.hub.journal.requests(BOT).length;
  const { run, view } = await runThrough("Too fast", limits);
  await expectNothingTwice(run, view);
  const requests = stage.hub.journal.requests(BOT).slice(before);
  for (const { operationId, status, headers } of limits) {
    const refused = requests.find(
      (one) => one.operationId === operationId && one.status === status,
    );
    const until = (refused?.at ?? 0) + Number(headers["retry-after"]) * 1_000;
    const early = requests.filter(
      (one) =>
        one.at - one.ms > (refused?.at ?? 0) + LEARNS_MS &&
        one.at - one.ms < until - 20 &&
        !one.operationId.startsWith("git-http/"),
    );
    expect(early, operationId).toEqual([]);
  }
});
