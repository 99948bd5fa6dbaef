import { describe, expect, test } from "vitest";
import {
  attemptDecision,
  type LoopDecision,
  loopCounters,
  loopDecision,
  loopHistory,
  loopQuestion,
  mayBeAccepted,
  readLoopAnswer,
} from "../../../../src/domain/gate/loops.ts";
import { TaskId } from "../../../../src/domain/ids.ts";
import { Limits } from "../../../../src/domain/limits.ts";
import type { LedgerFact } from "../../../../src/domain/run/ledger-event.ts";
import { Gate, type LoopVerdict, type RoundGate } from "../../../../src/domain/run/method-facts.ts";
import { QuestionDraft } from "../../../../src/domain/specialist/results.ts";

const LIMITS = Limits.parse({});

function failed(
  gate: Gate,
  signature: string,
  change: { task?: string; diff?: string } = {},
): LedgerFact {
  return {
    type: "gate-failed",
    gate,
    phase: gate === "tests" ? "testing" : "quality",
    taskId: TaskId.parse(change.task ?? "handler"),
    signature,
    problems: [`${gate} says ${signature}`],
    ...(change.diff === undefined ? {} : { diff: change.diff }),
  };
}

function passed(gate: Gate): LedgerFact {
  return { type: "gate-passed", gate, phase: "quality", taskId: TaskId.parse("handler") };
}

function decided(verdict: LoopVerdict): LedgerFact {
  return {
    type: "loop-decided",
    by: "alice",
    verdict,
    gate: "quality",
    text: "try a queue",
    open: [],
  };
}

function decide(gate: RoundGate, ...facts: LedgerFact[]): LoopDecision {
  return loopDecision(loopCounters(facts, LIMITS), gate, LIMITS);
}

describe("loops with limits", () => {
  test("the limits of the specification are the defaults", () => {
    expect(LIMITS).toMatchObject({
      cycles: 5,
      sameFailures: 3,
      patternRetries: 2,
      continueAdds: 3,
    });
  });

  test("I5: the same failure of a gate three times in a row goes to a person, twice does not", () => {
    const same = failed("tests", "e1 nil map");
    expect(decide("tests", same, same)).toEqual({ kind: "again", cycle: 3 });
    expect(decide("tests", same, same, same)).toEqual({
      kind: "escalate",
      why: "the gate tests failed 3 times in a row for the same reason",
    });
  });

  test("I6: a pattern is repeated twice, whatever fails in it", () => {
    expect(decide("quality", failed("quality", "a"), failed("security", "b")).kind).toBe("again");
    expect(
      decide("security", failed("quality", "a"), failed("quality", "b"), failed("security", "c")),
    ).toEqual({
      kind: "escalate",
      why: "quality failed 3 times; 2 repetitions did not mend it",
    });
  });

  test("I5: five cycles over all gates are the end, even when each pattern has room", () => {
    const rounds = [
      failed("requirements", "a"),
      failed("tests", "b"),
      failed("quality", "c"),
      failed("tests", "d"),
    ];
    expect(decide("tests", ...rounds)).toEqual({ kind: "again", cycle: 5 });
    expect(decide("requirements", ...rounds, failed("requirements", "e"))).toEqual({
      kind: "escalate",
      why: "5 rounds of implementing, reviewing and testing are used up",
    });
  });

  test("I10: the same change handed in three times is a loop, even when the words differ", () => {
    const rounds = ["x", "y", "z"].map((signature) => failed("tests", signature, { diff: "d1" }));
    expect(decide("tests", ...rounds)).toEqual({
      kind: "escalate",
      why: "the same change was handed in 3 times",
    });
  });

  test("I7: another task name changes nothing", () => {
    const same = ["handler", "fix-1", "brand-new"].map((task) => failed("tests", "e1", { task }));
    expect(decide("tests", ...same).kind).toBe("escalate");
  });

  test("a passed gate ends its pattern, not the cycles", () => {
    const rounds = [
      failed("tests", "a"),
      failed("tests", "b"),
      passed("tests"),
      failed("tests", "c"),
    ];
    expect(decide("tests", ...rounds)).toEqual({ kind: "again", cycle: 4 });
    expect(loopCounters(rounds, LIMITS).cycles).toBe(3);
  });

  test("I6: a person's continue adds three rounds, once each", () => {
    const same = Array.from({ length: 3 }, () => failed("tests", "e1"));
    expect(decide("tests", ...same, decided("continue")).kind).toBe("again");
    expect(decide("tests", ...same, decided("continue"), ...same.slice(1)).kind).toBe("again");
    expect(decide("tests", ...same, decided("continue"), ...same).kind).toBe("escalate");
  });

  test("I7: what people accept ends that gate's streak, and no cycle is forgotten", () => {
    const three = ["a", "b", "c"].map((signature) => failed("quality", signature));
    const facts = [...three, decided("accept")];
    expect(decide("security", ...facts, failed("security", "d")).kind).toBe("again");
    expect(loopCounters(facts, LIMITS)).toMatchObject({ cycles: 3, patterns: { quality: 0 } });
  });

  test("F7: attempts without a result are counted for each task, by the ledger", () => {
    const none = failed("result", "no result", { task: "unit" });
    const other = failed("result", "no result", { task: "handler" });
    function attempts(...facts: LedgerFact[]): string {
      return attemptDecision(facts, "unit", LIMITS).kind;
    }
    expect(attempts(none, other, none, other)).toBe("again");
    expect(attempts(none, none, none)).toBe("escalate");
    expect(attempts(none, none, none, decided("continue"), none, none)).toBe("again");
    expect(attempts(none, none, none, decided("revise"), none, none)).toBe("again");
    expect(loopCounters([none, none, none], LIMITS).cycles).toBe(0);
  });

  test("I7: only a revised approach begins to count anew", () => {
    const same = Array.from({ length: 3 }, () => failed("tests", "e1"));
    for (const verdict of ["accept", "abort"] as const)
      expect(decide("tests", ...same, decided(verdict)).kind).toBe("escalate");
    expect(loopCounters([...same, decided("revise")], LIMITS).cycles).toBe(0);
  });

  test("I6: the question has the four ways on, and recommends none that spends or gives in", () => {
    for (const gate of Gate.options) {
      const question = loopQuestion(gate, "tests failed 3 times", LIMITS);
      expect(QuestionDraft.safeParse(question).success).toBe(true);
      expect(question.options.map((option) => option.label)).toEqual([
        "Continue (+3)",
        "Accept with known issues",
        "Show the history",
        "Abort",
      ]);
      expect(question.recommended).toBe("c");
    }
    expect(loopQuestion("tests", "x", LIMITS).options[1]?.consequence).toContain(
      "not called complete",
    );
  });

  test("P11: accepting needs the risk in the person's own words", () => {
    expect(readLoopAnswer("quality", { option: "b", text: "b" })).toMatchObject({
      kind: "ask-back",
    });
    expect(
      readLoopAnswer("quality", { option: "b", text: "b: large lists may be slow until May" }),
    ).toEqual({
      kind: "decided",
      verdict: "accept",
      text: "large lists may be slow until May",
    });
    for (const text of ["Accept with known issues", "accept", "b:"])
      expect(readLoopAnswer("quality", { option: "b", text }).kind, text).toBe("ask-back");
    for (const text of [
      "b: large lists may be slow",
      "accept: large lists may be slow",
      "Accept with known issues: large lists may be slow",
    ])
      expect(readLoopAnswer("quality", { text }), text).toMatchObject({
        verdict: "accept",
        text: "large lists may be slow",
      });
    expect(mayBeAccepted("tests")).toBe(false);
    expect(readLoopAnswer("tests", { option: "b", text: "b" })).toMatchObject({
      verdict: "accept",
    });
  });

  test.each([
    [
      { option: "a", text: "a" },
      { kind: "decided", verdict: "continue", text: "a" },
    ],
    [{ option: "c", text: "c" }, { kind: "history" }],
    [
      { option: "d", text: "d" },
      { kind: "decided", verdict: "abort", text: "d" },
    ],
    [
      { text: "Revise approach: use a queue instead" },
      { kind: "decided", verdict: "revise", text: "use a queue instead" },
    ],
    [{ text: "history please" }, { kind: "history" }],
  ])("I6: the answer %j is read", (answer, meaning) => {
    expect(readLoopAnswer("quality", answer)).toEqual(meaning);
  });

  test.each(["ok", "sounds good", "hm, what would you do?", "revise", ""])(
    "S3: the ambiguous answer %j decides nothing",
    (text) => {
      expect(readLoopAnswer("quality", { text }).kind).toBe("ask-back");
    },
  );

  test("I6: the history names each round with what failed", () => {
    expect(loopHistory([failed("quality", "a"), passed("quality"), failed("tests", "b")])).toEqual([
      "Round 1, quality, handler: quality failed: quality says a",
      "Round 2, testing, handler: tests failed: tests says b",
    ]);
  });
});
