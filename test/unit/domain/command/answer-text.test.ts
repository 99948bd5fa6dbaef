import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AskedQuestion,
  answerIn,
  readAnswer,
} from "../../../../src/domain/command/answer-text.ts";

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
const PLAN: AskedQuestion = {
  number: 2,
  question: {
    text: "Shall this plan be carried out?",
    options: [
      { key: "a", label: "Approve", consequence: "work starts" },
      { key: "b", label: "Reject", consequence: "another plan is made" },
    ],
    recommended: "a",
  },
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
