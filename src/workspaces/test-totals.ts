/** Counts tests in the output of the runners we know, a line at a time. */

interface TestTotals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface TestCounter {
  /** One line of output without its line break. */
  line(text: string): void;
  /** The totals so far; undefined when no known runner spoke. */
  totals(): TestTotals | undefined;
}

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** A runner's own words. Returns true when the line was one of its. */
interface Reader {
  read(line: string): boolean;
  result(): Counts | undefined;
}

const ESCAPES = new RegExp(String.raw`\u001B\[[0-9;?]*[ -/]*[@-~]`, "g");
const MAX_LINE = 10_000;

export function createTestCounter(): TestCounter {
  const readers = [
    nodeTest(),
    goJson(),
    goText(),
    pytest(),
    unittest(),
    cargo(),
    surefire(),
    jestOrVitest(),
    mocha(),
  ];
  function line(text: string): void {
    const plain = text.slice(0, MAX_LINE).replaceAll(ESCAPES, "").trimEnd();
    for (const reader of readers) reader.read(plain);
  }
  function totals(): TestTotals | undefined {
    for (const reader of readers) {
      const counts = reader.result();
      if (counts !== undefined) return counts;
    }
    return undefined;
  }
  return { line, totals };
}

/** Several runs in one output add up. */
function adding(read: (line: string, add: (counts: Partial<Counts>) => void) => boolean): Reader {
  let sum: Counts | undefined;
  function add(counts: Partial<Counts>): void {
    sum ??= { passed: 0, failed: 0, skipped: 0 };
    sum.passed += counts.passed ?? 0;
    sum.failed += counts.failed ?? 0;
    sum.skipped += counts.skipped ?? 0;
  }
  return { read: (line) => read(line, add), result: () => sum };
}

/** `# pass 3` of TAP, `ℹ pass 3` of the spec reporter; cancelled tests did not pass. */
function nodeTest(): Reader {
  return adding((line, add) => {
    const match = /^(?:#|ℹ) (pass|fail|cancelled|skipped|todo) (\d+)$/.exec(line);
    if (match === null) return false;
    const [, word, digits] = match;
    const count = Number(digits);
    if (word === "pass") add({ passed: count });
    else if (word === "fail" || word === "cancelled") add({ failed: count });
    else add({ skipped: count });
    return true;
  });
}

function goJson(): Reader {
  return adding((line, add) => {
    if (!line.startsWith('{"')) return false;
    const action = /"Action":"(pass|fail|skip)"/.exec(line)?.[1];
    if (action === undefined || !line.includes('"Test":"')) return false;
    add(GO_WORDS[action] ?? {});
    return true;
  });
}

const GO_WORDS: Readonly<Record<string, Partial<Counts>>> = {
  pass: { passed: 1 },
  fail: { failed: 1 },
  skip: { skipped: 1 },
};

/**
 * `--- PASS: TestX` of verbose output, sub-tests not counted twice. Without it only packages speak: `ok  pkg 0.1s`
 * counts as one. A package that does not build, or panics, has failed even if no test has.
 */
function goText(): Reader {
  const tests: Counts = { passed: 0, failed: 0, skipped: 0 };
  const packages: Counts = { passed: 0, failed: 0, skipped: 0 };
  function read(line: string): boolean {
    const test = /^--- (PASS|FAIL|SKIP): /.exec(line)?.[1];
    if (test === "PASS") tests.passed += 1;
    else if (test === "FAIL") tests.failed += 1;
    else if (test === "SKIP") tests.skipped += 1;
    else if (/^ok {2}\t\S+\t(\d|\(cached\))/.test(line)) packages.passed += 1;
    else if (/^FAIL\t\S+/.test(line)) packages.failed += 1;
    else return false;
    return true;
  }
  function result(): Counts | undefined {
    const ran = tests.passed + tests.failed + tests.skipped;
    if (ran + packages.passed + packages.failed === 0) return undefined;
    const failed = Math.max(tests.failed, packages.failed);
    if (tests.passed > 0) return { ...tests, failed };
    return { passed: packages.passed, failed, skipped: tests.skipped };
  }
  return { read, result };
}

/** `=== 2 failed, 3 passed, 1 skipped in 0.1s ===`, also without the signs. */
function pytest(): Reader {
  return adding((line, add) => {
    const match = /^(?:=+ )?((?:\d+ [a-z]+, )*\d+ [a-z]+) in [\d.]+s(?: .*)?$/.exec(line);
    if (match === null) return false;
    const counts = wordCounts(match[1] ?? "");
    add({
      passed: (counts.get("passed") ?? 0) + (counts.get("xfailed") ?? 0),
      failed: sumOf(counts, ["failed", "error", "errors", "xpassed"]),
      skipped: counts.get("skipped") ?? 0,
    });
    return true;
  });
}

/** `Ran 3 tests in 0.1s` followed by `OK` or `FAILED (failures=1, errors=1)`. */
function unittest(): Reader {
  let ran: number | undefined;
  return adding((line, add) => {
    const count = /^Ran (\d+) tests? in [\d.]+s$/.exec(line)?.[1];
    if (count !== undefined) {
      ran = Number(count);
      return true;
    }
    const verdict = /^(?:OK|FAILED)(?: \((.*)\))?$/.exec(line);
    if (ran === undefined || verdict === null) return false;
    const words = new Map(
      [...(verdict[1] ?? "").matchAll(/([a-z ]+)=(\d+)/g)].map((m) => [m[1]?.trim(), Number(m[2])]),
    );
    const failed = sumOf(words, ["failures", "errors", "unexpected successes"]);
    const skipped = words.get("skipped") ?? 0;
    add({ passed: Math.max(0, ran - failed - skipped), failed, skipped });
    ran = undefined;
    return true;
  });
}

/** `test result: ok. 3 passed; 0 failed; 1 ignored; …`, one for each test binary. */
function cargo(): Reader {
  return adding((line, add) => {
    const match = /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;/.exec(line);
    if (match === null) return false;
    add({ passed: Number(match[1]), failed: Number(match[2]), skipped: Number(match[3]) });
    return true;
  });
}

/** The totals of a module: `Tests run: 3, Failures: 0, Errors: 0, Skipped: 1` without a class behind it. */
function surefire(): Reader {
  return adding((line, add) => {
    const match =
      /^(?:\[[A-Z]+\] *)?Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+)$/.exec(
        line,
      );
    if (match === null) return false;
    const [run = 0, failures = 0, errors = 0, skipped = 0] = match.slice(1).map(Number);
    const failed = failures + errors;
    add({ passed: Math.max(0, run - failed - skipped), failed, skipped });
    return true;
  });
}

/** Jest's `Tests: 1 failed, 3 passed, 4 total` and Vitest's `Tests  1 failed | 3 passed (4)`. */
function jestOrVitest(): Reader {
  return adding((line, add) => {
    const match = /^ *Tests:? +((?:\d+ [a-z]+(?:, | \| )?)+)(?: \(\d+\))?$/.exec(line);
    if (match === null) return false;
    const counts = wordCounts(match[1] ?? "");
    if (!counts.has("total") && !/\(\d+\)$/.test(line)) return false;
    add({
      passed: counts.get("passed") ?? 0,
      failed: counts.get("failed") ?? 0,
      skipped: sumOf(counts, ["skipped", "todo"]),
    });
    return true;
  });
}

/** `  3 passing (10ms)`, `  1 failing`, `  2 pending`. */
function mocha(): Reader {
  let began = false;
  return adding((line, add) => {
    const match = /^ {2}(\d+) (passing|failing|pending)(?: \(.+\))?$/.exec(line);
    if (match === null || (!began && match[2] !== "passing")) return false;
    began = true;
    const count = Number(match[1]);
    if (match[2] === "passing") add({ passed: count });
    else if (match[2] === "failing") add({ failed: count });
    else add({ skipped: count });
    return true;
  });
}

function wordCounts(text: string): Map<string, number> {
  return new Map([...text.matchAll(/(\d+) ([a-z]+)/g)].map((m) => [m[2] ?? "", Number(m[1])]));
}

function sumOf(counts: ReadonlyMap<string | undefined, number>, words: readonly string[]): number {
  return words.reduce((sum, word) => sum + (counts.get(word) ?? 0), 0);
}
