import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunView } from "../../src/domain/run/run.ts";
import {
  bash,
  role,
  type Script,
  type Step,
  say,
  script,
  submit,
  write,
} from "../../src/playground/scripted-model/script.ts";
import { openStage, type Stage } from "../helpers/stage.ts";
import type { StageRun } from "../helpers/stage-run.ts";
import {
  approved,
  developed,
  GOOD_PRODUCT,
  TINY_COMMAND,
  TINY_FILES,
  TINY_PLAN,
  tinyScript,
} from "../helpers/tiny-service.ts";

const SHARED = "test/shared.test.js";
const VACUOUS = 'import { test } from "node:test";\ntest("nothing", () => {});\n';
const EDIT = "echo '// improved by the reviewer' >> src/product.js";

function productTest(name: string): string {
  return `import assert from "node:assert/strict";
import { test } from "node:test";
import { product } from "../src/product.js";

test("${name}", () => {
  assert.equal(product(4, 3), 12);
});
`;
}

function tested(mode: string, file: string): Step {
  return submit({
    status: "complete",
    summary: `${mode} tests are there.`,
    test_mode: mode,
    test_files: [file],
    test_count: 1,
    covers: ["R1"],
  });
}

/** The tiny plan with a second tester beside the first. */
const TWO_TESTERS = {
  ...TINY_PLAN,
  phases: TINY_PLAN.phases.map((phase) =>
    phase.phase === "testing"
      ? {
          ...phase,
          tasks: phase.tasks.flatMap((task) => [
            task,
            {
              ...task,
              id: "integration-tests",
              title: "Guard product from outside",
              mode: "integration",
              objective: "Write test/integration.test.js.",
              files: ["test/integration.test.js"],
            },
          ]),
        }
      : phase,
  ),
};

/** At first both write the same undeclared file, then each its own. */
function testers(): Script {
  return script(
    ...(["unit", "integration"] as const).flatMap((mode) => {
      const own = mode === "unit" ? "test/product.test.js" : "test/integration.test.js";
      return [
        role(
          "backend-tester",
          [write(SHARED, productTest(`${mode} shared`)), tested(mode, SHARED)],
          {
            mode,
            attempt: 1,
          },
        ),
        role("backend-tester", [write(own, productTest(mode)), tested(mode, own)], { mode }),
      ];
    }),
  );
}

function byAttempt(first: readonly Step[], name: string): Script {
  return role(name, first, { attempt: 1 });
}

const CASES = {
  "Testers that share a file": script(testers(), tinyScript({ plan: [submit(TWO_TESTERS)] })),
  "A reviewer that edits": script(
    byAttempt([bash(EDIT), approved()], "backend-lead"),
    tinyScript(),
  ),
  "A claim without a diff": tinyScript({ develop: [developed("It is all done, trust me.")] }),
  "Tests that show nothing": script(
    byAttempt(
      [write("test/product.test.js", VACUOUS), tested("unit", "test/product.test.js")],
      "backend-tester",
    ),
    tinyScript(),
  ),
  "A review without a verdict": script(
    byAttempt([submit({ status: "complete", summary: "Looks good to me." })], "backend-lead"),
    tinyScript(),
  ),
  "A developer that never submits": tinyScript({
    develop: [write("src/product.js", GOOD_PRODUCT), say("I am done.")],
  }),
} as const;
type Case = keyof typeof CASES;

let stage: Stage;
const runs = new Map<string, { run: StageRun; view: RunView }>();

function of(title: Case): { run: StageRun; view: RunView } {
  const found = runs.get(title);
  if (!found) throw new Error(`${title} was not played.`);
  return found;
}

/** Plays one case; a question about its loops is answered with the end of the run. */
async function play(title: Case): Promise<void> {
  const run = await stage.ask({ title, command: TINY_COMMAND, script: CASES[title] });
  if (title === "A claim without a diff" || title === "A developer that never submits") {
    await run.until("question-asked");
    await stage.say("alice", run, "/orchestrate answer Q1 d");
  }
  runs.set(title, { run, view: await run.ended() });
}

beforeAll(async () => {
  stage = await openStage({ files: TINY_FILES });
  for (const title of Object.keys(CASES) as Case[]) await play(title);
});

afterAll(() => stage.end());

test("G5, F10: two testers that edit the same file are sent back to their own; neither overwrites the other", async () => {
  const { run, view } = of("Testers that share a file");
  expect(view.state).toBe("complete");
  // They worked side by side, so each is sent back by its scope, and git never has to decide between them.
  const flagged = run.facts("scope-flagged").filter(({ rejected }) => rejected);
  expect(flagged.map(({ taskId, files }) => `${taskId}: ${files.join()}`).toSorted()).toEqual([
    `integration-tests: ${SHARED}`,
    `unit-tests: ${SHARED}`,
  ]);
  expect(run.facts("integration-conflict")).toEqual([]);
  for (const id of ["unit-tests", "integration-tests"])
    expect(run.facts("dispatch-ended").filter(({ taskId }) => taskId === id)).toHaveLength(2);
  const files = (await run.code.tree(view.headSha, "test"))?.map(({ name }) => `test/${name}`);
  expect(files).toEqual(
    expect.arrayContaining(["test/product.test.js", "test/integration.test.js"]),
  );
  expect(files).not.toContain(SHARED);
});

test("D7: a reviewer's edit reaches no branch, whatever it says", async () => {
  const { run, view } = of("A reviewer that edits");
  const names = (await run.branches()).map(({ name }) => name.split("/").at(-1));
  expect(names.filter((name) => name?.startsWith("quality-"))).toEqual([]);
  for (const { sha } of await run.branches())
    expect((await run.code.file(sha, "src/product.js"))?.toString() ?? "").not.toContain(
      "improved",
    );
  // Its clone cannot be written: the edit fails to its face, and the review that it hands in is judged as any other.
  const reviewer = run.conversations().filter(({ turn }) => turn.role === "backend-lead");
  expect(reviewer.flatMap(({ turn }) => turn.results).join("\n")).toMatch(/read-only file system/i);
  const reviews = run.facts("dispatch-ended").filter(({ taskId }) => taskId === "review");
  expect(reviews).toMatchObject([{ status: "submitted", files: [] }]);
  expect(run.facts("task-refused")).toEqual([]);
  expect(view.state).toBe("complete");
});

test("F8, P1: a claim without a diff ends with a person, and nothing was pushed for it", async () => {
  const { run, view } = of("A claim without a diff");
  expect(view.state).toBe("blocked");
  expect(run.facts("task-refused").map(({ problems }) => problems[0])).toEqual(
    Array.from({ length: 3 }, () => "The result says complete, but git shows no change."),
  );
  const said = run.comments().find(({ body }) => body.includes("orchestrate:blocked:"));
  expect(said?.body).toMatch(
    /Blocked: .+git shows no change.*\. Attempted: .+\. Recommend: .+ for .+\./,
  );
  const names = (await run.branches()).map(({ name }) => name.split("/").at(-1));
  expect(names.filter((name) => name?.startsWith("implementation-"))).toEqual([]);
});

test("H5: a tester whose tests pass at once without the change is sent back, then its tests prove it", () => {
  const { run, view } = of("Tests that show nothing");
  expect(view.state).toBe("complete");
  expect(run.facts("test-proof").map(({ kind }) => kind)).toEqual(["passes-without", "proven"]);
});

test("I11: a review without a verdict approves nothing; the review is made again", () => {
  const { run, view } = of("A review without a verdict");
  expect(view.state).toBe("complete");
  const reviews = run.facts("dispatch-ended").filter(({ taskId }) => taskId === "review");
  expect(reviews.map(({ status }) => status)).toEqual(["no-result", "submitted"]);
  expect(run.facts("task-accepted").filter(({ taskId }) => taskId === "review")).toHaveLength(1);
});

test("F7: a specialist that never submits is asked again, then a person decides; its work is nowhere taken in", async () => {
  const { run, view } = of("A developer that never submits");
  expect(view.state).toBe("blocked");
  const ended = run.facts("dispatch-ended").filter(({ taskId }) => taskId === "build-product");
  expect(ended.map(({ status }) => status)).toEqual(["no-result", "no-result", "no-result"]);
  expect(view.decisions).toMatchObject([{ by: "alice", verdict: "abort", gate: "result" }]);
  expect(run.facts("integrated")).toEqual([]);
  expect(run.pulls().every(({ draft }) => draft)).toBe(true);
});
