import { describe, expect, expectTypeOf, test } from "vitest";
import { Sha } from "../../../../src/domain/ids.ts";
import type { LedgerFact } from "../../../../src/domain/run/ledger-event.ts";
import { missingNote } from "../../../../src/domain/skill/protocol.ts";
import {
  checkClaims,
  judgeSkills,
  loadsOf,
  proveStepOne,
  proveVerificationLoaded,
  type Step1Done,
  type VerificationSkillLoaded,
} from "../../../../src/domain/skill/protocol-proof.ts";
import { ledgerOf, loaded, loadFact, stepOneFacts } from "../../../helpers/definition-set.ts";

const [CALIBRATION, WORKFLOWS, GATEWAY] = stepOneFacts() as [LedgerFact, LedgerFact, LedgerFact];
const DISPATCH: LedgerFact = {
  type: "dispatch-started",
  dispatchId: "1-1-r1.build.1" as never,
  taskId: "build" as never,
  role: "backend-developer",
  attempt: 1,
  baseSha: Sha.parse("a".repeat(40)),
};
const PLANNING = { ...DISPATCH, role: "backend-orchestrator" } as LedgerFact;

describe("C1, C2: the proof of Step 1 comes from the ledger only", () => {
  test("all three in order give it", () => {
    const proven = proveStepOne(ledgerOf(PLANNING, CALIBRATION, WORKFLOWS, GATEWAY));
    expect(proven).toMatchObject({ ok: true, proof: { missingGateways: [] } });
  });

  test.each<[string, LedgerFact[], RegExp]>([
    ["nothing loaded", [], /not complete: load calibrating/],
    ["one missing", [CALIBRATION, GATEWAY], /load orchestrating-multi-agent-workflows first/],
    ["another order", [WORKFLOWS, CALIBRATION, GATEWAY], /its order is calibrating/],
    [
      "another skill first",
      [loaded("writing-plans"), ...stepOneFacts()],
      /was loaded as writing-plans/,
    ],
    ["a dispatch before", [CALIBRATION, DISPATCH, WORKFLOWS, GATEWAY], /dispatch-started.*before/],
    [
      "loads of another scope",
      stepOneFacts().map((fact) => ({ ...fact, scope: "backend-tester" }) as LedgerFact),
      /not complete/,
    ],
    [
      "a repository's text in place of the package's",
      [
        loaded("calibrating-time-estimates", { source: `o/r@${"a".repeat(40)}` }),
        WORKFLOWS,
        GATEWAY,
      ],
      /not complete/,
    ],
    [
      "a library skill of that name",
      [loaded("calibrating-time-estimates", { kind: "library-skill" }), WORKFLOWS, GATEWAY],
      /not complete/,
    ],
    ["the gateway absent without a note", [CALIBRATION, WORKFLOWS], /load gateway-backend first/],
  ])("refused: %s", (_case, facts, reason) => {
    const proven = proveStepOne(ledgerOf(...facts));
    expect(proven).toMatchObject({ ok: false, reason: expect.stringMatching(reason) as string });
  });

  test("C12: a gateway may be absent when the host noted that it is missing; another skill may not", () => {
    const note: LedgerFact = { type: "note", text: missingNote("gateway-backend") };
    expect(proveStepOne(ledgerOf(note, CALIBRATION, WORKFLOWS))).toMatchObject({
      ok: true,
      proof: { missingGateways: ["gateway-backend"] },
    });
    const other: LedgerFact = { type: "note", text: missingNote("calibrating-time-estimates") };
    expect(proveStepOne(ledgerOf(other, WORKFLOWS, GATEWAY))).toMatchObject({ ok: false });
  });

  test("no object that code writes down is a proof: the types refuse it", () => {
    expectTypeOf<{ skills: string[]; missingGateways: string[] }>().not.toExtend<Step1Done>();
    expectTypeOf<{ sha256: string }>().not.toExtend<VerificationSkillLoaded>();
  });
});

test("C8, D1, X10: completion needs verifying-before-completion in the ledger, whatever anybody says", () => {
  expect(proveVerificationLoaded(ledgerOf(...stepOneFacts()))).toMatchObject({
    ok: false,
    missing: ["verifying-before-completion"],
  });
  const word: LedgerFact = {
    type: "note",
    text: "verifying-before-completion was loaded, trust me",
  };
  expect(proveVerificationLoaded(ledgerOf(word))).toMatchObject({ ok: false });
  const real = loaded("verifying-before-completion");
  expect(proveVerificationLoaded(ledgerOf(...stepOneFacts(), real))).toMatchObject({ ok: true });
});

test("D2: claimed names without a load are dropped, loaded ones kept", () => {
  const facts = [
    loadFact("gateway-backend"),
    loadFact("dynamo", { kind: "library-skill", path: "library/data/dynamo/SKILL.md" }),
  ];
  const claims = [
    "gateway-backend",
    " dynamo ",
    "library/data/dynamo/SKILL.md",
    "writing-plans",
    "../x",
  ];
  expect(checkClaims(claims, facts)).toEqual({
    kept: ["gateway-backend", "dynamo", "library/data/dynamo/SKILL.md"],
    dropped: ["writing-plans", "../x"],
  });
});

test("D3: missing skills mean one more dispatch with the list, then a person", () => {
  expect(judgeSkills([], 5)).toEqual({ kind: "ok" });
  expect(judgeSkills(["gateway-testing"], 0)).toEqual({
    kind: "redispatch",
    missing: ["gateway-testing"],
  });
  expect(judgeSkills(["gateway-testing"], 1)).toEqual({
    kind: "escalate",
    missing: ["gateway-testing"],
  });
});

test("loads are read per dispatch, or for the run", () => {
  const ofDispatch = {
    ...loaded("gateway-testing"),
    scope: "backend-tester",
    dispatchId: "1-1-r1.tests.1",
  } as LedgerFact;
  const events = ledgerOf(...stepOneFacts(), ofDispatch);
  expect(loadsOf(events).map((load) => load.name)).toHaveLength(3);
  expect(loadsOf(events, "1-1-r1.tests.1").map((load) => load.name)).toEqual(["gateway-testing"]);
});
