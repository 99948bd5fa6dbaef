import { describe, expect, test } from "vitest";
import { type LintGround, placeholderIn, planLint } from "../../../../src/domain/plan/lint.ts";
import type { Plan } from "../../../../src/domain/plan/plan.ts";
import { plannedTask, soundPlan } from "../../../helpers/run-facts.ts";

const GROUND: LintGround = {
  files: ["src/app.js", "src/store/memory.js", "test/app.test.js"],
  commands: [{ kind: "test", command: "npm test", cwd: ".", source: "detected", timeoutMs: 1_000 }],
};

function goodPlan(): Plan {
  const plan = soundPlan();
  for (const phase of plan.phases)
    if (phase.phase !== "quality") for (const task of phase.tasks) task.requirements = ["R1"];
  return plan;
}

function handler(plan: Plan): ReturnType<typeof plannedTask> {
  const task = plan.phases[1]?.tasks[0];
  if (!task) throw new Error("no handler");
  return task;
}

function lint(change: (plan: Plan) => void, ground: LintGround = GROUND): string[] {
  const plan = structuredClone(goodPlan());
  change(plan);
  return planLint(plan, ground);
}

describe("E7: the linter of plans", () => {
  test("a plan with exact paths, commands and covered requirements passes", () => {
    expect(planLint(goodPlan(), GROUND)).toEqual([]);
  });

  test.each([
    ["src/*.js", "is a pattern"],
    ["src/{a,b}.js", "is a pattern"],
    ["src/.../handler.js", "is a pattern"],
    ["<the handler>", "is a pattern"],
    ["src/store", "is a folder"],
    ["src/new/", "is a folder"],
    ["./src/app.js", "not in its plain form"],
    ["path/to/handler.js", "is a placeholder"],
    ["SRC/App.js", 'differs only in case from "src/app.js"'],
  ])("the path %s %s", (path, words) => {
    expect(lint((plan) => handler(plan).files.splice(0, 1, path))).toEqual([
      expect.stringContaining(words),
    ]);
  });

  test("a new file in a new folder is exact", () => {
    expect(lint((plan) => handler(plan).files.push("internal/assets/Makefile"))).toEqual([]);
  });

  test("a task that writes names its files; a review need not", () => {
    expect(lint((plan) => handler(plan).files.splice(0))).toEqual([
      "Task handler names no file: list every file it may touch by its exact path.",
    ]);
  });

  test("a command says what its output must show", () => {
    for (const expect_ of ["works", "should pass", "no errors", "as expected"])
      expect(
        lint((plan) =>
          Object.assign(handler(plan), { commands: [{ run: "npm test", expect: expect_ }] }),
        ),
      ).toHaveLength(1);
    for (const exact of [
      "exit code 0",
      "0 failed",
      "prints 201 Created",
      "FAIL: handler is not defined",
    ])
      expect(
        lint((plan) =>
          Object.assign(handler(plan), { commands: [{ run: "npm test", expect: exact }] }),
        ),
      ).toEqual([]);
  });

  test("without a test command of the repository every task brings its own", () => {
    const bare = { ...GROUND, commands: [] };
    expect(planLint(goodPlan(), bare)).toHaveLength(4);
    expect(
      lint((plan) => {
        for (const phase of plan.phases)
          for (const task of phase.tasks)
            task.commands = [{ run: "sh check.sh", expect: "exit code 0" }];
      }, bare),
    ).toEqual([]);
  });

  test.each([
    "TBD",
    "Store it; TODO: expiry",
    "The format is to be decided",
    "Add error handling.",
    "Add appropriate validation and store it",
    "add tests",
    "Handle edge cases gracefully",
    "Similar to task 2",
    "Same as the previous one",
    "Validate the fields as needed",
    "Accept name, kind etc.",
    "Implement later",
    "your code here",
    "Call it ???",
    "write tests for the above",
  ])("placeholder: %s", (text) => {
    expect(placeholderIn(text)).toBeDefined();
    expect(lint((plan) => Object.assign(handler(plan), { objective: text }))).toEqual([
      expect.stringContaining("leaves work open"),
    ]);
  });

  test.each([
    "Add error handling for time-outs of the store: answer 504",
    "Add validation that refuses names over 200 characters with 422",
    "Handle errors of the store by answering 503",
    "Keep the fetch of assets as it is",
    "Answer todo items in lower case",
    "The handler is similar to no other; write it in src/handler.js",
    "Add tests that send an empty body and expect 400",
  ])("no placeholder: %s", (text) => {
    expect(placeholderIn(text)).toBeUndefined();
  });

  test("every requirement is worked on by a task that brings it about", () => {
    const missing = lint((plan) => plan.requirements.push({ id: "R2", text: "GET lists assets" }));
    expect(missing).toEqual([
      "Requirement R2 (GET lists assets) is worked on by no task: add R2 to a task's requirements.",
    ]);
    const onlyReviewed = lint((plan) => {
      plan.requirements.push({ id: "R2", text: "GET lists assets" });
      Object.assign(plan.phases[3]?.tasks[0] ?? {}, { requirements: ["R2"] });
    });
    expect(onlyReviewed).toEqual(missing);
    const named = lint((plan) => {
      plan.requirements.push({ id: "R2", text: "GET lists assets" });
      handler(plan).objective = "Do R1 and R2 in src/handler.js";
    });
    expect(named).toEqual([]);
  });

  test("an id that no requirement has is named", () => {
    expect(lint((plan) => Object.assign(handler(plan), { requirements: ["R1", "R9"] }))).toEqual([
      "Task handler works on R9, which is not a requirement of the plan.",
    ]);
  });
});
