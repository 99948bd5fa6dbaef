import { describe, expect, test } from "vitest";
import { addedLines, countClaims } from "../../../../src/domain/plan/counting.ts";
import type { Requirement } from "../../../../src/domain/plan/plan.ts";
import {
  countIn,
  extractRequirements,
  mergeRequirements,
} from "../../../../src/domain/plan/requirements.ts";

function asked(body: string, title = "Export assets"): string[] {
  return extractRequirements({ title, body, command: "" }).map((one) => one.text);
}

const ISSUE = `Customers want their data. The export must stream.

## Acceptance criteria
- [ ] 3 endpoints: GET /a, POST /a, DELETE /a/{id}
- [x] the model exists
- rows are sorted by id

## Steps to reproduce
1. open the page
2. it should not crash

## Tasks
1. Write the exporter
2. Limit it to 10 MB

\`\`\`
- [ ] in code, it must not count
\`\`\`
> - [ ] quoted
<!-- - [ ] hidden -->

### Before submitting
- [ ] I have searched the issues
`;

describe("N6: the checklist of a request", () => {
  test("task lists, numbered lists, criteria and demands; nothing done, quoted, hidden or descriptive", () => {
    expect(asked(ISSUE)).toEqual([
      "The export must stream.",
      "3 endpoints: GET /a, POST /a, DELETE /a/{id}",
      "rows are sorted by id",
      "Write the exporter",
      "Limit it to 10 MB",
    ]);
  });

  test.each([
    ["Names shall be unique. Why not.", ["Names shall be unique."]],
    [
      "It needs to answer in 200 ms, and errors have to be logged.",
      ["It needs to answer in 200 ms, and errors have to be logged."],
    ],
    ["- a plain bullet\n- this one must hold", ["this one must hold"]],
    [
      "Should we use Kafka? The queue must survive a restart.",
      ["The queue must survive a restart."],
    ],
    ["There must be a bug in the parser.", ["Export assets"]],
    ["- [ ] Do all of:\n  - [ ] first\n  - [ ] second", ["first", "second"]],
    ["- [ ] same\n- [ ] Same.", ["same"]],
    ["", ["Export assets"]],
  ])("%j", (body, wanted) => {
    expect(asked(body)).toEqual(wanted);
  });

  test("the command adds its demands, and stands for everything beside a bare title", () => {
    const request = { title: "Export", body: "", command: "it must be fast" };
    expect(extractRequirements(request).map((one) => one.text)).toEqual(["it must be fast"]);
    expect(extractRequirements({ ...request, command: "use CSV" }).map((one) => one.text)).toEqual([
      "Export",
      "use CSV",
    ]);
  });

  test("a hostile body ends quickly and is cut at 60", () => {
    const started = performance.now();
    expect(asked("- [ ] a\n".repeat(20_000))).toEqual(["a"]);
    expect(asked(Array.from({ length: 100 }, (_, i) => `- [ ] item ${i}`).join("\n"))).toHaveLength(
      60,
    );
    for (const text of ["must ", "#", "**", "- ", "<!--", "1. "]) asked(text.repeat(20_000));
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

describe("N5: counts in their own unit", () => {
  test.each([
    ["Add 3 endpoints", { n: 3, unit: "endpoint" }],
    ["three new API endpoints", { n: 3, unit: "endpoint" }],
    ["at least 5 unit tests", { n: 5, unit: "test" }],
    ["two database tables and an index", { n: 2, unit: "table" }],
    ["Migrate 118 files", { n: 118, unit: "file" }],
    ["Add 2 indices", { n: 2, unit: "index" }],
    ["Add four queries", { n: 4, unit: "query" }],
  ])("%s", (text, count) => {
    expect(countIn(text)).toEqual(count);
  });

  test.each([
    "answers within 3 seconds",
    "retry 5 times",
    "up to 10 files at once",
    "at most 3 workers",
    "names of 200 characters",
    "80 % coverage",
    "the 3 endpoints stay as they are",
    "one endpoint",
    "0 tests",
  ])("%s asks for no count", (text) => {
    expect(countIn(text)).toBeUndefined();
  });

  test("only different things that the change holds are counted, each once", () => {
    const change = {
      added: 'router.get("/a", list)\nrouter.delete("/a/:id", remove)\nmux.Handle("/abc")',
      files: ["src/a.js"],
    };
    expect(countClaims(["GET /a", "DELETE /a/{id}", "PUT /b", "GET /a"], change)).toEqual({
      found: ["GET /a", "DELETE /a/{id}"],
      notFound: ["PUT /b"],
    });
    expect(countClaims(["/ab"], change).found).toEqual([]);
    expect(countClaims(["src/a.js", "src/b.js"], change)).toEqual({
      found: ["src/a.js"],
      notFound: ["src/b.js"],
    });
    expect(countClaims(["GET /a", "POST /a"], change).found).toHaveLength(2);
  });
});

describe("N6: the plan's requirements and the request's", () => {
  const planned: Requirement[] = [
    { id: "R1", text: "Three endpoints under /a list, create and delete entries" },
    { id: "R4", text: "Rows are sorted by id" },
  ];

  test("what the plan says in its own words is not added again, and takes over the count", () => {
    const merged = mergeRequirements(planned, [
      { text: "rows are sorted by id" },
      {
        text: "list, create and delete entries under /a with 3 endpoints",
        count: { n: 3, unit: "endpoint" },
      },
    ]);
    expect(merged.added).toEqual([]);
    expect(merged.requirements[0]?.count).toEqual({ n: 3, unit: "endpoint" });
  });

  test("what it left out follows with new ids and says that it is the issue's", () => {
    const merged = mergeRequirements(planned, [{ text: "The export must stream." }]);
    expect(merged.added).toEqual(["R5"]);
    expect(merged.requirements.at(-1)).toEqual({
      id: "R5",
      text: "The export must stream.",
      from: "issue",
    });
  });
});

test("N5: added lines are git's own; a line that looks like a header hides nothing after it", () => {
  const diff = [
    "diff --git a/docs/plans/p.md b/docs/plans/p.md",
    "new file mode 100644",
    "--- /dev/null",
    "+++ b/docs/plans/p.md",
    "@@ -0,0 +1 @@",
    "+the plan",
    "diff --git a/src/a.js b/src/a.js",
    "--- a/src/a.js",
    "+++ b/src/a.js",
    "@@ -1 +1,3 @@",
    "-old",
    "+++ b/docs/plans/p.md",
    "+checkPassword()",
  ].join("\n");
  expect(addedLines(diff)).toBe("the plan\n++ b/docs/plans/p.md\ncheckPassword()");
  expect(addedLines(diff, "docs/plans/p.md")).toBe("++ b/docs/plans/p.md\ncheckPassword()");
});
