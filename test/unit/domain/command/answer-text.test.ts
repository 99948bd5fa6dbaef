import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AskedQuestion,
  answerIn,
  halfApproved,
  readAnswer,
} from "../../../../src/domain/command/answer-text.ts";
import { guardedQuestion } from "../../../../src/reports/gate-words.ts";
import { approvalQuestion } from "../../../../src/reports/plan-words.ts";

const STORE: AskedQuestion = {
  number: 1,
  question: {
    text: "Which store shall hold assets?",
    options: [
      { key: "a", label: "Memory", consequence: "lost at a restart" },
      { key: "b", label: "Disk", consequence: "slower" },
      { key: "c", label: "A service", consequence: "costs money" },
    ],
    recommended: "b",
  },
};
const PLAN: AskedQuestion = { number: 2, question: approvalQuestion(undefined) };
/** The option that lets something pass is the second one. */
const GUARD: AskedQuestion = {
  number: 3,
  question: guardedQuestion({
    task: "handler",
    specialist: "backend-developer",
    sha: "a".repeat(40),
    files: [{ file: "CODEOWNERS", guard: "owners" }],
  }),
};

describe("S2: what counts as an answer", () => {
  test.each([
    ["b", "b"],
    ["B", "b"],
    ["**b**", "b"],
    ["b) disk it is", "b"],
    ["b because it lasts", "b"],
    ["b\n\nIt lasts.", "b"],
    ["a", "a"],
    ["a, it is simple", "a"],
    ["a because it is simple", "a"],
    ["Q1 b", "b"],
    ["q1: b", "b"],
    ["**Q1** b – it lasts", "b"],
    ["Q1 disk", "b"],
    ["Q1: A service.", "c"],
    ["> ### Q1: Which store shall hold assets?\n\nb", "b"],
    ["> which store shall hold assets\n> - [ ] a\n\nb please", "b"],
  ])("%j is option %s", (body, option) => {
    expect(readAnswer(body, [STORE])).toMatchObject({ number: 1, option });
  });

  test.each([
    ["b", { option: "b", text: "Disk" }],
    ["Disk", { option: "b", text: "Disk" }],
    ["**b**: it lasts", { option: "b", text: "Disk: it lasts" }],
    ["b\n\nIt lasts.", { option: "b", text: "Disk: It lasts." }],
    ["a table per tenant", { text: "a table per tenant" }],
    ["a or b", undefined],
    ["b?", undefined],
    [" ", undefined],
  ])("%j says %j in full", (said, words) => {
    expect(answerIn(said, STORE.question)).toEqual(words);
  });

  test.each([
    ["Q1 a table per tenant", "a table per tenant"],
    [
      "> Which store shall hold assets?\n\nWhatever the gateway uses.",
      "Whatever the gateway uses.",
    ],
  ])("%j is an answer in words", (body, text) => {
    expect(readAnswer(body, [STORE])).toEqual({ number: 1, text });
  });

  test.each([
    "",
    "Thanks!",
    "a better idea would be a file",
    "I think disk",
    "d",
    "Q7 b",
    "Q1",
    "Q1 ",
    "Disk",
    "The answer is b",
    "> Something else entirely\n\nb",
    "> Which store shall hold assets?",
  ])("%j is none", (body) => {
    expect(readAnswer(body, [STORE])).toBeUndefined();
  });

  test("with several open questions a key alone answers none of them", () => {
    expect(readAnswer("b", [STORE, PLAN])).toBeUndefined();
    expect(readAnswer("Q2 b", [STORE, PLAN])).toMatchObject({ number: 2, option: "b" });
    expect(readAnswer("b", [])).toBeUndefined();
  });
});

describe("S3: what is ambiguous never approves", () => {
  test.each([
    "a?",
    "a or b",
    "a/b",
    "a, b",
    "Q2 a or b?",
    "Q2 a?",
    "Q2 what would that cost?",
    "Q2 a, or is b better?",
    "> Shall this plan be carried out?\n\nWhy so?",
    "Q2 approve?",
    "not a",
    "yes",
    "approve",
  ])("%j approves nothing", (body) => {
    expect(readAnswer(body, [PLAN])).toBeUndefined();
  });

  test.each([
    "a, but rename the table first",
    "a but not the migration",
    "a - except the migration",
    "a: only if the tests stay",
    "a. After the release, please.",
    "a, unless it takes days",
    "a, without the migration",
    "a, once CI is green",
    "a, though I would drop the cache",
    "a\n\nPlease change the name of the table.",
    "a, is that the whole plan? Thanks.",
    "Q2 a, as long as it is small",
    "Q2: a, instead of b",
    "> Shall this plan be carried out?\n\na, but later",
    "yes",
    "OK, go ahead",
    "looks good to me",
    "LGTM",
    "👍",
    "Q2 yes",
    "Q2 approved",
    "Q2 Approve, but rename the table first",
  ])("%j approves nothing, and how to approve is said", (body) => {
    expect(readAnswer(body, [PLAN])).toBeUndefined();
    expect(halfApproved(body, [PLAN])).toBe(PLAN);
  });

  test.each([
    ["a", "Approve"],
    ["A.", "Approve"],
    ["Q2 approve", "Approve"],
    ["a, thanks", "Approve: thanks"],
    ["a please", "Approve: please"],
    ["a, no objections", "Approve: no objections"],
    ["a because it is small", "Approve: because it is small"],
  ])("%j approves", (body, text) => {
    const read = readAnswer(body, [PLAN]);
    expect(read?.option).toBe("a");
    expect(answerIn(read?.text ?? "", PLAN.question)).toEqual({ option: "a", text });
    expect(halfApproved(body, [PLAN])).toBeUndefined();
  });

  test.each([
    ["b, but keep the old endpoint", "b"],
    ["b only the migration is wrong", "b"],
    ["Q2 rename the table first", undefined],
  ])("%j rejects with the change in the person's words", (body, option) => {
    const read = readAnswer(body, [PLAN]);
    expect(read?.option).toBe(option);
    expect(answerIn(read?.text ?? "", PLAN.question)?.text).toMatch(/keep|migration|rename/);
  });

  test("it is the approving option that is guarded, wherever it stands; other options keep a person's words", () => {
    expect(readAnswer("b, but without CODEOWNERS", [GUARD])).toBeUndefined();
    expect(halfApproved("b, but without CODEOWNERS", [GUARD])).toBe(GUARD);
    expect(readAnswer("a, but tell the team", [GUARD])).toMatchObject({ option: "a" });
    expect(readAnswer("b, but only for a month", [STORE])).toMatchObject({ option: "b" });
    expect(answerIn("b, but only for a month", STORE.question)).toEqual({
      option: "b",
      text: "Disk: but only for a month",
    });
    expect(halfApproved("Q1 yes", [STORE, PLAN])).toBeUndefined();
    expect(halfApproved("yes", [STORE, PLAN])).toBe(PLAN);
  });

  test("no text that ends in a question mark is an option", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 40 }).filter((text) => !text.includes("\n")),
        (text) => {
          expect(readAnswer(`${text}?`, [PLAN])?.option).toBeUndefined();
          expect(readAnswer(`Q2 ${text}?`, [PLAN])?.option).toBeUndefined();
        },
      ),
    );
  });
});
