import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchesGlob } from "../../../src/domain/glob.ts";
import { findInvisible, stripInvisible } from "../../../src/domain/invisible.ts";
import { indexWords, mentions, pathsIn } from "../../../src/domain/words.ts";

describe("phrases in a text", () => {
  test.each([
    ["Use DynamoDB, please", "dynamodb", true],
    ["race-condition in the cache", "race condition", true],
    ["two race conditions", "race condition", true],
    ["it retries forever", "retry", true],
    ["call exec.Command there", "exec.Command", true],
    ["Größe der Warteschlange", "größe", true],
    ["the author", "auth", false],
    ["a race. Condition variables", "race condition", false],
    ["- race\n- condition", "race condition", false],
    ["see https://example.org/dynamodb", "dynamodb", false],
    ["anything", "", false],
    ["anything", " - ", false],
  ])("%j mentions %j: %s", (text, phrase, wanted) => {
    expect(mentions(indexWords(text), phrase)).toBe(wanted);
  });
});

test("paths are found in prose, not in addresses", () => {
  expect(
    pathsIn("Look at internal/auth/token.go, main.go and docs/ (see https://x.org/a/b.go)."),
  ).toEqual(["internal/auth/token.go", "main.go", "docs"]);
});

describe("globs", () => {
  test.each([
    ["internal/auth/token.go", "**/auth/**", true],
    ["auth/token.go", "**/auth/**", true],
    ["internal/author/x.go", "**/auth/**", false],
    ["a/b/go.mod", "**/go.mod", true],
    ["go.mod", "**/go.mod", true],
    ["requirements-dev.txt", "**/requirements*.txt", true],
    ["web/a.tsx", "**/*.{tsx,jsx}", true],
    ["web/a.ts", "**/*.{tsx,jsx}", false],
    ["a.go", "?.go", true],
    ["a/b.go", "*.go", false],
    ["anything/at/all", "**", true],
    ["a", "", false],
  ])("%s against %s: %s", (path, glob, wanted) => {
    expect(matchesGlob(path, glob)).toBe(wanted);
  });

  test("no glob takes long, whatever it is made of", () => {
    const hard = `${"**/a*a*a*a*b/".repeat(20)}x`;
    const start = performance.now();
    expect(matchesGlob(`${"a".repeat(200)}/`.repeat(50), hard)).toBe(false);
    expect(matchesGlob("a", "{a,b}".repeat(40))).toBe(false);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

test("D-08: hidden characters are found with line and column, emoji sequences and flags are left", () => {
  const scotland = "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}";
  const couple = "\u{1F469}\u{1F3FD}\u200D\u{1F680}";
  expect(findInvisible(`${scotland} ${couple}`)).toEqual([]);
  expect(findInvisible("ab\nc\u200Bd\u{E0041}")).toEqual([
    { line: 2, column: 2, codePoint: "U+200B", what: "zero-width character" },
    { line: 2, column: 4, codePoint: "U+E0041", what: "tag character" },
  ]);
  expect(stripInvisible(`a\u202Eb\u200D${couple}\u{E0100}`)).toBe(`ab${couple}`);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(findInvisible(stripInvisible(text))).toEqual([]);
    }),
  );
});
