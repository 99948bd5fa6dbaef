import { readFileSync } from "node:fs";
import matter from "gray-matter";
import { describe, expect, test } from "vitest";
import {
  readAgentFile,
  readSkillFile,
  sourceFile,
} from "../../../../src/agents/definitions/definition-file.ts";
import { FIXTURES } from "./fixtures.ts";

const SOURCE = { kind: "package" } as const;

function agent(text: string, path = "agents/fixture.md") {
  return readAgentFile(sourceFile({ path, text, source: SOURCE }));
}

function skill(text: string, path = "skills/sewing/SKILL.md") {
  return readSkillFile(sourceFile({ path, text, source: SOURCE }), "core");
}

test("B1: the seed loads verbatim: name, 7 tools, 9 skills, model, colour, 896 characters with real line breaks", () => {
  const url = new URL(
    "../../../fixtures/definitions/seed/backend-orchestrator.md",
    import.meta.url,
  );
  const { outcome, diagnostics } = agent(readFileSync(url, "utf8"), "agents/anything.md");
  if (outcome.kind !== "loaded") throw new Error(outcome.kind);
  const { value } = outcome;
  expect(value).toMatchObject({
    name: "backend-orchestrator",
    type: "orchestrator",
    permissionMode: "default",
    model: "sonnet",
    color: "purple",
    lenient: true,
  });
  expect(value.tools).toEqual([
    "AskUserQuestion",
    "Glob",
    "Grep",
    "Read",
    "Skill",
    "Task",
    "TodoWrite",
  ]);
  expect(value.skills).toHaveLength(9);
  expect(value.description).toHaveLength(896);
  expect(value.description.split("\n")).toHaveLength(19);
  expect(value.description).not.toContain("\\n");
  expect(value.body).toMatch(/^# Backend Orchestrator\n/);
  expect(value.body).toMatch(/delegate effectively\.$/);
  expect(diagnostics).toEqual([
    expect.objectContaining({
      rule: "lenient",
      severity: "warning",
      line: 3,
      file: "agents/anything.md",
    }),
  ]);
});

describe("B2: every synthetic fixture has its stated outcome", () => {
  test.each(FIXTURES)("$id", ({ text, expect: wanted }) => {
    const { outcome, diagnostics } = agent(text);
    expect(outcome.kind).toBe(wanted.kind);
    if (outcome.kind === "skipped" && wanted.kind === "skipped")
      expect(outcome.reason).toMatch(wanted.reason);
    if (outcome.kind !== "loaded" || wanted.kind !== "loaded") return;
    const { name, description, lenient } = wanted;
    expect(outcome.value).toMatchObject({ name, description, lenient });
    if (wanted.tools) expect(outcome.value.tools).toEqual(wanted.tools);
    for (const rule of wanted.rules ?? [])
      expect(diagnostics.map((diagnostic) => diagnostic.rule)).toContain(rule);
    expect(outcome.value.body).toBe("Body.");
  });
});

test("B2 fixture 26: a name that is not the file's name is kept, with the path", () => {
  const { outcome } = agent("---\nname: other\ndescription: d\n---\n", "agents/deep/file-name.md");
  expect(outcome).toMatchObject({
    kind: "loaded",
    value: { name: "other", path: "agents/deep/file-name.md" },
  });
});

test("B2, D-09: names with dots, capitals or underscores load and are flagged", () => {
  for (const name of ["My.Agent", "snake_case", "Capital"]) {
    const { outcome, diagnostics } = agent(`---\nname: ${name}\ndescription: d\n---\n`);
    expect(outcome).toMatchObject({ kind: "loaded", value: { name } });
    expect(diagnostics).toEqual([expect.objectContaining({ rule: "name-style" })]);
  }
});

test("B4: front matter is never executed, whatever its fence says", () => {
  for (const { text } of FIXTURES) agent(text);
  agent(
    '---\nname: !!js/function "function () { globalThis.wasExecuted = 1 }"\ndescription: x\n---\n',
  );
  expect("wasExecuted" in globalThis).toBe(false);
});

test("B4, D-01: the splitter alone would have run it: the fence around it is what stops that", () => {
  const text = '---js\n{ name: (globalThis.ranUnfenced = "yes"), description: "x" }\n---\nBody.\n';
  matter(text, { language: "yaml" });
  expect("ranUnfenced" in globalThis).toBe(true);
  Reflect.deleteProperty(globalThis, "ranUnfenced");
  expect(agent(text).outcome.kind).toBe("skipped");
  expect("ranUnfenced" in globalThis).toBe(false);
});

test("B5: the splitter's own cache would swallow the second error: ours gives it again", () => {
  const text = "---\nname: a\ndescription: b: c\n---\n";
  expect(() => matter(text)).toThrow();
  expect(matter(text).data).toEqual({});
  expect(agent(text)).toEqual(agent(text));
  expect(agent(text).diagnostics).toHaveLength(1);
});

test("B5: the same malformed input gives the same diagnostic every time", () => {
  for (const { text } of FIXTURES) {
    const first = agent(text);
    expect(agent(text)).toEqual(first);
    expect(agent(text)).toEqual(first);
  }
});

test("D-03: keys named __proto__ and constructor reach no object's prototype", () => {
  const { outcome } = agent(
    "---\nname: a\ndescription: b\n__proto__:\n  polluted: yes\nconstructor: c\n---\n",
  );
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  if (outcome.kind !== "loaded") throw new Error(outcome.kind);
  expect(Object.getPrototypeOf(outcome.fields)).toBeNull();
});

test("D-02: bombs and depths are refused at once", () => {
  const deep = `---\nname: a\ndescription: b\nx: ${"[".repeat(10_000)}\n---\n`;
  const compact = `---\nname: a\ndescription: b\nx:\n  ${"- ".repeat(10_000)}y\n---\n`;
  const start = performance.now();
  expect(agent(deep).outcome.kind).toBe("skipped");
  expect(agent(compact).outcome.kind).toBe("skipped");
  expect(performance.now() - start).toBeLessThan(1_000);
});

test("D-08: invisible characters are removed and told with their line; emoji sequences stay", () => {
  const family = "\u{1F469}\u200D\u{1F467}";
  const { outcome, diagnostics } = agent(
    `---\nname: a\ndescription: see\u200B this ${family}\n---\nBo\u202Edy \u{E0041}.\n`,
  );
  expect(outcome).toMatchObject({
    kind: "loaded",
    value: { description: `see this ${family}`, body: "Body ." },
  });
  expect(diagnostics).toEqual([
    expect.objectContaining({ rule: "invisible-character", line: 3, severity: "warning" }),
  ]);
});

test("D-11: what is loaded is frozen through and through", () => {
  const { outcome } = agent("---\nname: a\ndescription: b\ntools: Read, Write\n---\n");
  if (outcome.kind !== "loaded") throw new Error(outcome.kind);
  expect(() => (outcome.value.tools as string[]).push("Bash")).toThrow(TypeError);
  expect(Object.isFrozen(outcome.value)).toBe(true);
});

test("B2: a skill without a description is skipped, one without a name takes its folder's", () => {
  expect(skill("---\nname: sewing\n---\nBody.\n").outcome).toMatchObject({ kind: "skipped" });
  expect(skill("---\nname: sewing\ndescription: '  '\n---\n").outcome).toMatchObject({
    kind: "skipped",
  });
  expect(skill("---\ndescription: Use to sew\n---\n").outcome).toMatchObject({
    kind: "loaded",
    value: { name: "sewing", description: "Use to sew" },
  });
});
