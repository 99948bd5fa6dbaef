import { describe, expect, test } from "vitest";
import { guardOf, worthALook } from "../../../../src/domain/gate/guarded.ts";
import { type ScopeVerdict, scopeVerdict } from "../../../../src/domain/gate/scope.ts";
import { holdsTests, isTestFile } from "../../../../src/domain/gate/test-files.ts";
import type { PlannedTask } from "../../../../src/domain/plan/plan.ts";
import { plannedTask } from "../../../helpers/run-facts.ts";

const DEVELOPER = plannedTask("handler", { files: ["src/handler.js", "package.json"] });
const TESTER = plannedTask("unit", {
  specialist: "backend-tester",
  mode: "unit",
  files: ["test/unit.test.js"],
});
const OTHER = plannedTask("integration", {
  specialist: "backend-tester",
  mode: "integration",
  files: ["test/integration.test.js"],
});

function verdict(task: PlannedTask, changed: string[], beside: PlannedTask[] = []): ScopeVerdict {
  return scopeVerdict({ task, changed, beside });
}

describe("F10: files outside the declared scope", () => {
  test("alone they are flagged and taken in", () => {
    expect(verdict(DEVELOPER, ["src/handler.js", "src/store.js"])).toEqual({
      flagged: ["src/store.js"],
      rejected: false,
      problems: [],
      approval: [],
    });
  });

  test("in parallel work they are rejected, with what to leave alone", () => {
    const got = verdict(DEVELOPER, ["src/handler.js", "src/store.js"], [plannedTask("other")]);
    expect(got.rejected).toBe(true);
    expect(got.problems).toEqual([
      "Others work at the same time; leave src/store.js as it was: only src/handler.js, package.json is yours.",
    ]);
  });

  test("two testers that edit the same file: the one that does not own it is rejected", () => {
    const got = verdict(TESTER, ["test/unit.test.js", "test/integration.test.js"], [OTHER]);
    expect(got.problems).toContain(
      "test/integration.test.js belongs to task integration: leave it as it was.",
    );
  });

  test("basic tests belong to the code, a lock file to its changed manifest", () => {
    expect(verdict(DEVELOPER, ["src/handler.js", "test/handler.test.js"]).flagged).toEqual([]);
    expect(verdict(DEVELOPER, ["package.json", "package-lock.json"]).flagged).toEqual([]);
    expect(verdict(DEVELOPER, ["src/handler.js", "package-lock.json"]).flagged).toEqual([
      "package-lock.json",
    ]);
  });

  test("H3: a tester that changes production code is rejected, parallel or not", () => {
    const got = verdict(TESTER, ["test/unit.test.js", "src/handler.js"]);
    expect(got.rejected).toBe(true);
    expect(got.problems[0]).toContain("A tester changes no production code; leave src/handler.js");
    expect(verdict(TESTER, ["test/unit.test.js", "vitest.config.ts"]).rejected).toBe(false);
  });

  test("a task that declared nothing is free, but not of others' files", () => {
    const free = plannedTask("do-it");
    expect(verdict(free, ["a.js", "b/c.js"])).toEqual({
      flagged: [],
      rejected: false,
      problems: [],
      approval: [],
    });
    expect(verdict(free, ["test/integration.test.js"], [OTHER]).rejected).toBe(true);
  });
});

describe("Q3, O-07: files that only a person may let in", () => {
  test("a protected path is flagged and needs a person, also when the task declares it", () => {
    const task = plannedTask("deploy", { files: ["deploy/prod.yml"] });
    const shielded = scopeVerdict({
      task,
      changed: ["deploy/prod.yml", "src/a.js"],
      beside: [],
      protectedPaths: ["deploy/**"],
    });
    expect(shielded).toMatchObject({
      rejected: false,
      flagged: ["src/a.js", "deploy/prod.yml"],
      approval: [{ file: "deploy/prod.yml", guard: "protected" }],
    });
  });

  test("tests that disappear need a person unless the task declares them", () => {
    const changed = ["src/handler.js", "test/old.test.js", "src/gone.js"];
    const deleted = ["test/old.test.js", "src/gone.js"];
    expect(scopeVerdict({ task: DEVELOPER, changed, beside: [], deleted }).approval).toEqual([
      { file: "test/old.test.js", guard: "deleted-tests" },
    ]);
    const declared = { ...DEVELOPER, files: [...DEVELOPER.files, "test/old.test.js"] };
    expect(scopeVerdict({ task: declared, changed, beside: [], deleted }).approval).toEqual([]);
  });

  test.each([
    [".github/workflows/ci.yml", "ci"],
    [".GitHub/Workflows/CI.yml", "ci"],
    [".github/actions/setup/action.yml", "ci"],
    ["tools/lint/action.yaml", "ci"],
    [".gitlab-ci.yml", "ci"],
    [".circleci/config.yml", "ci"],
    ["Jenkinsfile", "ci"],
    ["ci/Jenkinsfile.release", "ci"],
    ["azure-pipelines.yml", "ci"],
    [".husky/pre-commit", "ci"],
    ["CODEOWNERS", "owners"],
    [".github/CODEOWNERS", "owners"],
    ["docs/CODEOWNERS", "owners"],
    [".github/orchestrator.yml", "definitions"],
    [".claude/agents/backend-developer.md", "definitions"],
    [".claude/settings.json", "definitions"],
    [".agents/skills/x/SKILL.md", "definitions"],
    ["CLAUDE.md", "definitions"],
    ["services/api/AGENTS.md", "definitions"],
    [".mcp.json", "definitions"],
    [".github/ISSUE_TEMPLATE/bug.md", undefined],
    ["src/actions/workflows.ts", undefined],
    ["src/codeowners.go", undefined],
    ["docs/agents.txt", undefined],
    ["package.json", undefined],
  ])("%s is guarded because of %s", (path, guard) => {
    expect(guardOf(path)).toBe(guard);
  });

  test("B-05: dependencies and dot-files are worth a look, ordinary code is not", () => {
    const looked = ["package.json", "api/go.sum", "requirements-dev.txt", ".env.example", "a/.x/b"];
    expect(looked.filter(worthALook)).toEqual(looked);
    expect(["src/package.ts", "docs/a.md", "go.mod.md"].filter(worthALook)).toEqual([]);
  });
});

test.each([
  ["internal/store/store_test.go", true, true],
  ["src/a.test.ts", true, true],
  ["src/__tests__/a.js", true, true],
  ["tests/test_x.py", true, true],
  ["pkg/conftest.py", true, true],
  ["src/test/java/AssetTest.java", true, true],
  ["test/fixtures/a.json", true, false],
  ["src/latest.ts", false, false],
  ["src/contest/entry.js", false, false],
  ["src/testing.go", false, false],
  ["attestation/main.go", false, false],
])("%s: belongs to tests %s, holds tests %s", (path, belongs, holds) => {
  expect([isTestFile(path), holdsTests(path)]).toEqual([belongs, holds]);
});
