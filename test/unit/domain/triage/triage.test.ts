import { describe, expect, test } from "vitest";
import { delegatePlan, scopeQuestion } from "../../../../src/domain/plan/delegate-plan.ts";
import { Plan } from "../../../../src/domain/plan/plan.ts";
import { planProblems } from "../../../../src/domain/plan/soundness.ts";
import { QuestionDraft } from "../../../../src/domain/specialist/results.ts";
import { rosterOf, SPECIALISTS } from "../../../../src/domain/specialist/specialists.ts";
import type { Triage } from "../../../../src/domain/triage/mode.ts";
import { triage } from "../../../../src/domain/triage/triage.ts";
import { HELD_OUT_CASES } from "../../../helpers/held-out-triage-cases.ts";
import { MORE_TRIAGE_CASES } from "../../../helpers/more-triage-cases.ts";
import { plannedTask, soundPlan } from "../../../helpers/run-facts.ts";
import { TRIAGE_CASES, type TriageCase } from "../../../helpers/triage-cases.ts";

const CASES = [...TRIAGE_CASES, ...MORE_TRIAGE_CASES];
const ROSTER = rosterOf({
  agents: SPECIALISTS.map((role) => ({ name: role.name })) as never,
  skills: [],
  routes: [],
  diagnostics: [],
});

function triaged(one: Pick<TriageCase, "title" | "body" | "labels" | "command">): Triage {
  const { title, body = "", labels = [], command = "" } = one;
  return triage({ title, body, labels, command });
}

function specialists(got: Triage): string {
  return [...new Set(got.delegates.map((delegate) => delegate.specialist))].join();
}

/** What is wrong with the decision on a labelled issue; undefined when it is the label's. */
function miss(one: TriageCase): string | undefined {
  const got = triaged(one);
  const concerns = got.concerns.map((found) => found.concern).join();
  const right =
    got.mode === one.mode &&
    (one.who === undefined || specialists(got) === one.who) &&
    (one.concerns === undefined || one.concerns.join() === concerns);
  return right
    ? undefined
    : `${one.row} ${one.title}: ${got.mode} ${specialists(got)} [${concerns}]`;
}

function requirement(id: string, text: string): { id: string; text: string } {
  return { id, text };
}

describe("triage", () => {
  test(`A4-A8, A11: the decision table of ${CASES.length} labelled issues holds to 100 %`, () => {
    expect(CASES.length).toBeGreaterThanOrEqual(60);
    expect(CASES.flatMap((one) => miss(one) ?? [])).toEqual([]);
  });

  test(`A4: of ${HELD_OUT_CASES.length} issues that the words were never tuned on, four of five are decided as a person would`, () => {
    const wrong = HELD_OUT_CASES.flatMap((one) => miss(one) ?? []).length;
    const right = HELD_OUT_CASES.length - wrong;
    console.info(`triage on held-out issues: ${right} of ${HELD_OUT_CASES.length} right`);
    expect(right / HELD_OUT_CASES.length).toBeGreaterThanOrEqual(0.8);
  });

  test("X4: acceptance tests are the tester's; the engineer's only for the whole system with real services", () => {
    const rows = [
      ["Acceptance tests for the job pipeline", "backend-tester"],
      ["Acceptance tests of the whole system", "backend-tester"],
      ["Acceptance tests against real AWS queues", "backend-tester"],
      ["Acceptance tests of the whole system with real AWS queues", "acceptance-test-engineer"],
    ] as const;
    for (const [title, who] of rows)
      expect(triaged({ title }).delegates, title).toEqual([
        { specialist: who, mode: "acceptance" },
      ]);
  });

  test("F2, F4: who gets which work when one specialist is enough", () => {
    const rows = [
      ["Which service boundaries should the asset store have?", "backend-lead architecture"],
      ["Do a code review of the job runner", "backend-lead review"],
      ["Fix the nil check in the asset handler", "backend-developer implementation"],
      ["More unit tests for the parser, please", "backend-tester unit"],
      ["Integration tests for the asset repository", "backend-tester integration"],
      ["Security audit of the token endpoint", "backend-security-reviewer security"],
      ["Talk to the third-party risk API of the insurer", "integration-developer implementation"],
    ] as const;
    for (const [title, wanted] of rows)
      expect(
        triaged({ title }).delegates.map(({ specialist, mode }) => `${specialist} ${mode}`),
        title,
      ).toEqual([wanted]);
  });

  test("A4: each concern comes with the words that gave it", () => {
    const got = triaged({
      title: "Implement POST /api/assets with validation, DynamoDB storage, and tests",
    });
    expect(got.concerns).toEqual([
      { concern: "implementation", words: ["implement"] },
      { concern: "testing", words: ["tests"] },
      { concern: "security", words: ["post endpoint"] },
    ]);
    expect(got.phases).toEqual(["implementation", "testing", "quality"]);
    expect(got.reason).toContain('implementation ("implement"), testing ("tests") and security');
  });

  test("A5: a refactoring over several packages is designed before it is done", () => {
    expect(
      triaged({ title: "Split the store package into reader and writer packages" }).phases,
    ).toEqual(["architecture", "implementation", "testing", "quality"]);
  });

  test("X14: a delegated run says so, and that Step 1 and the verification still apply", () => {
    const { reason } = triaged({ title: "Fix nil check in handler" });
    expect(reason).toContain("backend-developer does it directly");
    expect(reason).toContain("Step 1 and the verification still apply");
  });

  test("A11: a frontend hand-off names frontend-orchestrator and has no phase", () => {
    const got = triaged({ title: "Add dark mode to the React app" });
    expect(got.phases).toEqual([]);
    expect(got.delegates).toEqual([]);
    expect(got.reason).toContain("frontend-orchestrator");
  });

  test("R9: --phases decides alone what is asked for", () => {
    const request = { title: "Implement export and tests", body: "", labels: [], command: "" };
    expect(triage({ ...request, phases: ["testing"] }).mode).toBe("testing-only");
    expect(triage({ ...request, phases: ["architecture"] }).mode).toBe("architecture-only");
    expect(triage({ ...request, phases: ["testing", "quality"] }).mode).toBe("orchestrate");
  });

  test("H2: the test modes of a pure testing request follow its words", () => {
    expect(triaged({ title: "Unit and acceptance tests for the exporter" }).delegates).toEqual([
      { specialist: "backend-tester", mode: "unit" },
      { specialist: "backend-tester", mode: "acceptance" },
    ]);
  });
});

describe("the plan of a delegated run", () => {
  test("A6: exactly one specialist, and sound in its mode", () => {
    for (const one of CASES.filter((labelled) => labelled.who !== undefined)) {
      const got = triaged(one);
      const plan = Plan.parse(delegatePlan(got, { title: one.title, requirements: [] }));
      expect(planProblems(plan, ROSTER, got.mode), one.title).toEqual([]);
      expect(new Set(plan.phases.flatMap((p) => p.tasks.map((t) => t.specialist))).size).toBe(1);
      expect(plan.phases.map((p) => p.phase)).toEqual([
        "architecture",
        "implementation",
        "testing",
        "quality",
      ]);
    }
  });

  test("X14: the tests are still run: the skipped phase says that the host does it", () => {
    const plan = delegatePlan(triaged({ title: "Fix nil check in handler" }), {
      title: "Fix nil check in handler",
      requirements: [requirement("R1", "no panic")],
    });
    expect(plan.phases[2]?.skip_reason).toContain(
      "the host runs the repository's whole build and tests",
    );
    expect(plan.phases[1]?.tasks[0]).toMatchObject({ id: "do-it", requirements: ["R1"] });
  });

  test("A6: soundness holds a delegated plan to its one specialist and an orchestrated one to tests and review", () => {
    const single = delegatePlan(triaged({ title: "Fix nil check in handler" }), {
      title: "Fix nil check",
      requirements: [],
    });
    expect(planProblems(single, ROSTER, "delegate")).toEqual([]);
    expect(planProblems(single, ROSTER)).toHaveLength(2);
    expect(planProblems(soundPlan(), ROSTER, "delegate")[0]).toContain("exactly one specialist");
    single.phases[1]?.tasks.push(plannedTask("second"));
    expect(planProblems(single, ROSTER, "delegate")).toEqual([
      "A delegated run has exactly one task.",
    ]);
  });

  test("A7: a pure testing run plans nothing but tests", () => {
    const plan = delegatePlan(triaged({ title: "Add unit tests for the parser" }), {
      title: "Add unit tests for the parser",
      requirements: [],
    });
    plan.phases[1] = { phase: "implementation", tasks: [plannedTask("sneak")] };
    expect(planProblems(plan, ROSTER, "testing-only")).toEqual([
      "The run is given to exactly one specialist, the plan names backend-developer, backend-tester.",
      "The run is only about testing: skip implementation.",
    ]);
  });

  test("P9: a full-stack plan without a design that agrees the contract is refused", () => {
    expect(planProblems(soundPlan(), ROSTER, "full-stack")).toEqual([
      "A full-stack run agrees its API contract first: plan an architecture task that states it.",
    ]);
  });

  test("A11: a hand-off plans nothing", () => {
    expect(planProblems(soundPlan(), ROSTER, "frontend-hand-off")[0]).toContain("handed over");
  });

  test("A10: a scope that outgrew its triage becomes a question with a way to plan anew", () => {
    const question = scopeQuestion("the store needs a migration of 40 tables.");
    expect(QuestionDraft.safeParse(question).success).toBe(true);
    expect(question.options.map((option) => option.label)).toContain("Plan it anew");
  });
});
