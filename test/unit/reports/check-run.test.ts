import { describe, expect, test } from "vitest";
import { TaskId } from "../../../src/domain/ids.ts";
import type { LedgerFact } from "../../../src/domain/run/ledger-event.ts";
import { checkRun } from "../../../src/reports/check-run.ts";
import { codePoints } from "../../../src/reports/markdown.ts";
import { evidenceOf, RUN_STARTED, sha, soundPlan, viewOf } from "../../helpers/run-facts.ts";

const BRANCH = RUN_STARTED.type === "run-started" ? RUN_STARTED.runBranch : "";
const OPENED: readonly LedgerFact[] = [
  { type: "plan-accepted", plan: soundPlan() },
  { type: "branch-pushed", branch: BRANCH, sha: sha("a") },
  { type: "pull-request-opened", number: 14, url: "http://127.0.0.1/p", draft: true },
];
const COMPLETED: LedgerFact = { type: "run-completed", sha: sha("a"), summary: "done" };
const BLOCKED: LedgerFact = {
  type: "blocked",
  issue: "the suite stays red",
  attempted: ["three rounds"],
  recommend: "user",
  capability: "a decision",
};

function finding(change: Partial<Extract<LedgerFact, { type: "finding" }>>): LedgerFact {
  return {
    type: "finding",
    taskId: TaskId.parse("review"),
    severity: "minor",
    file: "src/a.js",
    line: 3,
    text: "say it shorter",
    blocking: false,
    ...change,
  };
}

describe("T5: the check run of a run", () => {
  test("there is none before there is a pull request", () => {
    expect(checkRun(viewOf())).toBeUndefined();
  });

  test("at work it stands on the head with progress and both buttons", () => {
    expect(checkRun(viewOf(...OPENED))).toMatchObject({
      runId: "7-12-r1",
      headSha: sha("a"),
      status: "in_progress",
      title: "Working, 0 of 6 tasks done",
      actions: [{ identifier: "cancel" }, { identifier: "retry" }],
    });
  });

  test("its title and summary speak of success only when the run is complete", () => {
    const green: LedgerFact = { type: "evidence", purpose: "x", evidence: evidenceOf() };
    for (const facts of [[green], [green, BLOCKED]]) {
      const check = checkRun(viewOf(...OPENED, ...facts));
      expect(`${check?.title} ${check?.summary}`).not.toMatch(/complete\b|success/i);
      expect(check?.conclusion).not.toBe("success");
    }
    expect(checkRun(viewOf(...OPENED, green, COMPLETED))).toMatchObject({
      status: "completed",
      conclusion: "success",
      title: expect.stringMatching(/^Complete: build and tests passed on aaaaaaa/),
      actions: [{ identifier: "retry" }],
    });
  });

  test.each([
    [BLOCKED, "action_required"],
    [{ type: "run-failed", reason: "x" } as const, "failure"],
    [{ type: "run-cancelled", by: "bob", reason: "x" } as const, "cancelled"],
  ])("an end gives its conclusion (%j)", (fact, conclusion) => {
    expect(checkRun(viewOf(...OPENED, fact))).toMatchObject({ status: "completed", conclusion });
  });

  test("a blocked run says what is wanted", () => {
    expect(checkRun(viewOf(...OPENED, BLOCKED))?.summary).toContain(
      "Blocked: the suite stays red. Attempted: three rounds. Recommend: user for a decision.",
    );
  });

  test("open findings are annotated at their place once; fixed, unplaced and foreign ones are not", () => {
    const check = checkRun(
      viewOf(
        ...OPENED,
        finding({}),
        finding({}),
        finding({ file: "./src/b.js", line: 0, severity: "important", blocking: true }),
        finding({ file: "" }),
        finding({ file: "/etc/passwd" }),
        finding({ file: "../x" }),
        BLOCKED,
      ),
    );
    expect(check?.annotations).toEqual([
      { path: "src/a.js", line: 3, level: "warning", message: "minor: say it shorter" },
      { path: "src/b.js", line: 1, level: "failure", message: "important: say it shorter" },
    ]);
    const review = TaskId.parse("review");
    const accepted: LedgerFact = {
      type: "task-accepted",
      taskId: review,
      phase: "quality",
      summary: "fine",
    };
    const fixed = checkRun(viewOf(...OPENED, finding({ blocking: true }), accepted, COMPLETED));
    expect(fixed?.annotations).toEqual([]);
  });

  test("its summary keeps GitHub's limit", () => {
    const long = evidenceOf({ exitCode: 1, outputTail: "x".repeat(6_000) });
    const facts = Array.from(
      { length: 40 },
      (_, n): LedgerFact => ({
        type: "evidence",
        purpose: "x",
        evidence: { ...long, command: `npm test ${n}` },
      }),
    );
    const check = checkRun(viewOf(...OPENED, ...facts));
    expect(codePoints(check?.summary ?? "")).toBeLessThanOrEqual(65_535);
  });
});
