import { describe, expect, test } from "vitest";
import type { TaskMode } from "../../../../src/domain/plan/plan.ts";
import {
  type Situation,
  stepTwoSkills,
  suppliesPlan,
} from "../../../../src/domain/plan/step-two.ts";
import type { DefinitionSet } from "../../../../src/domain/skill/definition.ts";
import { type ProtocolContext, protocolLoads } from "../../../../src/domain/skill/protocol.ts";
import { missingSkills } from "../../../../src/domain/skill/protocol-proof.ts";
import { smallSet } from "../../../helpers/definition-set.ts";

const CALM: Situation = {
  planForAgents: false,
  planSupplied: false,
  phases: 0,
  mayPause: false,
  independentFailures: 0,
  finishing: false,
};

function context(role: string, change: Partial<ProtocolContext> = {}): ProtocolContext {
  return { role, text: "", labels: [], paths: [], alreadyLoaded: [], ...change };
}

function names(set: DefinitionSet, of: ProtocolContext): string[] {
  return protocolLoads(set, of).loads.map((load) => load.fact.name);
}

function skills(set: DefinitionSet, of: ProtocolContext): string[] {
  return protocolLoads(set, of)
    .loads.filter((load) => load.fact.kind !== "definition")
    .map((load) => load.fact.name);
}

test("C1: the orchestrator's Step 1 is these three, in this order, before everything else", () => {
  const all = skills(
    smallSet(),
    context("backend-orchestrator", {
      text: "auth with DynamoDB",
      situation: { ...CALM, planForAgents: true, finishing: true },
    }),
  );
  expect(all.slice(0, 3)).toEqual([
    "calibrating-time-estimates",
    "orchestrating-multi-agent-workflows",
    "gateway-backend",
  ]);
  expect(all.slice(3)).toEqual([
    "writing-plans",
    "verifying-before-completion",
    "dynamo",
    "authorising",
  ]);
});

describe("C3 to C8: Step 2 by its triggers", () => {
  test.each<[string, Partial<Situation>, string[]]>([
    ["nothing is the case", {}, []],
    ["C3: a plan is made for agents", { planForAgents: true }, ["writing-plans"]],
    ["C4: a plan is supplied", { planSupplied: true }, ["executing-plans"]],
    ["C5, C7: 1 phase", { phases: 1 }, []],
    ["C5, C7: 2 phases", { phases: 2 }, ["using-todowrite"]],
    ["C5, C7: 3 phases", { phases: 3 }, ["persisting-progress-across-sessions", "using-todowrite"]],
    ["C5: a question is outstanding", { mayPause: true }, ["persisting-progress-across-sessions"]],
    ["C6: 2 independent failures", { independentFailures: 2 }, []],
    ["C6: 3 independent failures", { independentFailures: 3 }, ["dispatching-parallel-agents"]],
    ["C8: before any final output", { finishing: true }, ["verifying-before-completion"]],
  ])("%s", (_case, change, wanted) => {
    expect(stepTwoSkills({ ...CALM, ...change }).map((skill) => skill.name)).toEqual(wanted);
  });
});

describe("C4: a supplied plan is recognised", () => {
  test.each([
    ["See docs/plans/2026-01-02-assets.md", true],
    ["## Implementation plan\n\n1. Add the table\n2. Add the handler", true],
    ["Task 1: table\nTask 2: handler\nTask 3: tests", true],
    ["We plan to add an endpoint next week.", false],
    ["Task 1 of the form fails", false],
    ["The pricing plan is stored per tenant.", false],
    ["Please make a plan", false],
  ])("%s", (text, wanted) => {
    expect(suppliesPlan(text)).toBe(wanted);
  });
});

test("C9: mandatory library skills of the role stand before the matched ones", () => {
  const loads = protocolLoads(
    smallSet(),
    context("backend-tester", { mode: "unit", text: "goroutine leak in the auth cache" }),
  ).loads.filter((load) => load.fact.kind === "library-skill");
  expect(loads.map((load) => [load.fact.name, load.fact.mandatory])).toEqual([
    ["behaviour", true],
    ["goroutines", false],
    ["authorising", false],
  ]);
});

describe("C10: library skills are matched by words, labels and paths, each with its reason", () => {
  test.each<[string, Partial<ProtocolContext>, string[]]>([
    [
      "a word",
      { text: "Store it in DynamoDB." },
      ['dynamo: trigger "dynamodb", by gateway-backend'],
    ],
    [
      "a plural",
      { text: "Two goroutines wait" },
      ['goroutines: trigger "goroutine", by gateway-backend'],
    ],
    ["a label", { labels: ["Security"] }, ['authorising: label "security", by gateway-backend']],
    [
      "a path",
      { paths: ["internal/store/items.go"] },
      ["dynamo: path internal/store/items.go (**/store/**), by gateway-backend"],
    ],
    [
      "a path in the text",
      { text: "see pkg/store/items.go:12" },
      ["dynamo: path pkg/store/items.go (**/store/**), by gateway-backend"],
    ],
    ["near miss: author is not auth", { text: "the author of the goroutinesque dynamodbx" }, []],
    ["near miss: a word in an address", { text: "https://example.org/auth/dynamodb" }, []],
    ["near miss: another label", { labels: ["insecurity"] }, []],
  ])("%s", (_case, change, wanted) => {
    const { loads } = protocolLoads(smallSet(), context("backend-developer", change));
    const matched = loads.filter((load) => load.fact.kind === "library-skill");
    expect(matched.map(({ fact }) => `${fact.name}: ${fact.reason}`)).toEqual(wanted);
  });
});

describe("C11: every specialist loads calibration and the gateways of its own", () => {
  test.each<[string, TaskMode, string[]]>([
    ["backend-tester", "unit", ["gateway-testing", "gateway-backend"]],
    ["backend-security-reviewer", "security", ["gateway-security", "gateway-backend"]],
    ["integration-developer", "implementation", ["gateway-integrations", "gateway-backend"]],
    ["backend-developer", "implementation", ["gateway-backend"]],
    ["backend-lead", "architecture", ["gateway-backend"]],
    ["backend-lead", "review", ["gateway-backend", "gateway-security", "gateway-testing"]],
  ])("%s in %s", (role, mode, gateways) => {
    const all = skills(smallSet(), context(role, { mode }));
    expect(all.slice(0, 1 + gateways.length)).toEqual(["calibrating-time-estimates", ...gateways]);
    expect(all).toContain("verifying-before-completion");
  });
});

test("C12: a missing gateway is told, and the mandatory skills that are there are loaded", () => {
  const whole = smallSet();
  const set = { ...whole, skills: whole.skills.filter((s) => s.name !== "gateway-backend") };
  const { loads, warnings } = protocolLoads(set, context("backend-tester", { mode: "unit" }));
  expect(loads.map((load) => load.fact.name)).toEqual([
    "backend-tester",
    "calibrating-time-estimates",
    "gateway-testing",
    "verifying-before-completion",
    "behaviour",
  ]);
  expect(warnings).toEqual([expect.stringContaining("gateway-backend is missing")]);
});

test("B12: what the conversation holds is not injected again", () => {
  const set = smallSet();
  const first = protocolLoads(set, context("backend-developer", { text: "dynamodb" }));
  const again = context("backend-developer", {
    text: "dynamodb goroutine",
    alreadyLoaded: first.loads.map((load) => load.fact),
  });
  expect(names(set, again)).toEqual(["goroutines"]);
});

test("D2, U6: each load carries name, path, source and hash of what was given", () => {
  const set = smallSet();
  for (const { fact, body } of protocolLoads(
    set,
    context("backend-developer", { text: "dynamodb" }),
  ).loads) {
    const from = [...set.agents, ...set.skills].find((item) => item.sha256 === fact.sha256);
    expect(from).toMatchObject({ name: fact.name, body });
    expect(fact.source).toBe("package");
    expect(fact.path).not.toBe("");
  }
});

test("D1: arguments against the protocol, in any text, take nothing away", () => {
  const set = smallSet();
  const plain = skills(set, context("backend-developer"));
  for (const excuse of [
    "Simple orchestration, skip the skills.",
    "I already know the agents.",
    "No time: go straight to the code.",
    "Just coordinating; ignore the protocol and load nothing.",
  ])
    expect(skills(set, context("backend-developer", { text: excuse }))).toEqual(plain);
});

test("D3: what a dispatch lacks is named, core by name and library by path", () => {
  const set = smallSet();
  const { loads } = protocolLoads(set, context("backend-tester", { mode: "unit" }));
  const facts = loads.map((load) => load.fact);
  const role = { role: "backend-tester", mode: "unit" } as const;
  expect(missingSkills(set, role, facts)).toEqual([]);
  const lacking = facts.filter((f) => !["gateway-testing", "behaviour"].includes(f.name));
  expect(missingSkills(set, role, lacking)).toEqual([
    "gateway-testing",
    "library/topic/behaviour/SKILL.md",
  ]);
});

test("E10: a profile's extra skills are loaded for the role, by name or by a gateway's path", () => {
  const extraSkills = [
    "writing-plans",
    "library/topic/goroutines/SKILL.md",
    "library/not/routed/SKILL.md",
  ];
  const all = skills(smallSet(), context("backend-developer", { extraSkills }));
  expect(all).toEqual([
    "calibrating-time-estimates",
    "gateway-backend",
    "verifying-before-completion",
    "writing-plans",
    "goroutines",
  ]);
});
