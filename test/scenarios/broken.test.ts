import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunView } from "../../src/domain/run/run.ts";
import { bash } from "../../src/playground/scripted-model/script.ts";
import { openStage, type Stage } from "../helpers/stage.ts";
import { reportIn, type StageRun } from "../helpers/stage-run.ts";
import {
  BROKEN_PRODUCT,
  developed,
  developing,
  TINY_COMMAND,
  TINY_FILES,
  tinyScript,
} from "../helpers/tiny-service.ts";

let stage: Stage;
let run: StageRun;
let view: RunView;

beforeAll(async () => {
  stage = await openStage({ files: TINY_FILES });
  // The function is wrong, its tests show it, and whoever is to mend it looks in the wrong place.
  const fix = [bash("echo '// looked here' >> src/sum.js"), developed("The cause was not found.")];
  const script = tinyScript({ develop: developing(BROKEN_PRODUCT), fix });
  run = await stage.ask({ title: "Product that is wrong", command: TINY_COMMAND, script });
  await run.until("question-asked");
  await stage.say("alice", run, "/orchestrate answer Q1 c");
  await run.until("question-asked", ({ number }) => number === 2);
  await stage.say("alice", run, "/orchestrate answer Q2 d");
  view = await run.ended();
});

afterAll(() => stage.end());

test("N1: tests that stay red end the run blocked, with the failing command and its exit code in the report", () => {
  expect(view.state).toBe("blocked");
  const body = run.comments(view.pullRequest?.number)[0]?.body ?? "";
  expect(body).toMatch(/\| ✘ test \| `node --test` \| `[0-9a-f]{7}` \| 1 \| 1 passed, 1 failed \|/);
  expect(body).toContain("Output of <code>node --test</code> (exit 1)");
  expect(body).toMatch(/not ok|✖ product multiplies/);
  const report = reportIn(run.comments(view.pullRequest?.number)[0]);
  expect(report).toMatchObject({
    status: "blocked",
    phases_completed: ["implementation"],
    verification: { all_tests_passed: false, build_success: null },
  });
  expect(report.next_steps).not.toEqual([]);
});

test("T1: the pull request stays a draft, and its head is what was verified as red", async () => {
  expect(run.pulls()).toMatchObject([{ draft: true, headSha: view.headSha }]);
  expect((await run.ledger()).map(({ fact }) => fact.type)).not.toContain("pull-request-ready");
  const red = view.evidence.at(-1)?.evidence;
  expect(red).toMatchObject({ sha: view.headSha, exitCode: 1, source: "base-config" });
});

test("N7: nothing the app wrote speaks of success", () => {
  const comments = stage.hub.webhooks
    .log()
    .filter(({ event }) => event === "issue_comment")
    .map(({ requestBody }) => String(JSON.parse(requestBody).comment.body))
    .filter((body) => !body.startsWith("/orchestrate"));
  const written = [...comments, ...run.pulls().map(({ body }) => body)];
  expect(written.length).toBeGreaterThan(5);
  for (const body of written) {
    expect(body).not.toMatch(/"status": "complete"|✅/);
    expect(body).not.toMatch(/\bsuccess(?:ful|fully)?\b/i);
  }
});

test("P1, P12: one comment says what is wrong, what was tried and what is recommended", () => {
  const said = run.comments().filter(({ body }) => body.includes("orchestrate:blocked:"));
  expect(said.map(({ body }) => body.split("\n").at(-1))).toEqual([
    expect.stringMatching(/^Blocked: .+\. Attempted: .+\. Recommend: .+ for .+\.$/),
  ]);
});

test("I10, I6: the same failure three times goes to a person, who sees the history and ends the run", () => {
  expect(view.escalations.map(({ why }) => why)).toEqual([
    "the gate tests failed 3 times in a row for the same reason",
  ]);
  const history = run.comments().find(({ body }) => body.includes("orchestrate:history:"));
  expect(history?.body).toMatch(/Round 1, testing, unit-tests: tests failed/);
  expect(history?.body).toMatch(/Round 3, testing, fix-2: tests failed/);
  expect(view.decisions).toMatchObject([{ by: "alice", verdict: "abort", gate: "tests" }]);
});

test("I5: the developer had its rounds, each a visible task with a branch of its own", async () => {
  const fixes = view.tasks.filter(({ addedBecause }) => addedBecause !== undefined);
  expect(fixes.map(({ task }) => task.id)).toEqual(["fix-1", "fix-2"]);
  const names = (await run.branches()).map(({ name }) => name.split("/").at(-1));
  expect(names).toEqual(expect.arrayContaining(["testing-fix-1", "testing-fix-2"]));
  const prompts = run.conversations().filter(({ turn }) => turn.task === "fix-1");
  expect(prompts[0]?.turn.prompt).toContain("product multiplies");
});
