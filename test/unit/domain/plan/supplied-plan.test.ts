import { describe, expect, test } from "vitest";
import { Plan } from "../../../../src/domain/plan/plan.ts";
import { withHostTasks } from "../../../../src/domain/plan/rules.ts";
import { allTasks, planProblems } from "../../../../src/domain/plan/soundness.ts";
import { suppliesPlan } from "../../../../src/domain/plan/step-two.ts";
import {
  batchesOf,
  checkpointQuestion,
  linkedPlans,
  readSuppliedPlan,
  type SuppliedPlan,
  suppliedPlanProblems,
} from "../../../../src/domain/plan/supplied-plan.ts";
import { planFromSupplied, tasksLeftOver } from "../../../../src/domain/plan/supplied-tasks.ts";
import { QuestionDraft } from "../../../../src/domain/specialist/results.ts";
import { rosterOf, SPECIALISTS } from "../../../../src/domain/specialist/specialists.ts";

const HEADED = `
**Goal:** Export assets as CSV

### Task 1: Add the exporter
- Create: \`internal/export/csv.go\`
- Modify: \`internal/api/routes.go:10-40\`
- Run: \`go build ./...\`
  Expected: exit code 0

### Task 2: Send the file to Slack
Use the client in \`internal/slack\`.
\`\`\`sh
### Task 99: not a task, only code
go vet ./...
\`\`\`
Expected: no output, exit code 0

### Task 3: Write unit tests for quoting
- Test: \`internal/export/csv_test.go\`

### Task 4: Integration tests for the endpoint

## Notes
Nothing.
`;
const LISTED = `Please do this.

## Plan
1. Add a \`kind\` column to \`store/schema.sql\`
   - default "unknown"
2. Return it from GET /api/assets
3. Cover it with unit tests

## Background
1. not a task
`;
const ROSTER = rosterOf({
  agents: SPECIALISTS.map((role) => ({ name: role.name })) as never,
  skills: [],
  routes: [],
  diagnostics: [],
});

function read(text: string): SuppliedPlan {
  const plan = readSuppliedPlan(text);
  if (!plan) throw new Error("no plan was found");
  return plan;
}

describe("C4: a plan that the issue brings", () => {
  test("headed tasks are read with their files and commands; code is no task", () => {
    const plan = read(HEADED);
    expect(plan.goal).toBe("Export assets as CSV");
    expect(plan.tasks.map((task) => task.title)).toEqual([
      "Add the exporter",
      "Send the file to Slack",
      "Write unit tests for quoting",
      "Integration tests for the endpoint",
    ]);
    expect(plan.tasks[0]?.files).toEqual(["internal/export/csv.go", "internal/api/routes.go"]);
    expect(plan.tasks[0]?.commands).toEqual([{ run: "go build ./...", expect: "exit code 0" }]);
    expect(plan.tasks[1]?.commands[0]?.expect).toBe("no output, exit code 0");
    expect(plan.tasks[3]?.text).toBe("");
  });

  test("a list under a heading that says plan is read; lists elsewhere are not", () => {
    const plan = read(LISTED);
    expect(plan.tasks.map((task) => task.n)).toEqual([1, 2, 3]);
    expect(plan.tasks[0]).toMatchObject({
      text: '- default "unknown"',
      title: "Add a kind column to store/schema.sql",
    });
    expect(readSuppliedPlan("We plan to do this soon.\n- one\n- two")).toBeUndefined();
    expect(readSuppliedPlan("```\n## Plan\n1. in code\n```")).toBeUndefined();
  });

  test("whatever is taken for a supplied plan in the text itself can be read", () => {
    for (const text of [
      HEADED,
      LISTED,
      "Step 1: a\nStep 2: b\nStep 3: c",
      "**Plan**\n- [ ] a thing\n- [ ] b thing",
    ]) {
      expect(suppliesPlan(text), text).toBe(true);
      expect(readSuppliedPlan(text), text).toBeDefined();
    }
  });

  test("links to plan documents are found, paths out of the repository are not", () => {
    expect(linkedPlans("see docs/plans/2026-01-01-export.md and [it](plans/x.md)")).toEqual([
      "docs/plans/2026-01-01-export.md",
      "plans/x.md",
    ]);
    expect(linkedPlans("docs/plans/../../secret.md")).toEqual([]);
  });

  test("concerns are raised before anything is done", () => {
    const plan = read(
      "### Task 1: Add it\nTBD\n### Task 2: Add it\nRun: `go test ./...`\n### Task 3: c",
    );
    expect(suppliedPlanProblems(plan)).toEqual([
      'Task 1 (Add it) leaves work open: "TBD".',
      "Task 2 (Add it) has the same title as task 1.",
      "Task 2 (Add it): nothing says what `go test ./...` must show.",
    ]);
  });

  test("batches of three", () => {
    expect(batchesOf([1, 2, 3, 4, 5, 6, 7])).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  });

  test("a checkpoint reports what was done and asks; it is a question like any other", () => {
    const question = checkpointQuestion({
      batch: 1,
      of: 2,
      done: ["Add the exporter (a1b2c3d, 12 passed)"],
    });
    expect(QuestionDraft.safeParse(question).success).toBe(true);
    expect(question.text).toContain("Batch 1 of 2");
    expect(question.text).toContain("a1b2c3d, 12 passed");
  });
});

describe("C4: the supplied plan as a plan of the run", () => {
  test("F2, F4: each task goes to its specialist, in the author's order, and the plan is sound", () => {
    const plan = Plan.parse(
      planFromSupplied(read(HEADED), { title: "Export", requirements: [] }).plan,
    );
    expect(allTasks(plan).map((t) => `${t.id} ${t.specialist} ${t.mode ?? ""}`)).toEqual([
      "task-1 backend-developer implementation",
      "task-2 integration-developer implementation",
      "task-3 backend-tester unit",
      "task-4 backend-tester integration",
      "review-the-plan backend-lead review",
    ]);
    expect(allTasks(plan).map((t) => t.depends_on)).toEqual([[], ["task-1"], [], ["task-3"], []]);
    expect(planProblems(withHostTasks(plan, HEADED).plan, ROSTER)).toEqual([]);
    expect(plan.requirements).toHaveLength(4);
  });

  test("code that comes without tests and review gets both", () => {
    const { plan } = planFromSupplied(read("### Task 1: Add the exporter"), {
      title: "Export",
      requirements: [{ id: "R1", text: "assets can be exported" }],
    });
    expect(allTasks(plan).map((t) => t.id)).toEqual(["task-1", "test-the-plan", "review-the-plan"]);
    expect(planProblems(Plan.parse(plan), ROSTER)).toEqual([]);
  });

  test("more tasks than a phase holds are counted, not dropped in silence", () => {
    const many = Array.from({ length: 23 }, (_, i) => `### Task ${i + 1}: Add part ${i + 1}`).join(
      "\n",
    );
    expect(tasksLeftOver(read(many))).toBe(3);
    expect(tasksLeftOver(read(HEADED))).toBe(0);
  });
});
