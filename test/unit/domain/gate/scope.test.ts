import { describe, expect, test } from "vitest";
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

  test("a task that declared nothing is free, but not of others' files and protected paths", () => {
    const free = plannedTask("do-it");
    expect(verdict(free, ["a.js", "b/c.js"])).toEqual({
      flagged: [],
      rejected: false,
      problems: [],
    });
    const shielded = scopeVerdict({
      task: free,
      changed: ["deploy/prod.yml"],
      beside: [],
      protectedPaths: ["deploy/**"],
    });
    expect(shielded).toMatchObject({ rejected: true, flagged: ["deploy/prod.yml"] });
    expect(verdict(free, ["test/integration.test.js"], [OTHER]).rejected).toBe(true);
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
