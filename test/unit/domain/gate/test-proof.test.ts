import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Evidence } from "../../../../src/domain/gate/evidence.ts";
import {
  proofOf,
  type TestProof,
  testCounts,
  testFileChanges,
  testWarnings,
} from "../../../../src/domain/gate/test-proof.ts";
import { missingTargets } from "../../../../src/domain/gate/test-targets.ts";
import { evidenceOf } from "../../../helpers/run-facts.ts";

const GREEN = evidenceOf();

function red(outputTail: string, change: Partial<Evidence> = {}): Evidence {
  return evidenceOf({ exitCode: 1, outputTail, ...change });
}

function proof(change: Partial<Parameters<typeof proofOf>[0]>): TestProof {
  return proofOf({
    onBase: [GREEN],
    withTests: [GREEN],
    testFiles: ["test/a.test.js"],
    production: ["src/a.js"],
    ...change,
  });
}

function spec(): string {
  return readFileSync(new URL("../../../fixtures/failures/node-spec.txt", import.meta.url), "utf8");
}

describe("H5: new tests fail without the change", () => {
  test("they fail on the base: proven, with the command", () => {
    expect(proof({ withTests: [red(spec())] })).toEqual({
      kind: "proven",
      detail: "`npm test` fails on the base with the new tests (exit 1)",
    });
  });

  test("they do not even build there: proven", () => {
    const build = red("bad_test.go:3:12: undefined: h", { kind: "build", command: "go vet ./..." });
    expect(proof({ withTests: [build], testFiles: ["bad_test.go"] })).toMatchObject({
      kind: "proven",
    });
  });

  test("they pass at once without the change: they show nothing", () => {
    expect(proof({})).toEqual({
      kind: "passes-without",
      detail: "the new tests pass on the base, without the change",
    });
  });

  test.each<[string, Partial<Parameters<typeof proofOf>[0]>, string]>([
    ["no test file", { testFiles: [] }, "no test file is new or changed"],
    ["nothing but tests", { production: [] }, "the run changed nothing but tests"],
    ["a red base", { onBase: [red("x")] }, "the base is red already: `npm test` exited with 1"],
    ["nothing to run", { withTests: [] }, "no build or test command could be run"],
    [
      "a time-out",
      { withTests: [red("", { timedOut: true })] },
      "`npm test` ran out of time on the base",
    ],
    [
      "a failed setup",
      { withTests: [red("", { kind: "setup", command: "npm ci" }), GREEN] },
      "`npm ci` failed on the base",
    ],
    [
      "a failure elsewhere",
      { withTests: [red(spec())], testFiles: ["test/z.test.js"] },
      "`npm test` failed on the base, but not in the new tests",
    ],
  ])("%s proves neither", (_what, change, detail) => {
    expect(proof(change)).toEqual({ kind: "not-feasible", detail });
  });

  test("a Go package's failure is found in the file of that package", () => {
    const output = readFileSync(
      new URL("../../../fixtures/failures/go-test.txt", import.meta.url),
      "utf8",
    );
    const got = proof({ withTests: [red(output)], testFiles: ["api/api_test.go"] });
    expect(got.kind).toBe("proven");
  });
});

describe("B-04, H6: the tests before and after", () => {
  const range = {
    baseFiles: ["src/a.js", "test/a.test.js", "test/old.test.js"],
    headFiles: ["src/a.js", "test/a.test.js", "test/new.test.js"],
    changed: ["src/a.js", "test/a.test.js", "test/old.test.js", "test/new.test.js"],
  };

  test("test files are sorted by what happened to them", () => {
    expect(testFileChanges(range)).toEqual({
      added: ["test/new.test.js"],
      changed: ["test/a.test.js"],
      deleted: ["test/old.test.js"],
    });
  });

  test("counts are the host's, the latest run of each command, all commands together", () => {
    function tests(passed: number): Pick<Evidence, "tests"> {
      return { tests: { passed, failed: 0, skipped: 1 } };
    }
    expect(
      testCounts([
        evidenceOf(tests(3)),
        evidenceOf(tests(5)),
        evidenceOf({ command: "npm run e2e", ...tests(2) }),
        evidenceOf({ kind: "build" }),
      ]),
    ).toEqual({ passed: 7, failed: 0, skipped: 2 });
    expect(testCounts([evidenceOf({ kind: "build" })])).toBeNull();
  });

  test("deleted files, fewer tests, more skips and claims that do not hold are named", () => {
    const before = { passed: 10, failed: 0, skipped: 0 };
    const warnings = testWarnings({
      before,
      after: { passed: 6, failed: 0, skipped: 2 },
      files: testFileChanges(range),
      claimed: 4,
    });
    expect(warnings).toEqual([
      "Test files were deleted: test/old.test.js.",
      "There are fewer tests than before: 8 instead of 10.",
      "More tests are skipped than before: 2 instead of 0.",
      "The testers say 4 new tests, the host counts 0.",
    ]);
    const good = { before, after: { passed: 14, failed: 0, skipped: 0 }, claimed: 4 };
    expect(testWarnings({ ...good, files: { added: ["x"], changed: [], deleted: [] } })).toEqual(
      [],
    );
    expect(
      testWarnings({ ...good, before: null, files: { added: [], changed: [], deleted: [] } }),
    ).toEqual([]);
  });
});

describe("H4: tests refer to production files that exist", () => {
  const files = new Set([
    "src/handler.ts",
    "src/store/index.js",
    "app/models.py",
    "app/__init__.py",
    "internal/store/store.go",
    "test/handler.test.ts",
  ]);

  test.each<[string, string, string[]]>([
    ["test/handler.test.ts", 'import { h } from "../src/handler.ts";', []],
    [
      "test/handler.test.ts",
      'import { h } from "../src/handler.js";\nconst s = require("../src/store");',
      [],
    ],
    [
      "test/handler.test.ts",
      'import x from "../src/missing.js";\nimport fs from "node:fs";',
      ["../src/missing.js"],
    ],
    ["test/handler.test.ts", 'import x from "../../outside.js";', ["../../outside.js"]],
    [
      "app/tests/test_m.py",
      "from ..models import Asset\nfrom ..nothing import X\n",
      ["from ..nothing import"],
    ],
    ["internal/store/store_test.go", "package store", []],
    [
      "internal/queue/queue_test.go",
      'package queue\nimport "testing"',
      ["production code in internal/queue/"],
    ],
    [
      "acceptance/api_test.go",
      'package acceptance\nimport "example.com/assets/internal/store"',
      [],
    ],
    ["notes.md", "import './x'", []],
  ])("%s with %j misses %j", (path, text, missing) => {
    expect(missingTargets(path, text, files)).toEqual(missing);
  });
});
