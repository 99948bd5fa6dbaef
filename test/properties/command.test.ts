import * as fc from "fast-check";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { expect, test } from "vitest";
import { findCommand } from "../../src/commands/parse.ts";
import { parseCommand } from "../../src/domain/command/parse.ts";
import { UserError } from "../../src/domain/failure.ts";
import { PHASES } from "../../src/domain/phase.ts";

const numRuns = process.env["FULL"] ? 20_000 : 2_000;

test("P-06: any line is a command or a UserError, never another failure", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), fc.string(), (line, rest) => {
      try {
        expect(parseCommand({ line, rest }).kind).toBeTypeOf("string");
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
      }
    }),
    { numRuns },
  );
});

test("R9: options survive being printed and read in any place and form", () => {
  const options = fc.record(
    {
      base: fc.constantFrom("main", "feature/x_1", "release-2.0"),
      phases: fc.subarray([...PHASES], { minLength: 1 }),
      planOnly: fc.constant(true),
      budgetUsd: fc.integer({ min: 1, max: 1_000_000 }).map((cents) => cents / 100),
      model: fc.constantFrom("large", "claude-sonnet-5-5", "vendor/model:latest"),
    },
    { requiredKeys: [] },
  );
  const words = fc.array(fc.constantFrom("fix", "the", "`--code`", "login", "-v", "a=b", '"q"'), {
    minLength: 2,
    maxLength: 8,
  });
  fc.assert(
    fc.property(
      fc.record({ wanted: options, task: words, equals: fc.boolean(), place: fc.nat() }),
      ({ wanted, task, equals, place }) => {
        const glue = equals ? "=" : " ";
        const printed = [
          ...(wanted.base ? [`--base${glue}${wanted.base}`] : []),
          ...(wanted.phases ? [`--phases${glue}${[...wanted.phases].reverse().join(",")}`] : []),
          ...(wanted.planOnly ? ["--plan-only"] : []),
          ...(wanted.budgetUsd ? [`--budget${glue}"$${wanted.budgetUsd}"`] : []),
          ...(wanted.model ? [`--model${glue}${wanted.model}`] : []),
        ];
        const line: string[] = [...task];
        line.splice(place % (task.length + 1), 0, ...printed);
        expect(parseCommand({ line: line.join(" "), rest: "" })).toEqual({
          kind: "start",
          task: task.join(" "),
          options: wanted,
        });
      },
    ),
    { numRuns },
  );
});

interface Node {
  type: string;
  value?: string;
  children?: Node[];
  position?: { start: { offset?: number }; end: { offset?: number } };
}

/** What GitHub's own kind of parser says about the line that begins at `offset`: plain text of a top-level paragraph. */
function isTopLevelText(body: string, offset: number): boolean {
  let node = fromMarkdown(body, {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  }) as Node;
  const path: string[] = [];
  for (;;) {
    const inner = node.children?.find(({ position }) => {
      const { start, end } = position ?? { start: {}, end: {} };
      return (start.offset ?? -1) <= offset && offset < (end.offset ?? -1);
    });
    if (inner === undefined) break;
    path.push(inner.type);
    node = inner;
  }
  const inline = path.slice(1, -1);
  return (
    path[0] === "paragraph" &&
    path.at(-1) === "text" &&
    inline.every((type) => ["strong", "emphasis", "delete"].includes(type))
  );
}

test("R2: whatever the document, a command that counts is plain text for a whole Markdown parser", () => {
  const piece = fc.constantFrom(
    "\n",
    "\n",
    "\n",
    "\n\n",
    "/orchestrate go\n",
    "\n/orchestrate go\n",
    "/orchestrate go",
    "text ",
    "```",
    "````",
    "~~~",
    "`",
    "``",
    "> ",
    "- ",
    "1. ",
    "  ",
    "    ",
    "\t",
    "<!--",
    "-->",
    "<div>",
    "</div>",
    "<pre>",
    "</pre>",
    "<b>",
    "<a title='",
    "'>",
    "[",
    "](u)",
    "]: u",
    "[^1]: ",
    "| a |",
    "|-|",
    "---",
    "===",
    "# ",
    "**",
    "*",
    "_",
    "~~",
    "\\",
    "<?",
    "?>",
    "<![CDATA[",
    "]]>",
    "<",
    ">",
    "![",
  );
  let hits = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const body = pieces.join("");
      if (findCommand(body) === undefined) return;
      hits += 1;
      const offsets = [...body.matchAll(/^\/orchestrate(?=[ \t]|$)/gm)].map(({ index }) => index);
      expect(offsets.some((offset) => isTopLevelText(body, offset))).toBe(true);
    }),
    { numRuns: numRuns * 10 },
  );
  expect(hits).toBeGreaterThan(100);
});
