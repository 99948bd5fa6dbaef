import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isOwnBranch,
  isPlainBranch,
  readOwnBranch,
  runBranch,
  slugOf,
  taskBranch,
  taskBranchBeside,
} from "../../../src/domain/branch-name.ts";
import { TaskId } from "../../../src/domain/ids.ts";
import { PHASES } from "../../../src/domain/phase.ts";

/** Names that `git check-ref-format --branch` takes or nearly takes, and that do harm somewhere. */
const HARMFUL = [
  "refs/heads/x;id",
  "+main",
  "ma\u202Ein",
  "\uFF4Dain",
  "refs/heads/-x",
  "-x",
  "--upload-pack=touch /tmp/x",
  "x.lock",
  "x.lock/y",
  "a..b",
  "a@{1}",
  "@",
  "a~1",
  "a^",
  "a:b",
  "a?b",
  "a*",
  "a[b",
  "a\\b",
  "a\nb",
  "a b",
  "a;id",
  "$(id)",
  "`id`",
  "a|b",
  "a&b",
  "a'b",
  'a"b',
  "/a",
  "a/",
  "a//b",
  "a/.b",
  "a.",
  "HEAD",
  "refs/pull/1/head",
  "",
  "x".repeat(300),
  "0123456789012345678901234567890123456789",
];

const HARMFUL_CHARACTERS = Array.from(
  "\u0000\n\t ~^:?*[\\;|&$`'\"(){}<>!%,\u202E\u200B\uFF4D\u00E9",
);

describe("branch names", () => {
  test.each(HARMFUL)("G-08: %j is neither ours nor plain", (name) => {
    expect(isOwnBranch(name)).toBe(false);
    expect(isPlainBranch(name)).toBe(false);
  });

  test.each([
    "main",
    "release/1.2",
    "feature/add_x",
    "v2.x",
    "dependabot/npm_and_yarn/a-1.0",
    "user#12",
    "a@b",
  ])("the everyday name %j is plain", (name) => expect(isPlainBranch(name)).toBe(true));

  test.each([
    "orchestrate/12-add-assets-r1/main/more",
    "orchestrate/12-add-assets/main",
    "orchestrate/0-a-r1/main",
    "orchestrate/12-a-r0/main",
    "orchestrate/12-A-r1/main",
    "orchestrate/12-a--b-r1/main",
    "orchestrate/12-a-r1/",
    "orchestrate/12-a-r1/main.lock",
    "orchestrate/../main",
    "Orchestrate/12-a-r1/main",
    " orchestrate/12-a-r1/main",
    "orchestrate/12-a-r1/main\n",
  ])("G-12: %j is not ours", (name) => expect(isOwnBranch(name)).toBe(false));

  test("a run's branches say which issue and run they belong to", () => {
    const owner = { issue: 12, title: "Add POST /api/assets, please!", n: 3 };
    expect(runBranch(owner)).toBe("orchestrate/12-add-post-api-assets-please-r3/main");
    const task = taskBranch(owner, "testing", TaskId.parse("unit-tests"));
    expect(task).toBe("orchestrate/12-add-post-api-assets-please-r3/testing-unit-tests");
    expect(taskBranchBeside(runBranch(owner), "testing", TaskId.parse("unit-tests"))).toBe(task);
    expect(readOwnBranch(task)).toEqual({ issue: 12, n: 3, leaf: "testing-unit-tests" });
    expect(readOwnBranch("main")).toBeUndefined();
  });

  test.each([
    ["", "task"],
    ["日本語", "task"],
    ["Füge Größe hinzu", "fuge-gro-e-hinzu"],
    ["../../etc/passwd; rm -rf /", "etc-passwd-rm-rf"],
    ["a".repeat(100), "a".repeat(40)],
    ["one two three four five six seven eight nine ten", "one-two-three-four-five-six-seven-eight"],
  ])("the slug of %j is %j", (title, slug) => expect(slugOf(title)).toBe(slug));

  test("whatever an issue is called, its branches are ours, plain and readable again", () => {
    const word = fc.stringMatching(/^[a-z0-9]+(-[a-z0-9]+){0,3}$/, { size: "small" });
    fc.assert(
      fc.property(
        fc.record({
          issue: fc.integer({ min: 1, max: 2_000_000_000 }),
          title: fc.string({ unit: "binary", maxLength: 300 }),
          n: fc.integer({ min: 1, max: 999_999 }),
        }),
        fc.constantFrom(...PHASES),
        word.filter((each) => each.length <= 40),
        (owner, phase, task) => {
          for (const branch of [runBranch(owner), taskBranch(owner, phase, TaskId.parse(task))]) {
            expect(isOwnBranch(branch)).toBe(true);
            expect(isPlainBranch(branch)).toBe(true);
            expect(branch.length).toBeLessThan(200);
            expect(readOwnBranch(branch)).toMatchObject({ issue: owner.issue, n: owner.n });
          }
        },
      ),
      { numRuns: process.env["FULL"] ? 20_000 : 1_000 },
    );
  });

  test("finding 17: no name with a character outside the allow-list is ever taken", () => {
    const harmful = fc.constantFrom(...HARMFUL_CHARACTERS);
    fc.assert(
      fc.property(
        fc.string({ maxLength: 40 }),
        harmful,
        fc.string({ maxLength: 40 }),
        (a, bad, b) => {
          expect(isPlainBranch(a + bad + b)).toBe(false);
          expect(isOwnBranch(`orchestrate/1-${a}${bad}${b}-r1/main`)).toBe(false);
        },
      ),
      { numRuns: process.env["FULL"] ? 20_000 : 1_000 },
    );
  });
});
