import { describe, expect, test } from "vitest";
import {
  budgetDecision,
  budgetQuestion,
  spendingOf,
} from "../../../../src/domain/budget/budget.ts";
import {
  type EstimateQuery,
  estimateTime,
  forecastPlan,
  type HistoryRecord,
  historyOf,
  type TaskType,
  taskTypeOf,
} from "../../../../src/domain/budget/estimate.ts";
import { DispatchId, TaskId } from "../../../../src/domain/ids.ts";
import type { LedgerFact, Usage } from "../../../../src/domain/run/ledger-event.ts";
import { QuestionDraft } from "../../../../src/domain/specialist/results.ts";
import { estimateWords, forecastWords } from "../../../../src/reports/estimate.ts";
import { soundPlan, viewOf } from "../../../helpers/run-facts.ts";

const MINUTE = 60_000;
const QUERY: EstimateQuery = {
  repositoryId: 7,
  specialist: "backend-developer",
  phase: "implementation",
  taskType: "implementation",
};

function records(n: number, change: Partial<HistoryRecord> = {}): HistoryRecord[] {
  return Array.from({ length: n }, (_, i) => ({
    ...QUERY,
    durationMs: (i + 1) * MINUTE,
    tokens: 1_000 * (i + 1),
    usd: 0.1,
    ...change,
  }));
}

function usage(usd: number | null): Usage {
  return { calls: 1, inputTokens: 100, outputTokens: 50, cachedTokens: 0, usd };
}

function dispatched(attempt: number, usd: number | null): LedgerFact[] {
  const dispatch = {
    dispatchId: DispatchId.parse(`7-12-r1.handler.${attempt}`),
    taskId: TaskId.parse("handler"),
    role: "backend-developer",
  };
  return [
    { type: "dispatch-started", ...dispatch, attempt, baseSha: viewOf().headSha },
    {
      type: "dispatch-ended",
      ...dispatch,
      status: "submitted",
      files: [],
      usage: usage(usd),
      durationMs: 2_000,
    },
  ];
}

const ACCEPTED: LedgerFact = {
  type: "task-accepted",
  taskId: TaskId.parse("handler"),
  phase: "implementation",
  summary: "done",
};

describe("estimates", () => {
  test.each<[TaskType, number]>([
    ["research", 24],
    ["test-writing", 20],
    ["implementation", 12],
    ["review", 8],
    ["simple", 3],
    ["unknown", 15],
  ])("M3: without measurements a human estimate of %s is divided by %i", (taskType, divisor) => {
    expect(estimateTime([], { ...QUERY, taskType, humanMinutes: 240 })).toEqual({
      basis: "prior",
      ms: (240 * MINUTE) / divisor,
      humanMinutes: 240,
      divisor,
    });
  });

  test("M3: four measurements do not outweigh the prior, five do", () => {
    expect(estimateTime(records(4), QUERY).basis).toBe("prior");
    expect(estimateTime(records(5), QUERY)).toEqual({
      basis: "measured",
      n: 5,
      medianMs: 3 * MINUTE,
      p90Ms: 5 * MINUTE,
      from: "repository",
    });
  });

  test("M3: five of other repositories count when this one has fewer; another specialist's never do", () => {
    const foreign = records(5, { repositoryId: 9 });
    expect(estimateTime([...records(4), ...foreign], QUERY)).toMatchObject({
      n: 9,
      from: "everywhere",
    });
    expect(estimateTime(records(9, { specialist: "backend-tester" }), QUERY).basis).toBe("prior");
  });

  test("M2: an estimate shown to people says what it rests on", () => {
    expect(estimateWords(estimateTime(records(5), QUERY))).toBe(
      "about 3 min (measured, n = 5, median; P90 5 min)",
    );
    expect(estimateWords(estimateTime([], { ...QUERY, humanMinutes: 240 }))).toBe(
      "about 20 min (prior: 4 h by hand, divided by 12; nothing measured yet)",
    );
  });

  test("M1: what accepted tasks took goes into the history, all attempts together", () => {
    const plan: LedgerFact = { type: "plan-accepted", plan: soundPlan() };
    const view = viewOf(plan, ...dispatched(1, 0.2), ...dispatched(2, 0.3), ACCEPTED);
    expect(historyOf(view)).toEqual([
      {
        repositoryId: 7,
        specialist: "backend-developer",
        phase: "implementation",
        taskType: "implementation",
        durationMs: 4_000,
        tokens: 300,
        usd: 0.5,
      },
    ]);
    expect(historyOf(viewOf(plan, ...dispatched(1, 0.2)))).toEqual([]);
  });

  test("U5: an attempt without a price makes the task's cost unknown", () => {
    const plan: LedgerFact = { type: "plan-accepted", plan: soundPlan() };
    const view = viewOf(plan, ...dispatched(1, 0.2), ...dispatched(2, null), ACCEPTED);
    expect(historyOf(view)[0]?.usd).toBeNull();
  });

  test("M1: the kind of a task follows its mode; the host's rounds of fixing are simple changes", () => {
    expect(taskTypeOf({ mode: "integration" })).toBe("test-writing");
    expect(taskTypeOf({ mode: "implementation" }, true)).toBe("simple");
    expect(taskTypeOf({})).toBe("unknown");
  });
});

describe("U5: the forecast of a plan", () => {
  test("three testers together take as long as the slowest, and the label says prior", () => {
    const forecast = forecastPlan(soundPlan(), [], { repositoryId: 7, priceOf: () => null });
    expect(forecast).toMatchObject({ basis: "prior", usd: null, tasks: 6, measuredTasks: 0 });
    expect(forecast.ms / MINUTE).toBe(240 / 12 + 120 / 20 + 2 * (60 / 8));
    expect(forecastWords(forecast)).toBe(
      "about 41 min, 1,450,000 tokens, cost unknown (prior, nothing measured yet)",
    );
  });

  test("measured tasks are said to be measured, and their prices are used", () => {
    const forecast = forecastPlan(soundPlan(), records(6, { usd: 2 }), {
      repositoryId: 7,
      priceOf: () => 1,
    });
    expect(forecast).toMatchObject({ basis: "mixed", measuredTasks: 1, usd: 2 + 5 });
    expect(forecastWords(forecast)).toContain("1 of 6 tasks measured, the rest prior");
  });

  test("a measurement without a price is not made cheaper by those that have one", () => {
    const history = [...records(5, { usd: 0.01 }), ...records(1, { usd: null })];
    const forecast = forecastPlan(soundPlan(), history, { repositoryId: 7, priceOf: () => null });
    expect(forecast.usd).toBeNull();
  });
});

describe("U5: the budget", () => {
  const budget = { usd: 10, tokens: 1_000 };

  test.each<[number, string]>([
    [0, "go"],
    [4.99, "go"],
    [5, "warn"],
    [7.99, "warn"],
    [8, "ask"],
    [9.99, "ask"],
    [10, "spent"],
    [12, "spent"],
  ])("of $10, %d: %s", (usd, kind) => {
    expect(budgetDecision({ budget, used: { tokens: 0, usd }, agreed: false }).kind).toBe(kind);
  });

  test("before the start the forecast is asked about at 80 %", () => {
    const used = { tokens: 0, usd: 0 };
    const ahead = { tokens: 10, usd: 8.5 };
    expect(budgetDecision({ budget, used, ahead, agreed: false })).toEqual({
      kind: "ask",
      because: "the run would use 85 % of the limit of $10.00",
    });
    expect(
      budgetDecision({ budget, used, ahead: { tokens: 10, usd: 7 }, agreed: false }).kind,
    ).toBe("go");
  });

  test("who agreed at 80 % is not asked again, and the limit still stops", () => {
    expect(budgetDecision({ budget, used: { tokens: 0, usd: 9 }, agreed: true }).kind).toBe("warn");
    expect(budgetDecision({ budget, used: { tokens: 1_000, usd: 9 }, agreed: true })).toEqual({
      kind: "spent",
      because: "the limit of 1,000 tokens is used up",
    });
  });

  test("a run that took too long is stopped by its time", () => {
    const used = spendingOf(viewOf(), 61 * MINUTE);
    expect(budgetDecision({ budget: { ms: 60 * MINUTE }, used, agreed: true }).kind).toBe("spent");
  });

  test("a cost that became unknown still stops at the limit by the part that is known", () => {
    const plan: LedgerFact = { type: "plan-accepted", plan: soundPlan() };
    const used = spendingOf(viewOf(plan, ...dispatched(1, 12), ...dispatched(2, null)));
    expect(used).toEqual({ tokens: 300, usd: null, knownUsd: 12 });
    expect(budgetDecision({ budget, used, agreed: true }).kind).toBe("spent");
  });

  test("the question recommends to stop, because silence must not spend", () => {
    const question = budgetQuestion("the run has used 80 % of the limit of $10.00");
    expect(QuestionDraft.safeParse(question).success).toBe(true);
    expect(question.recommended).toBe("b");
  });
});
