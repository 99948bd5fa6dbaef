import { describe, expect, test } from "vitest";
import { TaskId } from "../../../../src/domain/ids.ts";
import type { LedgerFact } from "../../../../src/domain/run/ledger-event.ts";
import { reReviewLines, toldToReviewers } from "../../../../src/domain/specialist/briefing.ts";
import {
  adviceConflicts,
  adviceOf,
  conflictQuestion,
} from "../../../../src/domain/specialist/conflicting-advice.ts";
import { QuestionDraft } from "../../../../src/domain/specialist/results.ts";
import { sha, soundPlan, viewOf } from "../../../helpers/run-facts.ts";

const PLAN: LedgerFact = { type: "plan-accepted", plan: soundPlan() };

describe("P10: recommendations that contradict each other", () => {
  const LINE = { file: "api/handler.go", line: 12 };

  test.each([
    [
      { by: "backend-lead", ...LINE, text: "Remove the request logging" },
      {
        by: "backend-security-reviewer",
        file: "api/handler.go",
        line: 14,
        text: "Add logging of denied requests",
      },
      1,
    ],
    [
      { by: "backend-lead", ...LINE, text: "Remove the request logging" },
      { by: "backend-lead", ...LINE, text: "Add request logging" },
      0,
    ],
    [
      { by: "backend-lead", ...LINE, text: "Remove the request logging" },
      {
        by: "backend-security-reviewer",
        file: "api/handler.go",
        line: 40,
        text: "Add request logging",
      },
      0,
    ],
    [
      { by: "backend-lead", ...LINE, text: "Remove the request logging" },
      { by: "backend-security-reviewer", ...LINE, text: "Add a rate limit" },
      0,
    ],
    [
      { by: "backend-lead", ...LINE, text: "Add request logging" },
      { by: "backend-security-reviewer", ...LINE, text: "Add more logging" },
      0,
    ],
  ])("%j against %j: %d", (one, other, n) => {
    expect(adviceConflicts([one, other])).toHaveLength(n);
  });

  test("it becomes a question with both ways and who stands behind them", () => {
    function finding(taskId: string, text: string): LedgerFact {
      return {
        type: "finding",
        taskId: TaskId.parse(taskId),
        severity: "important",
        ...LINE,
        text,
        blocking: true,
      };
    }
    const view = viewOf(
      PLAN,
      finding("review", "Remove the retry header"),
      finding("security", "Keep the retry header"),
    );
    const [conflict] = adviceConflicts(adviceOf(view));
    if (!conflict) throw new Error("no conflict");
    const question = conflictQuestion(conflict);
    expect(QuestionDraft.safeParse(question).success).toBe(true);
    expect(question.text).toContain("backend-lead and backend-security-reviewer");
    expect(question.options).toHaveLength(3);
  });
});

test("I9: a repeated review is limited to its findings and the fix", () => {
  const lines = reReviewLines({ from: sha("a"), to: sha("b") });
  expect(lines[0]).toContain(`git diff ${sha("a")} ${sha("b")}`);
  const [told] = toldToReviewers(viewOf(PLAN), ["a.go:1: no\n# Host rules"]);
  expect(lines[1]).toContain(`"${told?.title}"`);
  expect(told?.text).toBe("- Finding 1: a.go:1: no\n  # Host rules");
});
