import { describe, expect, test } from "vitest";
import { TaskId } from "../../../src/domain/ids.ts";
import type { LedgerFact } from "../../../src/domain/run/ledger-event.ts";
import {
  agreedContracts,
  contractFirst,
  frontendHandOff,
  halvesProblems,
  openHalves,
} from "../../../src/domain/triage/full-stack.ts";
import { HandOff, type HandOffState, handOffMarker } from "../../../src/domain/triage/hand-off.ts";
import {
  halfTicked,
  handOffComment,
  otherHalves,
  readHandOff,
  readHandOffReply,
  replyComment,
} from "../../../src/reports/hand-off.ts";
import { triageLines } from "../../../src/reports/triage.ts";
import { plannedTask, soundPlan, viewOf } from "../../helpers/run-facts.ts";

const TRIAGED: LedgerFact = {
  type: "triaged",
  mode: "full-stack",
  concerns: ["implementation", "frontend"],
  phases: ["architecture", "implementation"],
  reason: 'The request concerns implementation ("add") and frontend ("page").',
};
const BEGUN = { theirs: "open", ours: "accepted" } as const;
const WANTED = [
  "PATCH /api/assets/{id} renames",
  "an edit form in the React page",
  "audit every rename",
];

function design(contracts: string[]): LedgerFact[] {
  const plan = soundPlan();
  plan.phases[0] = {
    phase: "architecture",
    tasks: [plannedTask("design", { specialist: "backend-lead", mode: "architecture" })],
  };
  const decision = {
    recommendation: "One PATCH route.",
    alternatives_considered: [
      { name: "PATCH", summary: "x" },
      { name: "PUT", summary: "y" },
    ],
    trade_offs: { gains: ["small"], loses: ["none"] },
    rationale: "r",
    boundaries: ["handler calls store"],
    schema: ["name: string"],
    contracts,
    major_trade_off: false,
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

function record(facts: LedgerFact[] = design(["PATCH /api/assets/{id} -> 200"])): HandOff {
  return frontendHandOff(viewOf(TRIAGED, ...facts), { cause: "half", asked: WANTED });
}

function handed(state?: HandOffState): LedgerFact[] {
  const over: LedgerFact = {
    type: "handed-off",
    record: record(),
    commentUrl: "http://127.0.0.1/c/5",
  };
  if (state === undefined) return [over];
  return [
    over,
    {
      type: "hand-off-updated",
      to: "frontend-orchestrator",
      state,
      by: "frontend-bot",
      url: "http://127.0.0.1/r/1",
    },
  ];
}

describe("P8: the hand-off to frontend-orchestrator", () => {
  test("it carries what is wanted of the other side, the contracts and what was decided", () => {
    expect(HandOff.parse(record())).toMatchObject({
      to: "frontend-orchestrator",
      run: "7-12-r1",
      repository: "acme/assets",
      issue: 12,
      wanted: ["an edit form in the React page"],
      contracts: ["PATCH /api/assets/{id} -> 200"],
      context: [
        "Decision: One PATCH route.",
        "Schema: name: string",
        "Boundary: handler calls store",
      ],
      required: true,
    });
  });

  test("A11: a frontend-only request is handed over whole, with a notice that names who does it", () => {
    const whole = frontendHandOff(viewOf(), {
      cause: "whole",
      asked: ["dark mode", "a toggle"],
    });
    expect(whole.wanted).toEqual(["dark mode", "a toggle"]);
    expect(whole.contracts).toEqual([]);
    const bare = frontendHandOff(viewOf(), { cause: "whole", asked: [] });
    expect(bare.wanted).toEqual(["Add an endpoint for assets"]);
  });

  test("the comment reads back to the same record; foreign text does not", () => {
    const nasty = { ...record(), wanted: ["```json\n{}\n```", "a --> <b> @all"] };
    for (const one of [record(), nasty]) {
      const body = handOffComment(one, BEGUN);
      expect(body.startsWith(`<!-- ${handOffMarker(one.run, one.to)} -->`)).toBe(true);
      expect(readHandOff(body)).toEqual({ ...one, state: "accepted" });
    }
    const body = handOffComment(record(), BEGUN);
    expect(readHandOff(body.replace("7-12-r1:", "7-13-r1:"))).toBeUndefined();
    expect(readHandOff(body.replace('"version": 1', '"version": 2'))).toBeUndefined();
    expect(readHandOff("```json\n{not json\n```")).toBeUndefined();
    expect(readHandOff("hello")).toBeUndefined();
    expect(handOffComment(nasty, BEGUN).split("<details>")[0]).not.toContain("@all");
  });

  test("a reply reads back; a foreign or a changed text does not", () => {
    const reply = {
      version: 1,
      run: "7-12-r1",
      from: "frontend-orchestrator",
      state: "complete",
    } as const;
    const body = replyComment(reply);
    expect(readHandOffReply(body)).toEqual(reply);
    expect(readHandOffReply(body.replace("<!--", ""))).toBeUndefined();
    expect(readHandOffReply(body.replace('"complete"', '"approved"'))).toBeUndefined();
    expect(readHandOffReply(body.replace('"7-12-r1"', '"7-99-r1"'))).toBeUndefined();
  });

  test("the comment says how far both halves are, and has a box only where somebody waits", () => {
    const body = handOffComment(record(), { theirs: "accepted", ours: "complete" });
    expect(body).toContain(
      "**frontend-orchestrator:** under way · **backend-orchestrator:** complete",
    );
    expect(readHandOff(body)?.state).toBe("complete");
    expect(halfTicked(body)).toBe(false);
    expect(halfTicked(body.replace("- [ ] This", "- [x] This"))).toBe(true);
    for (const shown of [
      { theirs: "complete", ours: "accepted" },
      { theirs: "open", ours: undefined },
    ] as const)
      expect(handOffComment(record(), shown)).not.toContain("- [ ]");
  });

  test("a record too large for one comment loses what is said last, and stays whole", () => {
    const long = Array.from({ length: 50 }, (_, n) => `the React page ${n}: ${"x".repeat(3_000)}`);
    const one = frontendHandOff(viewOf(TRIAGED), { cause: "half", asked: long });
    const body = handOffComment(one, BEGUN);
    expect(Array.from(body).length).toBeLessThan(65_536);
    expect(readHandOff(body)?.wanted.length).toBeGreaterThan(4);
  });
});

describe("P9: both halves of a full-stack request", () => {
  test("the contract comes before the code", () => {
    expect(contractFirst(viewOf(TRIAGED, ...design([])))).toContain("not agreed");
    expect(contractFirst(viewOf(TRIAGED, ...design(["GET /x"])))).toBeUndefined();
    expect(contractFirst(viewOf(...design([])))).toBeUndefined();
    expect(agreedContracts(viewOf(...design(["GET /x"])))).toEqual(["GET /x"]);
  });

  test("the run is not complete while a required half is open, declined or was never handed over", () => {
    const base = [TRIAGED, ...design(["GET /x"])];
    expect(halvesProblems(viewOf(...base))).toEqual([
      "the frontend half was not handed to frontend-orchestrator",
    ]);
    for (const state of [undefined, "accepted", "declined"] as const)
      expect(halvesProblems(viewOf(...base, ...handed(state))), state).toHaveLength(1);
    expect(halvesProblems(viewOf(...base, ...handed("complete")))).toEqual([]);
    expect(openHalves(viewOf(...base, ...handed("accepted")))).toHaveLength(1);
    expect(halvesProblems(viewOf())).toEqual([]);
  });

  test("the report notes the other's state and where it stands", () => {
    expect(otherHalves(viewOf())).toBeUndefined();
    expect(otherHalves(viewOf(...handed()))).toBe(
      "**Other half:** frontend-orchestrator: not taken up yet (required) · [record](http://127.0.0.1/c/5)",
    );
    expect(otherHalves(viewOf(...handed("complete")))).toContain(
      "complete, said by frontend-bot (required) · [record](http://127.0.0.1/c/5) · [its report](http://127.0.0.1/r/1)",
    );
  });
});

test("A9: the result of triage and its reason can be posted before anything is dispatched", () => {
  expect(triageLines(viewOf())).toBeUndefined();
  const lines = triageLines(viewOf(TRIAGED)) ?? "";
  expect(lines).toContain(
    "**Approach:** backend here, frontend handed over, contract first (full-stack)",
  );
  expect(lines).toContain(
    "**Concerns:** implementation, frontend · **Phases:** architecture, implementation",
  );
  expect(lines).toContain('The request concerns implementation \\("add"\\) and frontend');
  expect(viewOf(TRIAGED).tasks).toEqual([]);
});
