import { describe, expect, test } from "vitest";
import { DispatchId, TaskId } from "../../../../src/domain/ids.ts";
import { PlannedTask } from "../../../../src/domain/plan/plan.ts";
import type { LedgerFact } from "../../../../src/domain/run/ledger-event.ts";
import type { ClarifiedBy } from "../../../../src/domain/run/method-facts.ts";
import {
  attemptedFor,
  type Blockage,
  consultAnswer,
  isTarget,
  routeBlocked,
  triedBy,
} from "../../../../src/domain/specialist/blocked-routing.ts";
import { type Clarification, clarify } from "../../../../src/domain/specialist/clarification.ts";
import { BlockedReason, QuestionDraft } from "../../../../src/domain/specialist/results.ts";
import { SPECIALISTS } from "../../../../src/domain/specialist/specialists.ts";
import { evidenceOf, plannedTask, sha, soundPlan, viewOf } from "../../../helpers/run-facts.ts";

const ROSTER = SPECIALISTS.map((role) => role.name);
const PLAN: LedgerFact = { type: "plan-accepted", plan: soundPlan() };
const HANDLER = plannedTask("handler");
const STORE: QuestionDraft = {
  text: "Which store should assets use?",
  options: [
    { key: "a", label: "memory", consequence: "simple" },
    { key: "b", label: "disk", consequence: "survives a restart" },
  ],
  recommended: "a",
};

function blockage(reason: BlockedReason): Blockage {
  return { reason, issue: "no way on.", attempted: ["read the code"], recommend: "decide" };
}

function design(decision: object): LedgerFact[] {
  const plan = soundPlan();
  plan.phases[0] = {
    phase: "architecture",
    tasks: [plannedTask("design", { specialist: "backend-lead", mode: "architecture" })],
  };
  return [
    { type: "plan-accepted", plan },
    {
      type: "task-accepted",
      taskId: TaskId.parse("design"),
      phase: "architecture",
      summary: "decided",
      result: { status: "complete", summary: "decided", decision },
    },
  ];
}

function clarified(
  facts: LedgerFact[],
  change: Partial<Parameters<typeof clarify>[1]> = {},
): Clarification {
  return clarify(STORE, {
    asker: HANDLER,
    view: viewOf(...facts),
    research: [],
    tried: [],
    roster: ROSTER,
    ...change,
  });
}

describe("P7: who looks at a blocked task", () => {
  test.each<[BlockedReason, string]>([
    ["security", "backend-security-reviewer security"],
    ["architecture", "backend-lead architecture"],
    ["tests", "backend-tester unit"],
    ["requirements", "user"],
    ["environment", "user"],
    ["other", "user"],
  ])("%s goes to %s", (reason, who) => {
    const route = routeBlocked(blockage(reason), { task: HANDLER, roster: ROSTER, view: viewOf() });
    const got =
      route.kind === "user" ? "user" : `${route.task.specialist} ${route.task.mode ?? ""}`;
    expect(got).toBe(who);
    if (route.kind === "specialist") {
      expect(PlannedTask.safeParse(route.task).success).toBe(true);
      expect(route.task.objective).toContain("handler");
      expect(route.task.inputs[0]).toContain("read the code");
    }
  });

  test("every reason has a way", () => {
    for (const reason of BlockedReason.options)
      expect(
        routeBlocked(blockage(reason), { task: HANDLER, roster: ROSTER, view: viewOf() }),
      ).toBeDefined();
  });

  test("people are asked when the helper is the blocked one, is missing, or was asked before", () => {
    const lead = plannedTask("design", { specialist: "backend-lead", mode: "architecture" });
    const asked = viewOf({
      type: "routed",
      taskId: HANDLER.id,
      reason: "architecture",
      to: "backend-lead",
    });
    const ways = [
      routeBlocked(blockage("architecture"), { task: lead, roster: ROSTER, view: viewOf() }),
      routeBlocked(blockage("architecture"), {
        task: HANDLER,
        roster: ["backend-developer"],
        view: viewOf(),
      }),
      routeBlocked(blockage("architecture"), { task: HANDLER, roster: ROSTER, view: asked }),
    ];
    expect(ways.map((way) => way.kind)).toEqual(["user", "user", "user"]);
    expect(
      routeBlocked(blockage("security"), { task: HANDLER, roster: ROSTER, view: asked }).kind,
    ).toBe("specialist");
  });

  test("a helper's result becomes the answer, a major trade-off goes on to people", () => {
    const decision = {
      recommendation: "Use one table.",
      alternatives_considered: [
        { name: "one", summary: "x" },
        { name: "two", summary: "y" },
      ],
      trade_offs: { gains: ["g"], loses: ["l"] },
      rationale: "Reads dominate.",
      boundaries: ["the handler calls the store"],
      schema: [],
      contracts: ["GET /x"],
      major_trade_off: false,
    };
    const result = { status: "complete", summary: "s", decision };
    expect(consultAnswer(result)).toBe("Use one table. Reads dominate. GET /x");
    expect(
      consultAnswer({ ...result, decision: { ...decision, major_trade_off: true } }),
    ).toBeUndefined();
    expect(consultAnswer({ status: "blocked" })).toBeUndefined();
  });

  test("P12: what was attempted comes from the ledger and is never empty", () => {
    expect(attemptedFor(viewOf(PLAN), "handler")).toEqual(["planned task handler"]);
    const dispatched: LedgerFact = {
      type: "dispatch-started",
      dispatchId: DispatchId.parse("7-12-r1.handler.1"),
      taskId: TaskId.parse("handler"),
      role: "backend-developer",
      attempt: 1,
      baseSha: sha("0"),
    };
    const ran: LedgerFact = {
      type: "evidence",
      purpose: "x",
      evidence: evidenceOf({ exitCode: 1 }),
    };
    expect(attemptedFor(viewOf(PLAN, dispatched, ran), "handler")).toEqual([
      "dispatched backend-developer for handler (attempt 1: under way)",
      "ran npm test (exit 1)",
    ]);
  });

  test("P12: a specialist that says it tried nothing adds nothing to what was attempted", () => {
    const said = { reason: "other", issue: "stuck", recommend: "user" } as const;
    const attempted = ["Nothing.", "none", "n/a", "read the schema", "nothing but the tests"];
    expect(triedBy({ ...said, attempted })).toEqual(["read the schema", "nothing but the tests"]);
    expect(triedBy(undefined)).toEqual([]);
  });

  test("P6: a recommendation names a specialist, an orchestrator or people", () => {
    for (const name of [...ROSTER, "user", "frontend-orchestrator", "backend-orchestrator"])
      expect(isTarget(name), name).toBe(true);
    for (const name of ["somebody", "", "backend-wizard"]) expect(isTarget(name), name).toBe(false);
  });
});

describe("F9: who answers a specialist's question", () => {
  test("the accepted design answers before anybody is asked", () => {
    const facts = design({ recommendation: "Assets are stored in one store on disk." });
    expect(clarified(facts)).toMatchObject({ by: "plan", source: "the design of design" });
    expect((clarified(facts) as { answer: string }).answer).toMatch(/^disk/);
  });

  test("what was weighed and rejected does not answer", () => {
    const facts = design({
      recommendation: "Keep it simple.",
      alternatives_considered: [{ name: "disk", summary: "the assets' store lies on disk" }],
    });
    expect(clarified(facts).by).toBe("lead");
  });

  test("two options in the sources, or a negated one, answer nothing", () => {
    expect(
      clarified(
        design({
          recommendation: "The assets' store is in memory. Its assets store goes to disk.",
        }),
      ).by,
    ).toBe("lead");
    expect(clarified(design({ recommendation: "Assets do not use a store on disk." })).by).toBe(
      "lead",
    );
  });

  test("then the repository's own words, then the lead, then people", () => {
    const research = [{ name: "README.md", text: "The asset store is kept in memory." }];
    expect(clarified([PLAN], { research })).toMatchObject({ by: "research", source: "README.md" });
    const order: ClarifiedBy[] = [];
    for (let step = 0; step < 4; step++) {
      const got = clarified([PLAN], { research, tried: order });
      order.push(got.by);
      if (got.by === "user") break;
    }
    expect(order).toEqual(["research", "lead", "user"]);
  });

  test("an earlier answer to the same question is not asked for again", () => {
    const facts: LedgerFact[] = [
      PLAN,
      { type: "question-asked", number: 1, question: STORE, mayAnswer: "alice" },
      { type: "question-answered", number: 1, by: "alice", answer: "disk, please" },
    ];
    expect(clarified(facts)).toEqual({
      by: "plan",
      answer: "disk, please",
      source: "the answer to Q1",
    });
  });

  test("P2, P3: money, law and what cannot be undone go to people, whatever the sources say", () => {
    const question = { ...STORE, text: "Which store should assets use within the budget?" };
    const view = viewOf(...design({ recommendation: "Assets are stored in one store on disk." }));
    expect(
      clarify(question, { asker: HANDLER, view, research: [], tried: [], roster: ROSTER }).by,
    ).toBe("user");
  });

  test("a lead that asks is answered by people", () => {
    const asker = plannedTask("design", { specialist: "backend-lead", mode: "architecture" });
    expect(clarified([PLAN], { asker })).toEqual({ by: "user", why: "the lead itself asks" });
  });

  test("the lead is given the question with its options as a task of its own", () => {
    const got = clarified([PLAN]);
    if (got.by !== "lead") throw new Error(`answered by ${got.by}`);
    expect(PlannedTask.safeParse(got.task).success).toBe(true);
    expect(got.task.inputs).toEqual(["a) memory: simple", "b) disk: survives a restart"]);
  });
});
