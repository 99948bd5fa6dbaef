import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tailOf, visible } from "../../../src/workspaces/visible-text.ts";

describe("output made visible", () => {
  test.each([
    ["\u001b[31mred\u001b[0m", "\u241b[31mred\u241b[0m"],
    ["over\rwritten", "over\u240dwritten"],
    ["one\r\ntwo\tthree", "one\ntwo\tthree"],
    ["bell\u0007 nul\u0000 del\u007F", "bell\u2407 nul\u2400 del\u2421"],
    ["c1\u009b31m", "c1{U+009B}31m"],
    ["a\u202Eb\u200Bc\u{E0041}d", "a{U+202E}b{U+200B}c{U+E0041}d"],
    ["größe 日本 🙂", "größe 日本 🙂"],
  ])("%j becomes %j", (text, shown) => expect(visible(text)).toBe(shown));

  test("I-09: whatever a program prints, nothing unseen is left", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(visible(text)).not.toMatch(
          /[^\P{Cc}\n\t]|[\u200B-\u200F\u202A-\u202E\u2066-\u2069\u{E0000}-\u{E007F}]/u,
        );
      }),
    );
  });

  test("the tail is whole lines of the end, cut between characters", () => {
    expect(tailOf("a\nb\nc\n\n", { lines: 2, characters: 100 })).toBe("b\nc");
    expect(tailOf("0123456789", { lines: 5, characters: 4 })).toBe("6789");
    expect(tailOf("ab🙂c", { lines: 5, characters: 2 })).toBe("c");
  });
});
