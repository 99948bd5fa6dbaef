import { describe, expect, test } from "vitest";
import { readTicks } from "../../../src/reports/question-ticks.ts";
import { questionComment } from "../../../src/reports/replies.ts";

const QUESTION = {
  text: "Which store?",
  options: [
    { key: "a", label: "Memory [x]", consequence: "lost at a restart" },
    { key: "b", label: "Disk", consequence: "slower" },
  ],
  recommended: "b",
};
const RENDERED = questionComment("7-12-r1", {
  number: 1,
  question: QUESTION,
  mayAnswer: "alice or anyone who can write to this repository",
});

function tick(...keys: string[]): string {
  return keys.reduce((body, key) => body.replace(`- [ ] **${key}**`, `- [x] **${key}**`), RENDERED);
}

describe("S2: a ticked box of a question comment", () => {
  test("S1: the question is numbered, has consequences, one recommended option, and says who may answer", () => {
    expect(RENDERED).toContain("### Q1: Which store?");
    expect(RENDERED.match(/\*\*\(recommended\)\*\*/g)).toHaveLength(1);
    expect(RENDERED).toContain("— lost at a restart");
    expect(RENDERED).toContain("alice or anyone who can write to this repository may answer");
  });

  test("is that option, with whatever line ends the page sends", () => {
    expect(readTicks(RENDERED, tick("b"))).toEqual({ kind: "option", key: "b" });
    expect(readTicks(RENDERED, `${tick("a").replaceAll("\n", "\r\n")}\r\n`)).toEqual({
      kind: "option",
      key: "a",
    });
    expect(readTicks(RENDERED, tick("b").replace("[x] **b**", "[X] **b**"))).toMatchObject({
      key: "b",
    });
  });

  test("S3: two ticks, no tick and an untick are no answer", () => {
    expect(readTicks(RENDERED, tick("a", "b"))).toEqual({ kind: "several" });
    expect(readTicks(RENDERED, RENDERED)).toEqual({ kind: "none" });
    expect(readTicks(tick("b"), RENDERED)).toEqual({ kind: "none" });
  });

  test.each([
    ["another label", tick("b").replace("Disk", "Delete everything")],
    ["another option", `${tick("b")}\n- [x] **c** Sell it`],
    ["a missing option", tick("b").replace(/- \[ \] \*\*a.*\n/, "")],
    ["an empty comment", ""],
  ])("a comment with %s is not read for ticks", (_name, body) => {
    expect(readTicks(RENDERED, body)).toEqual({ kind: "rewritten" });
  });
});
