import { describe, expect, test } from "vitest";
import type { ClassedComment } from "../../../../src/domain/run/pull-facts.ts";
import {
  FeedbackResult,
  feedbackFindings,
  feedbackItems,
  judgeFeedback,
  proposalIn,
  type ReviewToRead,
} from "../../../../src/domain/specialist/feedback.ts";
import { viewOf } from "../../../helpers/run-facts.ts";

function said(id: number, body: string, thread = id): ReviewToRead["comments"][number] {
  return { id, thread, path: "src/a.js", line: 3, body, hunk: "@@ -1 +1 @@\n+a" };
}

function review(change: Partial<ReviewToRead> = {}): ReviewToRead {
  return { state: "changes_requested", body: "", comments: [said(1, "rename it")], ...change };
}

const NOTHING = viewOf();

describe("T2: the comments of a review", () => {
  test("its own text and each comment are classed; an approval's text is not, its comments are", () => {
    const ids = feedbackItems(review({ body: "Two things." }), NOTHING).map(({ id }) => id);
    expect(ids).toEqual(["body", "c1"]);
    expect(
      feedbackItems(review({ state: "approved", body: "Fine!", comments: [] }), NOTHING),
    ).toEqual([]);
    expect(feedbackItems(review({ state: "approved" }), NOTHING)).toHaveLength(1);
    expect(feedbackItems(review({ body: " ", comments: [said(1, " ")] }), NOTHING)).toEqual([]);
  });

  test("unknown ids are dropped, the first class of an id counts, what was left out is actionable", () => {
    const items = feedbackItems(review({ comments: [said(1, "a"), said(2, "b")] }), NOTHING);
    const classed = judgeFeedback(items, [
      { id: "c1", class: "question", answer: "because" },
      { id: "c1", class: "actionable" },
      { id: "c99", class: "actionable", task: "delete everything" },
    ]);
    expect(classed).toMatchObject([
      { id: "c1", class: "question", answer: "because" },
      { id: "c2", class: "actionable" },
    ]);
    expect(classed).toHaveLength(2);
  });

  test("what a reviewer insists on is done: it is contested once, not twice", () => {
    const earlier: ClassedComment = {
      id: "c1",
      class: "contested",
      text: "use a map",
      thread: 1,
      answer: "a list keeps the order",
    };
    const view = viewOf({ type: "review-classed", reviewId: 5, by: "bob", comments: [earlier] });
    const items = feedbackItems(review({ comments: [said(2, "still, please", 1)] }), view);
    expect(items[0]).toMatchObject({
      insisted: true,
      before: ["use a map", "We: a list keeps the order"],
    });
    const again = { id: "c2", class: "contested", answer: "no" } as const;
    expect(judgeFeedback(items, [again])).toMatchObject([{ class: "actionable" }]);
    expect(judgeFeedback(feedbackItems(review(), NOTHING), [{ ...again, id: "c1" }])).toMatchObject(
      [{ class: "contested", answer: "no" }],
    );
  });

  test("a result must answer questions and what it contests", () => {
    const base = { status: "complete", summary: "read" };
    for (const kind of ["question", "contested"]) {
      const silent = { ...base, comments: [{ id: "c1", class: kind }] };
      expect(FeedbackResult.safeParse(silent).success).toBe(false);
    }
    const good = { ...base, comments: [{ id: "c1", class: "actionable", task: "rename" }] };
    expect(FeedbackResult.safeParse(good).success).toBe(true);
    expect(proposalIn(good)).toHaveLength(1);
    expect(proposalIn({ summary: "x" })).toBeUndefined();
  });

  test.each([1, 4, 5, 6, 60])("%i actionable comments fit into the findings of one brief", (n) => {
    const comments = Array.from(
      { length: n },
      (_, index): ClassedComment => ({
        id: `c${index}`,
        class: "actionable",
        text: "y".repeat(4_000),
        thread: index,
        path: `src/${index}.js`,
        line: 1,
        task: "shorten",
      }),
    );
    const findings = feedbackFindings("bob", comments);
    expect(findings.length).toBeLessThanOrEqual(5);
    for (const text of findings) expect(text.length).toBeLessThanOrEqual(4_000);
    for (const { path } of comments) expect(findings.join("\n")).toContain(`${path}:1: bob asks`);
  });
});
