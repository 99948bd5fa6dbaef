import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Budget,
  budgetDecision,
  plus,
  type Spending,
} from "../../src/domain/budget/budget.ts";
import {
  addPrices,
  ENOUGH,
  estimateTime,
  forecastPlan,
  type HistoryRecord,
  median,
  p90,
  TaskType,
} from "../../src/domain/budget/estimate.ts";
import { TaskId } from "../../src/domain/ids.ts";
import { PHASES } from "../../src/domain/phase.ts";
import { soundPlan } from "../helpers/run-facts.ts";

const TIMES = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 40 });
const PRICE = fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: null });
const RECORD: fc.Arbitrary<HistoryRecord> = fc.record({
  repositoryId: fc.constantFrom(7, 8),
  specialist: fc.constantFrom("backend-developer", "backend-tester", "backend-lead"),
  phase: fc.constantFrom(...PHASES),
  taskType: fc.constantFrom(...TaskType.options),
  durationMs: fc.integer({ min: 0, max: 3_600_000 }),
  tokens: fc.integer({ min: 0, max: 1_000_000 }),
  usd: PRICE,
});
const HISTORY = fc.array(RECORD, { maxLength: 60 });
const SPENDING: fc.Arbitrary<Spending> = fc.record({
  tokens: fc.integer({ min: 0, max: 2_000 }),
  usd: fc.option(fc.double({ min: 0, max: 20, noNaN: true }), { nil: null }),
});
const BUDGET: fc.Arbitrary<Budget> = fc.record(
  {
    tokens: fc.integer({ min: 1, max: 1_000 }),
    usd: fc.double({ min: 0.01, max: 10, noNaN: true }),
  },
  { requiredKeys: [] },
);
const RANK = { go: 0, warn: 1, ask: 2, spent: 3 } as const;

describe("statistics", () => {
  test("M1: median and P90 are values within the range, whatever the order", () => {
    fc.assert(
      fc.property(TIMES, (times) => {
        const [low, high] = [Math.min(...times), Math.max(...times)];
        expect(median(times)).toBeGreaterThanOrEqual(low);
        expect(median(times)).toBeLessThanOrEqual(p90(times) + (high - low));
        expect(p90(times)).toBeLessThanOrEqual(high);
        expect(times).toContain(p90(times));
        expect(median(times.toReversed())).toBe(median(times));
        expect(times.filter((time) => time <= p90(times)).length).toBeGreaterThanOrEqual(
          times.length * 0.9,
        );
      }),
    );
  });

  test("U5: one unknown price makes the sum unknown; it is never zero for it", () => {
    fc.assert(
      fc.property(fc.array(PRICE, { maxLength: 10 }), (prices) => {
        expect(addPrices(prices) === null).toBe(prices.includes(null));
      }),
    );
  });
});

describe("estimates", () => {
  const QUERY = {
    repositoryId: 7,
    specialist: "backend-developer",
    phase: "implementation",
    taskType: "implementation",
  } as const;

  test("M3: measured exactly from five comparable tasks on, own repository before the others", () => {
    fc.assert(
      fc.property(HISTORY, (history) => {
        const same = history.filter(
          (one) =>
            one.specialist === QUERY.specialist &&
            one.phase === QUERY.phase &&
            one.taskType === QUERY.taskType,
        );
        const own = same.filter((one) => one.repositoryId === 7);
        const got = estimateTime(history, QUERY);
        expect(got.basis).toBe(same.length >= ENOUGH ? "measured" : "prior");
        if (got.basis === "measured") {
          expect(got.from).toBe(own.length >= ENOUGH ? "repository" : "everywhere");
          expect(got.n).toBe(own.length >= ENOUGH ? own.length : same.length);
        }
      }),
    );
  });

  test("U5: a forecast adds no time by parallel testers beyond the longest and never shows unknown as zero", () => {
    fc.assert(
      fc.property(HISTORY, PRICE, (history, price) => {
        const given = { repositoryId: 7, priceOf: () => price };
        const whole = forecastPlan(soundPlan(), history, given);
        expect(whole.tasks).toBe(6);
        expect(whole.ms).toBeGreaterThanOrEqual(0);
        if (price === null && whole.measuredTasks === 0) expect(whole.usd).toBeNull();
        const chained = soundPlan();
        const testing = chained.phases[2]?.tasks ?? [];
        testing[1]?.depends_on.push(TaskId.parse("unit"));
        testing[2]?.depends_on.push(TaskId.parse("integration"));
        expect(forecastPlan(chained, history, given).ms).toBeGreaterThanOrEqual(whole.ms);
      }),
    );
  });
});

describe("budgets", () => {
  test("U5: more spending never gets a milder decision", () => {
    fc.assert(
      fc.property(
        fc.record({ budget: BUDGET, used: SPENDING, more: SPENDING, agreed: fc.boolean() }),
        (one) => {
          const { budget, used, more, agreed } = one;
          const before = budgetDecision({ budget, used, agreed });
          const after = budgetDecision({ budget, used: plus(used, more), agreed });
          expect(RANK[after.kind]).toBeGreaterThanOrEqual(RANK[before.kind]);
        },
      ),
    );
  });

  test("U5: a used-up budget stops whatever was agreed, and no limit means no question", () => {
    fc.assert(
      fc.property(BUDGET, SPENDING, fc.boolean(), (budget, used, agreed) => {
        const over =
          (budget.tokens !== undefined && used.tokens >= budget.tokens) ||
          (budget.usd !== undefined && (used.usd ?? 0) >= budget.usd);
        expect(budgetDecision({ budget, used, agreed }).kind === "spent").toBe(over);
        expect(budgetDecision({ budget: {}, used, agreed }).kind).toBe("go");
      }),
    );
  });

  test("U5: a money limit with an unknown cost is asked about, never taken as kept", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (tokens) => {
        const used = { tokens, usd: null };
        expect(budgetDecision({ budget: { usd: 5 }, used, agreed: false }).kind).toBe("ask");
        expect(budgetDecision({ budget: { usd: 5 }, used, agreed: true }).kind).toBe("go");
      }),
    );
  });
});
