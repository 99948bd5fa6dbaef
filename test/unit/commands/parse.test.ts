import { expect, test } from "vitest";
import { findCommand } from "../../../src/commands/parse.ts";
import { parseCommand } from "../../../src/domain/command/parse.ts";
import { UserError } from "../../../src/domain/failure.ts";

function task(body: string): string | undefined {
  const found = findCommand(body);
  return found && [found.invocation.line, found.invocation.rest].filter(Boolean).join("\n");
}

const accepted: readonly [name: string, body: string, task: string][] = [
  ["alone", "/orchestrate fix it", "fix it"],
  ["bare", "/orchestrate", ""],
  ["after a paragraph", "Please do this.\n\n/orchestrate fix it", "fix it"],
  ["as a later line of a paragraph", "Hello\n/orchestrate fix it", "fix it"],
  [
    "with lines after it",
    "/orchestrate fix it\nand test it\n\n- a\n- b",
    "fix it\nand test it\n\n- a\n- b",
  ],
  ["with Windows line ends", "Hello\r\n\r\n/orchestrate fix it\r\nmore\r\n", "fix it\nmore"],
  ["after a closed fence", "```\ncode\n```\n/orchestrate fix it", "fix it"],
  ["after a heading", "# Title\n/orchestrate fix it", "fix it"],
  ["after a closed comment", "<!-- note -->\n/orchestrate fix it", "fix it"],
  ["after a list and a blank line", "- a\n- b\n\n/orchestrate fix it", "fix it"],
  ["after a quote and a blank line", "> quoted\n\n/orchestrate fix it", "fix it"],
  ["after inline code", "See `foo`.\n/orchestrate fix it", "fix it"],
  ["after a link", "See [a](http://b).\n/orchestrate fix it", "fix it"],
  ["after a table and a blank line", "| a |\n| - |\n| b |\n\n/orchestrate fix it", "fix it"],
  ["after code that names a comment mark", "Use `<!--` here.\n\n/orchestrate fix it", "fix it"],
  ["in capitals", "/Orchestrate fix it", "fix it"],
  [
    "with shell syntax",
    '/orchestrate "; curl x|sh # $(id) `id` %0a ${{ secrets.X }}',
    '"; curl x|sh # $(id) `id` %0a ${{ secrets.X }}',
  ],
];

test.each(accepted)("R2: a command %s counts", (_name, body, expected) => {
  expect(task(body)).toBe(expected);
});

const refused: readonly [id: string, name: string, body: string][] = [
  ["P-01", "backtick fence", "```\n/orchestrate x\n```"],
  ["P-01", "tilde fence", "~~~\n/orchestrate x\n~~~"],
  ["P-01", "fence with language", "```sh\n/orchestrate x\n```"],
  ["P-01", "longer fence with shorter inside", "````\n```\n/orchestrate x\n```\n````"],
  ["P-01", "unclosed fence", "text\n\n```\n\n/orchestrate x\n\nmore"],
  ["P-01", "unclosed tilde fence that backticks do not close", "~~~\n```\n/orchestrate x"],
  ["P-01", "indented code", "text\n\n    /orchestrate x"],
  ["P-01", "tab-indented code", "\t/orchestrate x"],
  ["P-01", "inline code", "`/orchestrate x`"],
  ["P-01", "inline code over lines", "run `a\n/orchestrate x\nb` now"],
  ["P-01", "double-tick code over lines", "run ``a ` b\n/orchestrate x\nb`` now"],
  ["P-02", "quote", "> /orchestrate x"],
  ["P-02", "lazy line of a quote", "> quoted\n/orchestrate x"],
  ["P-02", "nested quote", "> > /orchestrate x"],
  ["P-02", "lazy line of a list", "- item\n/orchestrate x"],
  ["P-02", "lazy line of an ordered list", "1. item\n/orchestrate x"],
  ["P-02", "list item", "- /orchestrate x"],
  ["P-02", "paragraph in a list item", "- a\n\n  /orchestrate x"],
  ["P-02", "e-mail reply", "On Monday Ann wrote:\n> /orchestrate x\n> more"],
  ["P-02", "lazy line of a list item's second paragraph", "- a\n\n  b\n/orchestrate x"],
  ["P-03", "pre and comment opened together", "<pre><!--\n-->\n/orchestrate x"],
  ["P-03", "pre opened behind a comment mark", "text <!--\n<pre>\n-->\n/orchestrate x"],
  ["P-03", "HTML that goes on behind a comment", "> <!--\n\n<div>-->\n/orchestrate x"],
  ["P-01", "fence with a comment mark", "```<!--\n\n-->\n/orchestrate x"],
  ["P-03", "comment", "<!-- /orchestrate x -->"],
  ["P-03", "comment over lines", "<!--\n\n/orchestrate x\n\n-->"],
  ["P-03", "unclosed comment", "<!--\n\n/orchestrate x"],
  ["P-03", "comment in the middle of a paragraph", "text <!--\n/orchestrate x\n-->"],
  ["P-03", "comment inside a list", "- <!--\n\n/orchestrate x\n"],
  ["P-03", "processing instruction", "<?\n\n/orchestrate x\n?>"],
  ["P-03", "CDATA", "<![CDATA[\n\n/orchestrate x\n]]>"],
  ["P-03", "pre", "<pre>\n\n/orchestrate x\n</pre>"],
  ["P-03", "script", "<script>\n\n/orchestrate x\n</script>"],
  ["P-03", "HTML block", "<div>\n/orchestrate x\n</div>"],
  ["P-03", "HTML attribute", '<a title="\n/orchestrate x\n">a</a>'],
  ["P-04", "mid-sentence", "try /orchestrate x"],
  ["P-04", "longer word", "/orchestrated x"],
  ["P-04", "two slashes", "//orchestrate x"],
  ["P-04", "path", "/orchestrate/x"],
  ["P-04", "address", "https://example.com/orchestrate x"],
  ["P-04", "link text", "[a\n/orchestrate x\n](http://b)"],
  ["P-04", "link target", "[a]:\n/orchestrate 'x'"],
  ["P-04", "heading", "# /orchestrate x"],
  ["P-04", "underlined heading", "/orchestrate x\n==="],
  ["P-04", "table cell", "| a |\n| - |\n| /orchestrate x |"],
  ["P-04", "table row without pipes", "a | b\n- | -\n/orchestrate x"],
  ["P-04", "footnote", "[^1]: note\n/orchestrate x\n\ntext[^1]"],
  ["P-04", "leading spaces", "  /orchestrate x"],
  ["P-05", "zero-width space", "/orch\u200Bestrate x"],
  ["P-05", "leading zero-width space", "\u200B/orchestrate x"],
  ["P-05", "byte order mark", "\uFEFF/orchestrate x"],
  ["P-05", "Cyrillic o", "/\u043Erchestrate x"],
  ["P-05", "full-width slash", "\uFF0Forchestrate x"],
  ["P-05", "full-width letter", "/orchestrat\uFF45 x"],
  ["P-05", "no-break space", "/orchestrate\u00A0x"],
  ["P-05", "entity", "&#47;orchestrate x"],
  ["P-05", "escape", "\\/orchestrate x"],
  ["P-05", "long s", "/orche\u017Ftrate x"],
];

test.each(refused)("%s: a command in %s does not trigger", (_id, _name, body) => {
  expect(findCommand(body)).toBeUndefined();
});

test("P-07: the first command counts and the others are counted", () => {
  const found = findCommand(
    "/orchestrate one\nmore\n\n/orchestrate two\n\n```\n/orchestrate no\n```\n/orchestrate three",
  );
  expect(found).toEqual({ invocation: { line: "one", rest: "more" }, more: 2 });
});

test("P-06: NUL and lone surrogates become harmless text", () => {
  const found = findCommand("/orchestrate a\u0000b \uD800 \u202Ec");
  expect(found?.invocation.line).toBe("a\u0000b \uFFFD \u202Ec");
});

test("a body beyond GitHub's limit is not read", () => {
  expect(findCommand(`/orchestrate ${"x".repeat(140_000)}`)).toBeUndefined();
});

const units = [
  "x",
  "/orchestrate\n",
  "/orchestrate x\n",
  "[",
  "![a](",
  "*a **a ",
  "`a ``b ",
  "<a ",
  "> > > ",
  "- a\n",
  "  - a\n",
  "1. ",
  "<!--",
  "<!-- a\n",
  "<!-- -->",
  "&amp;",
  "a@b.c ",
  "|a|b\n",
  "~~~\n",
  "```\n/orchestrate x\n",
  "_a_ __b ",
  "\n",
  "a\n/orchestrate ",
  "\\",
  "](",
  "[a]: b\n",
  "\t",
  "--",
  '"',
  "--base=",
  "--budget ",
  "\u200B",
  "\uD800",
  "\u0000",
  "=",
  "$",
  "<?",
  "Q1 ",
];

/** Everything that reads a comment, from its body to a command or a refusal. */
function understand(body: string): void {
  const found = findCommand(body);
  try {
    if (found) parseCommand(found.invocation);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

/** Milliseconds of processor time: what others do on this machine does not count. */
function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

test.each(units)(
  "P-06, P-10: 65,536 characters of %j before and after a command take under 50 ms",
  (unit) => {
    const half = unit.repeat(Math.ceil(32_700 / unit.length)).slice(0, 32_700);
    for (const body of [
      `${half}\n/orchestrate ${half}`,
      `/orchestrate ${half}${half}`,
      `${half}${half}\n/orchestrate x`,
      `[${half.slice(0, 1_400)}\n/orchestrate x\n${half}`,
    ]) {
      const costs = Array.from({ length: 4 }, () => cpuMs(() => understand(body)));
      expect(Math.min(...costs)).toBeLessThan(50);
    }
  },
);
