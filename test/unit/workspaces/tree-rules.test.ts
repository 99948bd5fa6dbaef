import { describe, expect, test } from "vitest";
import {
  type ChangedEntry,
  DEFAULT_LIMITS,
  isWorkflowFile,
  linkProblem,
  parseRawDiff,
  pathProblems,
  sizeProblems,
} from "../../../src/workspaces/tree-rules.ts";

function added(path: string, mode = "100644"): ChangedEntry {
  return { path, mode, status: "A", blob: "1".repeat(40) };
}

describe("what an agent's change may contain", () => {
  test("a raw diff is read entry by entry, whatever the names are", () => {
    const zero = "0".repeat(40);
    const one = "1".repeat(40);
    const text = `:000000 100644 ${zero} ${one} A\0a b\tc\nd\0:100644 000000 ${one} ${zero} D\0gone\0`;
    expect(parseRawDiff(text)).toEqual([
      { path: "a b\tc\nd", mode: "100644", blob: one, status: "A" },
      { path: "gone", mode: "000000", blob: zero, status: "D" },
    ]);
    expect(parseRawDiff("")).toEqual([]);
    expect(() => parseRawDiff("strange\0x\0")).toThrow("unexpected entry");
  });

  test.each([
    [".git/config"],
    ["sub/.GIT/hooks/x"],
    [".git. /x"],
    ["git~1/config"],
    [".g\u200Cit/config"],
    [".git::$INDEX_ALLOCATION/x"],
    ["a\u202Eb"],
    ["a\u0007b"],
    ["tag\u{E0041}"],
    ["bad\uFFFDname"],
    [".gitmodules"],
    ["x".repeat(1_025)],
  ])("%j is refused", (path) =>
    expect(pathProblems([added(path)], DEFAULT_LIMITS)).toHaveLength(1),
  );

  test.each([
    [".gitignore"],
    [".github/dependabot.yml"],
    ["src/größe.ts"],
    ["digits/git1"],
    ["a b/c.d"],
  ])("%j is taken", (path) => expect(pathProblems([added(path)], DEFAULT_LIMITS)).toEqual([]));

  test("a name that the repository already has may be changed and removed", () => {
    const odd = { ...added("odd\u200Bname"), status: "M" as const };
    const gone = { ...added(".gitmodules", "000000"), status: "D" as const };
    expect(pathProblems([odd, gone], DEFAULT_LIMITS)).toEqual([]);
  });

  test("submodules and unknown kinds are refused also when they are changed", () => {
    const entries = [
      { ...added("lib", "160000"), status: "M" as const },
      { ...added("odd", "040000"), status: "T" as const },
    ];
    expect(pathProblems(entries, DEFAULT_LIMITS)).toHaveLength(2);
  });

  test.each([
    ["link", "/etc/passwd"],
    ["link", ".."],
    ["a/link", "../../x"],
    ["link", "a/../../x"],
    ["link", "a/.."],
    ["link", ".git/config"],
    ["link", ""],
    ["link", "C:\\x"],
  ])("a link %s -> %j is refused", (path, target) =>
    expect(linkProblem(path, target)).toBeDefined(),
  );

  test.each([
    ["link", "README.md"],
    ["a/b/link", "../../README.md"],
    ["a/link", "./x/y"],
    ["a/link", ".."],
  ])("a link %s -> %j is taken", (path, target) =>
    expect(linkProblem(path, target)).toBeUndefined(),
  );

  test("only files below the workflows folder are workflow files", () => {
    expect(isWorkflowFile(".github/workflows/ci.yml")).toBe(true);
    expect(isWorkflowFile(".GitHub/Workflows/ci.yml")).toBe(true);
    expect(isWorkflowFile(".github/workflows")).toBe(true);
    expect(isWorkflowFile(".github/workflows-of-mine/x")).toBe(false);
    expect(isWorkflowFile("docs/.github/workflows/ci.yml")).toBe(false);
  });

  test("sizes above a limit are named one by one and in sum", () => {
    const limits = { ...DEFAULT_LIMITS, maxBlobBytes: 10, maxTotalBytes: 25 };
    expect(sizeProblems([{ path: "a", bytes: 10 }], limits)).toEqual([]);
    expect(
      sizeProblems(
        [
          { path: "a", bytes: 11 },
          { path: "b", bytes: 15 },
        ],
        limits,
      ),
    ).toEqual([
      '"a" has 11 bytes; the limit is 10.',
      '"b" has 15 bytes; the limit is 10.',
      "The change has 26 bytes; the limit is 25.",
    ]);
  });
});
