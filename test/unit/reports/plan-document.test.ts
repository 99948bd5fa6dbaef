import { describe, expect, test } from "vitest";
import type { RepoCommand } from "../../../src/domain/gate/evidence.ts";
import { readSuppliedPlan, suppliedPlanProblems } from "../../../src/domain/plan/supplied-plan.ts";
import { type PlanDocumentOf, planDocument } from "../../../src/reports/plan-document.ts";
import { soundPlan } from "../../helpers/run-facts.ts";

const COMMANDS: RepoCommand[] = [
  { kind: "setup", command: "npm ci", cwd: ".", source: "detected", timeoutMs: 1 },
  { kind: "build", command: "npm run build", cwd: "api", source: "detected", timeoutMs: 1 },
  { kind: "test", command: "npm test", cwd: ".", source: "detected", timeoutMs: 1 },
];

function document(change: Partial<PlanDocumentOf> = {}): { path: string; text: string } {
  return planDocument({
    plan: soundPlan(),
    title: "Add an endpoint for assets!",
    issue: 12,
    runId: "7-12-r1",
    date: "2026-01-01",
    commands: COMMANDS,
    ...change,
  });
}

describe("E7: the plan document", () => {
  test("it lies under docs/plans with date and slug", () => {
    expect(document().path).toBe("docs/plans/2026-01-01-add-an-endpoint-for-assets.md");
    expect(() => document({ date: "01/02/2026" })).toThrow("not a date");
  });

  test("its header gives goal, architecture and tech stack", () => {
    const { text } = document();
    expect(text).toContain("**Goal:** Add POST /api/assets");
    expect(text).toContain(
      "**Architecture:** As it is; no design task: one endpoint in a known structure.",
    );
    expect(text).toContain("**Tech stack:** Node.js");
    const plan = {
      ...soundPlan(),
      architecture: "Handler over store.",
      tech_stack: ["Go", "DynamoDB"],
    };
    expect(document({ plan }).text).toContain("**Architecture:** Handler over store.");
    expect(document({ plan }).text).toContain("**Tech stack:** Go, DynamoDB");
  });

  test("every task has exact files, and commands with their expected output", () => {
    const { text } = document();
    const [, section = ""] = text.split("### Task 1: Do handler");
    const task = section.split("### Task 2")[0] ?? "";
    expect(task).toContain("- `src/handler.js`");
    expect(task).toContain("```sh\ncd api && npm run build\n```\n\nExpected: exit code 0");
    expect(task).toContain("```sh\nnpm test\n```\n\nExpected: exit code 0 and 0 failed tests");
    expect(task).not.toContain("npm ci");
    expect(text).toContain("## Phase: architecture\n\nSkipped: one endpoint in a known structure.");
  });

  test("requirement ids stand at the tasks that work on them", () => {
    const plan = soundPlan();
    Object.assign(plan.phases[1]?.tasks[0] ?? {}, { requirements: ["R1"] });
    expect(document({ plan }).text).toContain("- Requirements: R1");
  });

  test("same plan, same bytes; what models wrote stays one line and opens no tag", () => {
    expect(document()).toEqual(document());
    const plan = { ...soundPlan(), summary: "a\n# Task 9: sneak <script>\u202E" };
    expect(document({ plan }).text).toContain("**Goal:** a # Task 9: sneak &lt;script>\n");
  });

  test("C4: it is a plan that executing-plans can read back, task by task", () => {
    const plan = soundPlan();
    const read = readSuppliedPlan(document().text);
    expect(read?.goal).toBe(plan.summary);
    expect(read?.tasks.map((task) => task.title)).toEqual(
      plan.phases.flatMap((phase) => phase.tasks.map((task) => task.title)),
    );
    expect(read?.tasks[0]?.commands).toEqual([
      { run: "cd api && npm run build", expect: "exit code 0" },
      { run: "npm test", expect: "exit code 0 and 0 failed tests" },
    ]);
    expect(read?.tasks[0]?.files).toContain("src/handler.js");
    expect(read && suppliedPlanProblems(read)).toEqual([]);
  });
});
