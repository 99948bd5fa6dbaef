import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Budget,
  budgetDecision,
  plus,
  type Spending,
} from "../../src/domain/budget/budget.ts";
import { budgetOf, shareOf, workedMs } from "../../src/domain/budget/run-budget.ts";
import { PHASES } from "../../src/domain/phase.ts";
import type { LedgerFact } from "../../src/domain/run/ledger-event.ts";
import { ledgerOf } from "../helpers/run-facts.ts";

const SOURCES = fc.record({
  limits: fc.record({
    maxTokens: fc.integer({ min: 1, max: 10_000 }),
    maxUsd: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
  }),
  profile: fc.option(
    fc.record({
      tokens: fc.integer({ min: 1, max: 10_000 }),
      usd: fc.integer({ min: 1, max: 100 }),
    }),
    { nil: undefined },
  ),
  askedUsd: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
});

/** Rounds of dispatches side by side, and the part of its share that each uses. */
const ROUNDS = fc.array(
  fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 }),
  { maxLength: 30 },
);

/** Dispatches round by round as the workflow does: decide, share what is left, take in what was used. */
function play(
  budget: Budget & { tokens: number },
  rounds: readonly (readonly number[])[],
): Spending {
  let used: Spending = { tokens: 0, usd: 0 };
  for (const round of rounds) {
    if (budgetDecision({ budget, used, agreed: true }).kind === "spent") break;
    const share = shareOf(budget, used, round.length);
    for (const part of round)
      used = plus(used, { tokens: Math.floor(share.tokens * part), usd: (share.usd ?? 0) * part });
  }
  return used;
}

test("U5, Q5: whoever keeps to its share, no run overspends its limit, however many work side by side", () => {
  fc.assert(
    fc.property(SOURCES, ROUNDS, (sources, rounds) => {
      const budget = budgetOf({ ...sources, setUsd: undefined, grants: 0 });
      const used = play(budget, rounds);
      expect(used.tokens).toBeLessThanOrEqual(budget.tokens);
      expect(used.usd ?? 0).toBeLessThanOrEqual((budget.usd ?? 0) * (1 + 1e-9));
    }),
  );
});

test("U5: rounds begin only below the limit, so that at most one round goes beyond it, whatever its dispatches use", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000 }),
      fc.array(fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 4 })),
      (tokens, rounds) => {
        let used: Spending = { tokens: 0, usd: null };
        for (const round of rounds) {
          const before = used.tokens;
          if (budgetDecision({ budget: { tokens }, used, agreed: true }).kind === "spent") return;
          for (const one of round) used = plus(used, { tokens: one, usd: null });
          expect(before).toBeLessThan(tokens);
        }
      },
    ),
  );
});

test("Q5: neither the repository nor the command widens what the operator allows; a person does", () => {
  fc.assert(
    fc.property(SOURCES, fc.integer({ min: 1, max: 500 }), (sources, setUsd) => {
      const of = { ...sources, setUsd: undefined, grants: 0 };
      const budget = budgetOf(of);
      expect(budget.tokens).toBeLessThanOrEqual(sources.limits.maxTokens);
      if (sources.limits.maxUsd !== undefined)
        expect(budget.usd).toBeLessThanOrEqual(sources.limits.maxUsd);
      expect(budgetOf({ ...of, setUsd }).usd).toBe(setUsd);
    }),
  );
});

const WAIT: LedgerFact = { type: "waiting", wait: { for: "person", detail: "" }, id: "w" };
const FACT = fc.constantFrom<LedgerFact>(
  { type: "phase-started", phase: PHASES[1] },
  WAIT,
  { type: "resumed", by: "bob", id: "w" },
  { type: "waiting", wait: { for: "ci", detail: "" }, id: "ci" },
  { type: "blocked", issue: "i", attempted: ["a"], recommend: "user", capability: "c" },
  { type: "reopened", by: "bob", reason: "retry", phases: [] },
);

test("Q5: time at work never exceeds the time that passed, and never goes back", () => {
  fc.assert(
    fc.property(fc.array(FACT, { maxLength: 30 }), (facts) => {
      const events = ledgerOf(...facts);
      let before = 0;
      for (let n = 1; n <= events.length; n++) {
        const worked = workedMs(events.slice(0, n));
        expect(worked).toBeGreaterThanOrEqual(before);
        expect(worked).toBeLessThanOrEqual((n - 1) * 1_000);
        before = worked;
      }
    }),
  );
});

test("Q5: waits for people and the rest after an end are not time at work", () => {
  // One second lies between two facts.
  const events = ledgerOf(WAIT, { type: "note", text: "" }, { type: "resumed", by: "b", id: "w" });
  expect(workedMs(events)).toBe(1_000);
});
