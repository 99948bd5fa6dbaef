import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunView } from "../../src/domain/run/run.ts";
import { sampleFiles } from "../../src/playground/sample-files.ts";
import { DEMO_TASK, demoScript } from "../../src/playground/scripted-model/demo-script.ts";
import type { Script } from "../../src/playground/scripted-model/script.ts";
import { openStage, type Stage } from "../helpers/stage.ts";
import { reportIn, type StageRun } from "../helpers/stage-run.ts";

const FINISHED = ["plan", "design-create-asset", "build-create-asset", "unit-tests"];
const CUT_OFF = ["integration-tests", "acceptance-tests"];

let stage: Stage;
let run: StageRun;
let view: RunView;

beforeAll(async () => {
  stage = await openStage({ files: await sampleFiles() });
  const restarted = Promise.withResolvers<void>();
  const script = holding(demoScript(), CUT_OFF, restarted.promise);
  run = await stage.ask({
    title: "Let clients register assets",
    command: `/orchestrate ${DEMO_TASK}`,
    script,
  });
  // The first tester has delivered, the other two are at work.
  await run.until("branch-pushed", ({ taskId }) => taskId === "unit-tests");
  await stage.history.until("both others are at work", () =>
    CUT_OFF.every((task) => run.conversations().some(({ turn }) => turn.task === task))
      ? true
      : undefined,
  );
  await stage.process.kill();
  await stage.process.start();
  restarted.resolve();
  // And once more while the run comes to its end.
  await run.until("task-accepted", ({ taskId }) => taskId === "security-review");
  await stage.process.kill();
  await stage.process.start();
  view = await run.ended();
});

afterAll(() => stage.end());

/** Conversations about these tasks get their answers only later. */
function holding(script: Script, tasks: readonly string[], hold: Promise<unknown>): Script {
  return (turn) => {
    const action = script(turn);
    return action && tasks.includes(turn.task ?? "") ? { ...action, hold } : action;
  };
}

test("K3, F26: a run whose app was killed twice finishes as if nothing had happened", () => {
  expect(view.state).toBe("complete");
  expect(reportIn(run.comments(view.pullRequest?.number)[0])).toMatchObject({
    status: "complete",
    phases_completed: ["architecture", "implementation", "testing", "quality"],
    verification: { all_tests_passed: true, build_success: true },
  });
});

test("K3: what was finished before the crash was not dispatched again", () => {
  function begun(task: string): number {
    return run.conversations().filter(({ turn }) => turn.task === task && turn.index === 0).length;
  }
  for (const task of FINISHED) expect(begun(task), task).toBe(1);
  for (const task of CUT_OFF) expect([1, 2], task).toContain(begun(task));
});

test("K3: the ledger has every fact once, numbered without gaps, and each task one attempt", async () => {
  const ledger = await run.ledger();
  expect(ledger.map(({ seq }) => seq)).toEqual(ledger.map((_, index) => index + 1));
  const dispatches = view.tasks.map(({ dispatches }) => dispatches.length);
  expect(dispatches).toEqual(view.tasks.map(() => 1));
  for (const type of ["pull-request-opened", "pull-request-ready", "run-completed"])
    expect(ledger.filter(({ fact }) => fact.type === type)).toHaveLength(1);
});

test("K3: the app tells a run's whole story again, also what a killed one could not tell any more", async () => {
  const ledger = await run.ledger();
  stage.events.splice(0);
  stage.process.replay(run.id());
  await stage.history.until("every fact was told again", () =>
    run.heard().length >= ledger.length ? true : undefined,
  );
  expect(run.heard()).toEqual(ledger);
});

test("F26: no comment, branch or pull request exists twice", async () => {
  const number = view.pullRequest?.number ?? 0;
  expect(run.comments(run.issue)).toHaveLength(1);
  expect(run.comments(number)).toHaveLength(1);
  expect(run.pulls()).toMatchObject([{ draft: false, headSha: view.headSha }]);
  const folder = view.started.runBranch.slice(0, -"main".length);
  expect((await run.branches()).map(({ name }) => name.slice(folder.length))).toEqual([
    "implementation-build-create-asset",
    "main",
    "testing-acceptance-tests",
    "testing-integration-tests",
    "testing-unit-tests",
  ]);
  const { journal } = stage.hub;
  const made = journal.requests().filter(({ status }) => status === 201);
  expect(made.filter(({ operationId }) => operationId === "pulls/create")).toHaveLength(1);
  expect(made.filter(({ operationId }) => operationId === "issues/create-comment")).toHaveLength(2);
  const merges = await run.code.commitsBetween("main", view.started.runBranch);
  // The plan's own commit is the first.
  expect(merges.map(({ parents }) => parents.length)).toEqual([1, 1, 1, 1, 2, 1, 2]);
});
