import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Plan, PlanSubmission } from "../../../../src/domain/plan/plan.ts";
import { judge } from "../../../../src/domain/specialist/acceptance.ts";
import { resultSchemaOf, SPECIALISTS } from "../../../../src/domain/specialist/specialists.ts";
import { plannedTask, soundPlan } from "../../../helpers/run-facts.ts";

const BLOCKED = {
  status: "blocked",
  summary: "cannot decide",
  blocked: {
    reason: "requirements",
    issue: "the retention time is not given",
    attempted: ["read the issue and docs/"],
    recommend: "say how long jobs are kept",
  },
};
const UNCLEAR = {
  status: "needs_clarification",
  summary: "two readings",
  questions: [
    {
      text: "Which store?",
      options: [
        { key: "a", label: "memory", consequence: "simple" },
        { key: "b", label: "disk", consequence: "durable" },
      ],
      recommended: "a",
    },
  ],
};
const EVERY_ROLE = SPECIALISTS.flatMap((role) =>
  role.modes.map((mode) => [role.name, mode, resultSchemaOf({ role: role.name, mode })] as const),
);

describe("what a specialist may hand in", () => {
  test.each(EVERY_ROLE)(
    "F7: %s in mode %s need not invent its own fields when it is stopped",
    (_role, _mode, schema) => {
      expect(schema.safeParse(BLOCKED).success).toBe(true);
      expect(schema.safeParse(UNCLEAR).success).toBe(true);
    },
  );

  test.each(EVERY_ROLE)(
    "F7: %s in mode %s must fill them when it says complete",
    (_role, _mode, schema) => {
      for (const status of ["complete", "needs_review"]) {
        const parsed = schema.safeParse({ status, summary: "done" });
        expect(parsed.success).toBe(false);
        expect(z.prettifyError(parsed.error ?? new z.ZodError([]))).toContain(
          `is needed when status is ${status}`,
        );
      }
    },
  );

  test("P12: blocked without an attempt, and needs_clarification without a question, are sent back", () => {
    const schema = resultSchemaOf({ role: "backend-developer" });
    const { blocked: _blocked, ...mute } = BLOCKED;
    expect(schema.safeParse(mute).success).toBe(false);
    expect(
      schema.safeParse({ ...BLOCKED, blocked: { ...BLOCKED.blocked, attempted: [] } }).success,
    ).toBe(false);
    expect(schema.safeParse({ ...UNCLEAR, questions: [] }).success).toBe(false);
  });

  test("F7: the published schema is one object without a union at its top", () => {
    for (const schema of [PlanSubmission, ...EVERY_ROLE.map(([, , one]) => one)]) {
      const json = z.toJSONSchema(schema, { target: "draft-7", io: "input" });
      expect(json.type).toBe("object");
      expect(Object.keys(json)).not.toEqual(expect.arrayContaining(["anyOf"]));
      expect(Object.keys(json)).not.toEqual(expect.arrayContaining(["oneOf"]));
      expect(json.required).toContain("summary");
    }
  });

  test("P3: the orchestrator hands in a plan, or says what is missing", () => {
    expect(PlanSubmission.safeParse(soundPlan()).success).toBe(true);
    expect(PlanSubmission.safeParse(BLOCKED).success).toBe(true);
    expect(PlanSubmission.safeParse({ summary: "nothing" }).success).toBe(false);
    expect(Plan.safeParse(BLOCKED).success).toBe(false);
  });

  test("F9: needs_review is taken in with its doubt as a finding that everybody sees", () => {
    const judged = judge(
      {
        status: "submitted",
        result: { status: "needs_review", summary: "lock order unsure", files_modified: ["a.go"] },
        files: ["a.go"],
        hasCommit: true,
        refusedBecause: [],
        missingSkills: [],
      },
      {
        task: plannedTask("handler"),
        schema: resultSchemaOf({ role: "backend-developer" }),
        writes: true,
      },
    );
    expect(judged).toMatchObject({
      kind: "accept",
      findings: [{ severity: "needs_review", text: "lock order unsure", blocking: false }],
    });
  });
});
