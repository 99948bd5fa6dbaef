import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loopCounters, loopDecision, NO_LOOPS } from "../../src/domain/gate/loops.ts";
import { TaskId } from "../../src/domain/ids.ts";
import { Limits } from "../../src/domain/limits.ts";
import { LedgerFact } from "../../src/domain/run/ledger-event.ts";
import { RoundGate } from "../../src/domain/run/method-facts.ts";

const LIMITS = Limits.parse({});
const ROUND_GATES = RoundGate.options;
const GATE = fc.constantFrom(...ROUND_GATES);
const TASK = fc.constantFrom("handler", "fix-1", "fix-2", "unit").map((id) => TaskId.parse(id));
const FAILED: fc.Arbitrary<LedgerFact> = fc.record({
  type: fc.constant("gate-failed" as const),
  gate: GATE,
  phase: fc.constantFrom("implementation" as const, "testing" as const, "quality" as const),
  taskId: TASK,
  signature: fc.constantFrom("s1", "s2", "s3"),
  problems: fc.constant<string[]>(["p"]),
});
const PASSED: fc.Arbitrary<LedgerFact> = fc.record({
  type: fc.constant("gate-passed" as const),
  gate: GATE,
  phase: fc.constant("quality" as const),
  taskId: TASK,
});
const DECIDED: fc.Arbitrary<LedgerFact> = fc.record({
  type: fc.constant("loop-decided" as const),
  by: fc.constant("alice"),
  verdict: fc.constantFrom("continue" as const, "accept" as const, "abort" as const),
  gate: GATE,
  text: fc.constant("because"),
  open: fc.constant<string[]>([]),
});
const NOISE: fc.Arbitrary<LedgerFact> = fc.record({
  type: fc.constant("note" as const),
  text: fc.string(),
});
const FACTS = fc.array(fc.oneof(FAILED, PASSED, DECIDED, NOISE), { maxLength: 40 });

function renamed(fact: LedgerFact): LedgerFact {
  return "taskId" in fact ? LedgerFact.parse({ ...fact, taskId: "another-name" }) : fact;
}

describe("I7: the counters are a fold of the ledger", () => {
  test("stored and read again, with other task names and other facts between, they are the same", () => {
    fc.assert(
      fc.property(FACTS, (facts) => {
        const whole = loopCounters(facts, LIMITS);
        const reread = facts.map((fact) => LedgerFact.parse(JSON.parse(JSON.stringify(fact))));
        expect(loopCounters(reread, LIMITS)).toEqual(whole);
        expect(loopCounters(facts.map(renamed), LIMITS)).toEqual(whole);
        expect(
          loopCounters(
            facts.filter((fact) => fact.type !== "note"),
            LIMITS,
          ),
        ).toEqual(whole);
      }),
    );
  });

  test("cycles never fall, and only people's continue grants more", () => {
    fc.assert(
      fc.property(FACTS, (facts) => {
        let before = NO_LOOPS;
        for (const [index] of facts.entries()) {
          const now = loopCounters(facts.slice(0, index + 1), LIMITS);
          expect(now.cycles).toBeGreaterThanOrEqual(before.cycles);
          before = now;
        }
        const granted = facts.filter(
          (f) => f.type === "loop-decided" && f.verdict === "continue",
        ).length;
        expect(before.granted).toBe(granted * LIMITS.continueAdds);
        expect(before.cycles).toBe(facts.filter((f) => f.type === "gate-failed").length);
      }),
    );
  });

  test("without a person no run goes round more than the limit, whatever fails in which order", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(FAILED, PASSED), { minLength: 1, maxLength: 40 }), (facts) => {
        let rounds = 0;
        for (const [index, fact] of facts.entries()) {
          if (fact.type !== "gate-failed" || fact.gate === "result" || fact.gate === "base")
            continue;
          rounds += 1;
          const counters = loopCounters(facts.slice(0, index + 1), LIMITS);
          if (loopDecision(counters, fact.gate, LIMITS).kind === "escalate") break;
        }
        expect(rounds).toBeLessThanOrEqual(LIMITS.cycles);
      }),
    );
  });

  test("a revised approach, and nothing else, leaves no trace of what was counted before", () => {
    fc.assert(
      fc.property(FACTS, FACTS, (before, after) => {
        const revise: LedgerFact = {
          type: "loop-decided",
          by: "alice",
          verdict: "revise",
          gate: "tests",
          text: "another way",
          open: [],
        };
        expect(loopCounters([...before, revise, ...after], LIMITS)).toEqual(
          loopCounters(after, LIMITS),
        );
      }),
    );
  });
});
