import { describe, expect, test } from "vitest";
import { DispatchId, TaskId } from "../../../../src/domain/ids.ts";
import { Limits } from "../../../../src/domain/limits.ts";
import type { Phase } from "../../../../src/domain/phase.ts";
import { type Abort, abortReason } from "../../../../src/domain/run/abort.ts";
import type { DispatchStatus, LedgerFact } from "../../../../src/domain/run/ledger-event.ts";
import { sha, soundPlan } from "../../../helpers/run-facts.ts";

const LIMITS = Limits.parse({});
const PLAN: LedgerFact = { type: "plan-accepted", plan: soundPlan() };

function reason(facts: LedgerFact[]): Abort | undefined {
  return abortReason([PLAN, ...facts], LIMITS);
}

function escalated(phase: Phase): LedgerFact {
  return { type: "escalated", phase, why: "stuck" };
}

function ended(attempt: number, status: DispatchStatus): LedgerFact[] {
  const dispatch = {
    dispatchId: DispatchId.parse(`7-12-r1.handler.${attempt}`),
    taskId: TaskId.parse("handler"),
    role: "backend-developer",
  };
  const usage = { calls: 1, inputTokens: 1, outputTokens: 1, cachedTokens: 0, usd: 0 };
  return [
    { type: "dispatch-started", ...dispatch, attempt, baseSha: sha("0") },
    { type: "dispatch-ended", ...dispatch, status, files: [], usage, durationMs: 1 },
  ];
}

function critical(review: number, severity = "CRITICAL"): LedgerFact {
  return {
    type: "finding",
    taskId: TaskId.parse("security"),
    dispatchId: DispatchId.parse(`7-12-r1.security.${review}`),
    severity,
    file: "a.js",
    line: 1,
    text: "SQL from input",
    blocking: true,
  };
}

describe("K8: what ends a run before its time", () => {
  test("three escalations in one phase, not three in several", () => {
    const spread = [escalated("testing"), escalated("testing"), escalated("quality")];
    expect(reason(spread)).toBeUndefined();
    expect(reason([...spread, escalated("testing")])).toEqual({
      kind: "escalations",
      why: "phase testing needed the decision of people 3 times",
    });
  });

  test("a person who lets the run go on begins to count anew", () => {
    const three = [escalated("testing"), escalated("testing"), escalated("testing")];
    const reopened: LedgerFact = { type: "reopened", by: "alice", reason: "retry", phases: [] };
    expect(reason([...three, reopened])).toBeUndefined();
    expect(reason([reopened, ...three])?.kind).toBe("escalations");
  });

  test("three crashes, whatever else went well between", () => {
    const two = [...ended(1, "crashed"), ...ended(2, "submitted"), ...ended(3, "crashed")];
    expect(reason(two)).toBeUndefined();
    expect(reason([...two, ...ended(4, "crashed")])?.kind).toBe("crashes");
  });

  test("I4: a critical security finding that its fix did not remove", () => {
    expect(reason([critical(1), critical(1)])).toBeUndefined();
    expect(reason([critical(1), critical(2, "HIGH")])).toBeUndefined();
    expect(reason([critical(1), critical(2)])).toEqual({
      kind: "security",
      why: "2 security reviews found something critical; last: SQL from input",
    });
  });

  test("a critical finding at once, where the limits say so", () => {
    const strict = { ...LIMITS, criticalReviews: 1 };
    expect(abortReason([PLAN, critical(1)], strict)?.kind).toBe("security");
  });
});
