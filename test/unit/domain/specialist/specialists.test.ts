import { describe, expect, test } from "vitest";
import { PHASES, type Phase } from "../../../../src/domain/phase.ts";
import { TaskMode } from "../../../../src/domain/plan/plan.ts";
import { grantTools } from "../../../../src/domain/specialist/role-tools.ts";
import {
  assign,
  isPrivileged,
  mayEdit,
  resultSchemaOf,
  roleFacts,
  rosterOf,
  SPECIALISTS,
  toolsFor,
} from "../../../../src/domain/specialist/specialists.ts";
import { agentDefinition, smallSet } from "../../../helpers/definition-set.ts";

describe("F2: who may serve which phase in which mode", () => {
  const allowed = new Map<string, string[]>([
    ["backend-lead", ["architecture architecture", "quality review"]],
    ["backend-developer", ["implementation implementation"]],
    ["integration-developer", ["implementation implementation"]],
    ["backend-tester", ["testing unit", "testing integration", "testing acceptance"]],
    ["acceptance-test-engineer", ["testing acceptance"]],
    ["backend-security-reviewer", ["quality security"]],
    ["backend-orchestrator", []],
    ["frontend-orchestrator", []],
    ["nobody", []],
  ]);

  test.each([...allowed])("%s", (specialist, wanted) => {
    const roster = rosterOf(smallSet());
    const pairs = PHASES.flatMap((phase: Phase) =>
      TaskMode.options.map((mode) => ({ phase, mode })),
    );
    const served = pairs.filter((work) => roster.mayServe(specialist, work));
    expect(served.map(({ phase, mode }) => `${phase} ${mode}`)).toEqual(wanted);
  });

  test("a role with one mode serves without naming it, one with several does not", () => {
    const roster = rosterOf(smallSet());
    expect(roster.mayServe("backend-developer", { phase: "implementation", mode: undefined })).toBe(
      true,
    );
    expect(roster.mayServe("backend-tester", { phase: "testing", mode: undefined })).toBe(false);
  });
});

test("E6: the roster names only roles that can be dispatched", () => {
  const set = smallSet();
  expect(rosterOf(set).names).toEqual(SPECIALISTS.map((role) => role.name));
  const without = { ...set, agents: set.agents.filter((agent) => agent.name !== "backend-lead") };
  expect(rosterOf(without).names).not.toContain("backend-lead");
});

test("B9: without its definition the acceptance engineer's work goes to the tester, others are missing", () => {
  const set = smallSet();
  const agents = set.agents.filter((agent) => agent.name !== "acceptance-test-engineer");
  expect(assign({ ...set, agents }, { role: "acceptance-test-engineer" })).toMatchObject({
    kind: "substituted",
    context: { role: "backend-tester", mode: "acceptance" },
    reason: expect.stringContaining("acceptance mode") as string,
  });
  const onlyLead = { ...set, agents: set.agents.filter((agent) => agent.name === "backend-lead") };
  expect(assign(onlyLead, { role: "acceptance-test-engineer" }).kind).toBe("missing");
  expect(assign(onlyLead, { role: "backend-tester", mode: "unit" }).kind).toBe("missing");
  expect(assign(set, { role: "toString" }).kind).toBe("missing");
});

test("D6, X8: the orchestrator has exactly the seed's seven tools, and nothing that edits or runs", () => {
  const seed = ["AskUserQuestion", "Glob", "Grep", "Read", "Skill", "Task", "TodoWrite"];
  const seven = ["ask_human", "dispatch", "glob", "grep", "load_skill", "read", "todo"];
  const asked = agentDefinition("backend-orchestrator", { tools: seed });
  expect(toolsFor(asked).tools).toEqual(seven);
  const greedy = agentDefinition("backend-orchestrator", {
    tools: [...seed, "Bash", "Edit", "MultiEdit", "Write"],
  });
  expect(toolsFor(greedy).tools).toEqual(seven);
  expect(toolsFor(greedy).refused.map((r) => r.name)).toEqual([
    "Bash",
    "Edit",
    "MultiEdit",
    "Write",
  ]);
  expect(
    toolsFor(agentDefinition("backend-orchestrator", { tools: ["*"] })).tools.toSorted(),
  ).toEqual(seven);
});

test("D7: whoever edits cannot dispatch; whoever reviews does neither", () => {
  for (const role of SPECIALISTS) {
    const all = toolsFor(agentDefinition(role.name, { tools: ["*"] })).tools;
    expect(all).not.toContain("dispatch");
    const edits = all.includes("edit") || all.includes("write");
    expect(edits).toBe(mayEdit(role.name));
    if (role.modes.includes("review") || role.modes.includes("security")) expect(edits).toBe(false);
  }
  expect(roleFacts("backend-orchestrator")?.ceiling).toContain("dispatch");
  expect(mayEdit("backend-orchestrator")).toBe(false);
});

test("D-10: a definition's tools are an intersection with the role's limits, never a union", () => {
  const grant = grantTools(
    ["Read", "Bash(git log:*)", "Task", "mcp__files__write", "constructor", "Skill"],
    ["read", "bash", "load_skill"],
  );
  expect(grant.tools).toEqual(["load_skill", "read"]);
  expect(grant.refused.map(({ name }) => name)).toEqual([
    "Bash(git log:*)",
    "Task",
    "mcp__files__write",
    "constructor",
  ]);
  expect(toolsFor(agentDefinition("stranger", { tools: ["*"] })).tools).toEqual([]);
});

const SAMPLES: Readonly<Record<string, object>> = {
  architecture: {
    decision: {
      recommendation: "one table",
      alternatives_considered: [
        { name: "one table", summary: "keys by asset" },
        { name: "two tables", summary: "joins in code" },
      ],
      trade_offs: { gains: ["one read"], loses: ["free queries"] },
      rationale: "reads dominate",
      boundaries: ["the handler calls the store"],
      schema: [],
      contracts: [],
      major_trade_off: false,
    },
  },
  implementation: { files_modified: ["a.go"] },
  tests: { test_mode: "unit", test_files: ["a_test.go"], test_count: 2 },
  review: {
    spec: { verdict: "compliant", missing: [], extra: [], deviations: [] },
    quality: { verdict: "approved", issues: [] },
  },
  security: { verdict: "approved", files_reviewed: [], findings: [] },
};

test("every role and mode must submit the shape that judges it, and no other role's", () => {
  const kinds = new Map([
    ["unit", "tests"],
    ["integration", "tests"],
    ["acceptance", "tests"],
  ]);
  for (const { name, modes } of SPECIALISTS)
    for (const mode of modes)
      for (const [kind, sample] of Object.entries(SAMPLES)) {
        const submitted = { status: "complete", summary: "done", ...sample };
        const taken = resultSchemaOf({ role: name, mode }).safeParse(submitted).success;
        expect(`${mode} ${kind} ${taken}`).toBe(
          `${mode} ${kind} ${kind === (kinds.get(mode) ?? mode)}`,
        );
      }
  expect(
    resultSchemaOf({ role: "backend-orchestrator" }).safeParse(SAMPLES["review"]).success,
  ).toBe(false);
  expect(() => resultSchemaOf({ role: "backend-developer", mode: "review" })).toThrow(
    /no mode review/,
  );
  expect(() => resultSchemaOf({ role: "backend-tester" })).toThrow(/no mode/);
});

test("the orchestrator, the lead and the security reviewer are privileged", () => {
  const names = ["backend-orchestrator", "backend-lead", "backend-security-reviewer"];
  for (const name of names) expect(isPrivileged(name)).toBe(true);
  expect(SPECIALISTS.filter((role) => role.privileged).map((role) => role.name)).toEqual(
    names.slice(1),
  );
});
