import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { diffSignature, errorSignature } from "../../../../src/domain/gate/error-signature.ts";
import { parseFailures } from "../../../../src/domain/gate/failure-formats.ts";
import {
  type Failure,
  failuresIn,
  groupFailures,
  investigationBrief,
  investigationOf,
} from "../../../../src/domain/gate/failures.ts";
import { PlannedTask } from "../../../../src/domain/plan/plan.ts";
import { evidenceOf } from "../../../helpers/run-facts.ts";

function output(name: string): string {
  return readFileSync(new URL(`../../../fixtures/failures/${name}.txt`, import.meta.url), "utf8");
}

function places(name: string): string[] {
  return parseFailures(output(name)).map(
    (one) => `${one.file ?? "?"} ${one.test ?? one.text.slice(0, 20)}`,
  );
}

function failure(
  file: string | undefined,
  signature: string,
  change: Partial<Failure> = {},
): Failure {
  return { text: signature, signature, ...(file === undefined ? {} : { file }), ...change };
}

describe("I10: error signatures", () => {
  const base =
    "2026-01-01T10:00:00Z FAIL handler_test.go:12: expected 3, got 4 (0.02s) at 0xc000012345";
  test.each([
    ["another time", base.replace("10:00:00", "11:59:07")],
    ["another line", base.replace(":12:", ":340:")],
    ["another address", base.replace("0xc000012345", "0xdeadbeef")],
    ["another duration", base.replace("0.02s", "1.7s")],
    ["colours", base.replace("FAIL", "\u001B[31mFAIL\u001B[0m")],
    ["more space", base.replace(" got", "   got")],
    ["totals of more tests", `${base}\n# tests 12\n5 passed, 1 failed`],
  ])("%s is the same failure", (_what, other) => {
    expect(errorSignature(other)).toBe(errorSignature(base));
  });

  test.each([
    ["another value", base.replace("got 4", "got 5")],
    ["another file", base.replace("handler_test", "store_test")],
    ["another message", base.replace("expected 3", "unexpected nil")],
  ])("%s is another failure", (_what, other) => {
    expect(errorSignature(other)).not.toBe(errorSignature(base));
  });

  test("a folder that is new in every run, a port and an order make no difference", () => {
    const one = "Error: open /tmp/run-17/api/store.json\nError: dial 127.0.0.1:40321 refused";
    const two = "Error: dial 127.0.0.1:1999 refused\nError: open /var/x/store.json";
    expect(errorSignature(one)).toBe(errorSignature(two));
  });

  test("it names the failure in words and survives an empty output", () => {
    expect(errorSignature("panic: nil map")).toMatch(/^[0-9a-f]{16} panic: nil map$/);
    expect(errorSignature("")).toBe("empty");
  });

  test("diffs are the same when they change the same lines, wherever these stand", () => {
    const diff =
      "diff --git a/x b/x\nindex 1234567..89abcde 100644\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\n+b\n";
    expect(diffSignature(diff.replace("@@ -1,2 +1,2 @@", "@@ -9,2 +9,2 @@"))).toBe(
      diffSignature(diff),
    );
    expect(diffSignature(diff.replace("+b", "+c"))).not.toBe(diffSignature(diff));
  });
});

describe("J3: failures are read from what the runners print", () => {
  test.each([
    ["node-spec", ["test/a.test.js adds", "test/a.test.js inner", "test/b.test.js reads null"]],
    ["node-tap", ["test/a.test.js adds", "test/a.test.js inner", "test/b.test.js reads null"]],
    ["vitest", ["test/a.test.ts group > sums", "test/a.test.ts throws"]],
    ["pytest", ["tests/test_x.py test_a", "tests/test_x.py test_b", "tests/test_y.py test_c"]],
    ["cargo", ["src/lib.rs tests::adds", "src/lib.rs tests::none"]],
    [
      "go-test",
      [
        "example.com/assets/api/api_test.go TestStatus",
        "queue/queue_test.go TestDrain",
        "example.com/assets/store/store_test.go TestGet",
        "example.com/assets/store/store_test.go TestTable/empty",
        "example.com/assets/store/store_test.go TestTable/one",
      ],
    ],
    ["go-build", ['bad/bad.go cannot use "x" (unty', "bad/bad.go undefined: h"]],
  ])("%s", (name, wanted) => {
    expect(places(name)).toEqual(wanted);
  });

  test("the first production file of the stack is the cause", () => {
    expect(parseFailures(output("go-test"))[1]?.cause).toBe("store/store.go");
    expect(parseFailures(output("node-spec"))[1]?.cause).toBe("src.js");
  });

  test("an output that nobody understands is one failure without a place", () => {
    const evidence = evidenceOf({ exitCode: 3, outputTail: "it went wrong somehow" });
    expect(failuresIn([evidence])).toEqual([
      expect.objectContaining({ text: "npm test: it went wrong somehow" }),
    ]);
    expect(failuresIn([evidenceOf()])).toEqual([]);
  });
});

describe("who looks into failures", () => {
  test("J1: three groups in different files without a shared signature are looked into together", () => {
    const three = investigationOf([
      failure("a.go", "1"),
      failure("b.go", "2"),
      failure("c.go", "3"),
    ]);
    expect(three.kind).toBe("parallel");
    const two = investigationOf([failure("a.go", "1"), failure("b.go", "2"), failure("b.go", "4")]);
    expect(two.kind).toBe("single");
    expect(investigationOf([]).kind).toBe("none");
  });

  test("J1: a real Go output with three broken packages goes to three specialists", () => {
    const found = failuresIn([evidenceOf({ exitCode: 1, outputTail: output("go-test") })]);
    const got = investigationOf(found);
    expect(got.kind).toBe("parallel");
    expect(groupFailures(found).map((group) => group.failures.length)).toEqual([1, 1, 3]);
  });

  test("J2: a shared signature, file or cause makes one group, also over a third failure", () => {
    const shared = ["a.go", "b.go", "c.go"].map((file) => failure(file, "same"));
    expect(investigationOf(shared)).toMatchObject({
      kind: "single",
      groups: [{ failures: shared }],
    });
    const cause = ["1", "2", "3"].map((name) =>
      failure(`${name}_test.go`, name, { cause: "store.go" }),
    );
    expect(investigationOf(cause).kind).toBe("single");
    const bridge = [
      failure("a.go", "1"),
      failure("b.go", "2"),
      failure("a.go", "2"),
      failure("c.go", "3"),
    ];
    expect(groupFailures(bridge).map((group) => group.files)).toEqual([["a.go", "b.go"], ["c.go"]]);
  });

  test("J2: failures that do not say where they are stay with one investigator", () => {
    const vague = ["1", "2", "3"].map((signature) => failure(undefined, signature));
    expect(investigationOf(vague).kind).toBe("single");
  });

  test("J3: an investigator gets error text, test names, what to leave alone and what to report", () => {
    const [group] = groupFailures(
      failuresIn([evidenceOf({ exitCode: 1, outputTail: output("node-spec") })]),
    );
    if (!group) throw new Error("no group");
    const brief = investigationBrief(group, { round: 2, n: 1, of: 3 });
    expect(PlannedTask.safeParse(brief.task).success).toBe(true);
    expect(brief.task.objective).toContain("adds; inner");
    expect(brief.task.expected_output).toContain("cause");
    expect(brief.findings[0]).toContain("test/a.test.js, adds:");
    expect(brief.findings[0]).toContain("2 !== 3");
    expect(brief.scope.join(" ")).toContain("2 other group(s)");
    expect(brief.scope.join(" ")).toContain("Do not weaken, skip or delete a test");
  });
});
