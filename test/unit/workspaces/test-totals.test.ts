import { describe, expect, test } from "vitest";
import { createTestCounter } from "../../../src/workspaces/test-totals.ts";

function count(output: string): unknown {
  const counter = createTestCounter();
  for (const line of output.split("\n")) counter.line(line);
  return counter.totals();
}

/** Output of a runner, and the passed, failed and skipped tests it tells of. */
const CASES: [name: string, output: string, totals: [number, number, number]][] = [
  [
    "node:test, spec reporter",
    "✔ adds (0.5ms)\nℹ tests 4\nℹ suites 1\nℹ pass 2\nℹ fail 1\nℹ cancelled 0\nℹ skipped 1\nℹ todo 0\nℹ duration_ms 60",
    [2, 1, 1],
  ],
  [
    "node:test, TAP",
    "TAP version 13\nok 1 - adds\n1..1\n# tests 3\n# suites 0\n# pass 2\n# fail 0\n# cancelled 1\n# skipped 0\n# todo 0",
    [2, 1, 0],
  ],
  [
    "node:test in two packages",
    "# pass 2\n# fail 0\n# cancelled 0\n# skipped 0\n# todo 0\n# pass 3\n# fail 1\n# cancelled 0\n# skipped 0\n# todo 0",
    [5, 1, 0],
  ],
  [
    "go test -v",
    "=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestB\n=== RUN   TestB/sub\n    --- PASS: TestB/sub (0.00s)\n--- PASS: TestB (0.00s)\n--- SKIP: TestC (0.00s)\nPASS\nok  \texample.com/a\t0.003s",
    [2, 0, 1],
  ],
  [
    "go test -v, failing",
    "--- PASS: TestA (0.00s)\n--- FAIL: TestB (0.00s)\nFAIL\nFAIL\texample.com/a\t0.003s\nFAIL",
    [1, 1, 0],
  ],
  [
    "go test, packages only",
    "ok  \texample.com/a\t0.003s\n?   \texample.com/b\t[no test files]\nok  \texample.com/c\t(cached)",
    [2, 0, 0],
  ],
  [
    "go test, one does not build",
    "ok  \texample.com/a\t0.003s\nFAIL\texample.com/b [build failed]\nFAIL",
    [1, 1, 0],
  ],
  [
    "go test -json",
    '{"Time":"t","Action":"run","Package":"a","Test":"TestA"}\n{"Action":"pass","Package":"a","Test":"TestA","Elapsed":0}\n{"Action":"fail","Package":"a","Test":"TestB"}\n{"Action":"skip","Package":"a","Test":"TestC"}\n{"Action":"pass","Package":"a","Elapsed":0.1}',
    [1, 1, 1],
  ],
  ["pytest", "========= 2 failed, 3 passed, 1 skipped, 1 warning in 0.12s =========", [3, 2, 1]],
  ["pytest -q", "3 passed in 0.01s", [3, 0, 0]],
  ["pytest, errors", "=== 1 passed, 2 errors in 1.02s (0:00:01) ===", [1, 2, 0]],
  ["unittest", "Ran 5 tests in 0.001s\n\nFAILED (failures=1, errors=1, skipped=1)", [2, 2, 1]],
  ["unittest, well", "Ran 3 tests in 0.001s\n\nOK", [3, 0, 0]],
  [
    "cargo test",
    "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\ntest result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
    [4, 2, 1],
  ],
  [
    "Surefire",
    "[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.05 s - in a.ATest\n[INFO] Results:\n[INFO] \n[ERROR] Tests run: 5, Failures: 1, Errors: 1, Skipped: 1\n",
    [2, 2, 1],
  ],
  [
    "Jest",
    "Test Suites: 1 failed, 1 passed, 2 total\nTests:       1 failed, 1 skipped, 3 passed, 5 total\nSnapshots:   0 total",
    [3, 1, 1],
  ],
  [
    "Vitest",
    "\u001b[2m Test Files \u001b[22m 1 passed (1)\n\u001b[2m      Tests \u001b[22m \u001b[1m\u001b[31m1 failed\u001b[39m\u001b[22m\u001b[2m | \u001b[22m\u001b[32m3 passed\u001b[39m\u001b[90m (4)\u001b[39m",
    [3, 1, 0],
  ],
  [
    "Mocha",
    "  assets\n    ✔ creates\n\n\n  3 passing (10ms)\n  2 pending\n  1 failing\n",
    [3, 1, 2],
  ],
];

describe("test totals", () => {
  test.each(CASES)("%s", (_name, output, totals) => {
    const [passed, failed, skipped] = totals;
    expect(count(output)).toEqual({ passed, failed, skipped });
  });

  test.each([
    ["nothing", ""],
    ["a program that talks", "Tests are fun\n3 passing thoughts\nok\nPASS"],
    ["a log that mentions totals", "user said: # pass 3 and more\nexpected '3 passed in 1s' here"],
  ])("no totals are made up from %s", (_name, output) => expect(count(output)).toBeUndefined());
});
