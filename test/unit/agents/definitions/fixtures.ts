/** The thirty synthetic fixtures of B2: what a file says, and what must come of it. */
export interface Fixture {
  readonly id: string;
  readonly text: string;
  readonly expect:
    | {
        readonly kind: "loaded";
        readonly name: string;
        readonly description: string;
        readonly lenient: boolean;
        readonly tools?: readonly string[];
        readonly rules?: readonly string[];
      }
    | { readonly kind: "skipped"; readonly reason: RegExp }
    | { readonly kind: "without-front-matter" };
}

function file(front: string, body = "Body.\n"): string {
  return `---\n${front}\n---\n${body}`;
}

function loads(
  name: string,
  description: string,
  more: { lenient?: boolean; tools?: readonly string[]; rules?: readonly string[] } = {},
): Fixture["expect"] {
  const { lenient = false, ...rest } = more;
  return { kind: "loaded", name, description, lenient, ...rest };
}

const LENIENT = { lenient: true, rules: ["lenient"] } as const;

const CLASS_M = `name: plotter
description: Use when a chart is wanted. Examples:

<example>
Context: A table of sums lies open.
user: "Draw this as bars"
assistant: "The plotter will draw it"
</example>`;
const CLASS_M_TEXT = CLASS_M.slice(CLASS_M.indexOf("Use when"));

export const FIXTURES: readonly Fixture[] = [
  {
    id: "1 valid plain",
    text: file("name: baker\ndescription: Bakes bread on request\ntools: Read, Write"),
    expect: loads("baker", "Bakes bread on request", { tools: ["Read", "Write"] }),
  },
  {
    id: "2 class A: one line with literal \\n and colons",
    text: file(
      "name: ferry\ndescription: Use to cross.\\n\\nuser: 'Bring me over'\\nassistant: 'Come aboard'\ncolor: blue",
    ),
    expect: loads(
      "ferry",
      "Use to cross.\n\nuser: 'Bring me over'\nassistant: 'Come aboard'",
      LENIENT,
    ),
  },
  {
    id: "3 class B: one line with a colon",
    text: file("name: clerk\ndescription: Use for letters: opening, sorting\nmodel: opus"),
    expect: loads("clerk", "Use for letters: opening, sorting", LENIENT),
  },
  {
    id: "4 class M: lines at column 0",
    text: file(CLASS_M),
    expect: loads("plotter", CLASS_M_TEXT, LENIENT),
  },
  {
    id: "5 class M, then further fields",
    text: file(`${CLASS_M}\ntools: Read, Grep\ncolor: green`),
    expect: loads("plotter", CLASS_M_TEXT, { ...LENIENT, tools: ["Read", "Grep"] }),
  },
  {
    id: "6 tools: *",
    text: file("name: porter\ndescription: Carries everything\ntools: *"),
    expect: loads("porter", "Carries everything", { ...LENIENT, tools: ["*"] }),
  },
  {
    id: "7 a value that opens a bracket and leaves it open",
    text: file("name: drafter\ndescription: [beta] Drafts letters\ntools: [Read, Write"),
    expect: loads("drafter", "[beta] Drafts letters", { ...LENIENT, tools: ["Read", "Write"] }),
  },
  ...["`", "@", "%"].map((mark) => ({
    id: `8 a value that starts with ${mark}`,
    text: file(`name: marker\ndescription: ${mark}sign first, words after`),
    expect: loads("marker", `${mark}sign first, words after`, LENIENT),
  })),
  {
    id: "9 double quotes with \\n escapes",
    text: file('name: caller\ndescription: "First line.\\n\\nSecond: line with \\"quotes\\"."'),
    expect: loads("caller", 'First line.\n\nSecond: line with "quotes".'),
  },
  {
    id: "10 single quotes with a doubled quote",
    text: file("name: gardener\ndescription: 'Waters what isn''t dry: never'"),
    expect: loads("gardener", "Waters what isn't dry: never"),
  },
  {
    id: "11 literal block",
    text: file("name: poet\ndescription: |\n  One line: kept.\n  Another.\ntools: Read"),
    expect: loads("poet", "One line: kept.\nAnother.\n", { tools: ["Read"] }),
  },
  {
    id: "11 folded block",
    text: file("name: poet\ndescription: >-\n  Two lines\n  become one."),
    expect: loads("poet", "Two lines become one."),
  },
  {
    id: "12 CRLF, valid",
    text: file("name: baker\ndescription: Bakes bread").replaceAll("\n", "\r\n"),
    expect: loads("baker", "Bakes bread"),
  },
  {
    id: "12 CRLF, class B",
    text: file("name: clerk\ndescription: Use for letters: all of them").replaceAll("\n", "\r\n"),
    expect: loads("clerk", "Use for letters: all of them", LENIENT),
  },
  {
    id: "13 byte order mark",
    text: `\uFEFF${file("name: baker\ndescription: Bakes bread")}`,
    expect: loads("baker", "Bakes bread"),
  },
  {
    id: "14 spaces after the fences",
    text: "---  \nname: baker\ndescription: Bakes bread\n--- \nBody.\n",
    expect: loads("baker", "Bakes bread"),
  },
  {
    id: "15 no closing fence",
    text: "---\nname: baker\ndescription: Bakes bread\n\nBody.\n",
    expect: { kind: "skipped", reason: /no closing line/ },
  },
  {
    id: "16 headings in place of front matter",
    text: "# Baker\n\n## Description\n\nBakes bread.\n",
    expect: { kind: "without-front-matter" },
  },
  { id: "17 empty file", text: "", expect: { kind: "without-front-matter" } },
  ...["---js", "---javascript", "---JS", "--- js", "---json", "---coffee", "---yaml"].map(
    (fence): Fixture => ({
      id: `18 ${fence} with a side effect`,
      text: `${fence}\n{ name: (globalThis.wasExecuted = "yes"), description: "x" }\n---\nBody.\n`,
      expect: { kind: "skipped", reason: /names the language/ },
    }),
  ),
  {
    id: "19 a comment sign inside an unquoted description",
    text: file("name: fixer\ndescription: mend issue #12 today"),
    expect: loads("fixer", "mend issue", { rules: ["comment-in-description"] }),
  },
  ...["3000", "on", "2026-01-31", "1.50", "true", "007"].map((name) => ({
    id: `20 name: ${name}`,
    text: file(`name: ${name}\ndescription: A name that is no word`),
    expect: loads(name, "A name that is no word"),
  })),
  {
    id: "21 name missing",
    text: file("description: Has no name of its own"),
    expect: loads("fixture", "Has no name of its own", { rules: ["name-missing"] }),
  },
  {
    id: "22 description missing",
    text: file("name: silent"),
    expect: loads("silent", "", { rules: ["description-missing"] }),
  },
  {
    id: "22 description empty",
    text: file("name: silent\ndescription:\nmodel: opus"),
    expect: loads("silent", "", { rules: ["description-missing"] }),
  },
  {
    id: "22 description is a list",
    text: file("name: lister\ndescription: [What it does]"),
    expect: loads("lister", "[What it does]", LENIENT),
  },
  {
    id: "23 a key twice",
    text: file("name: first\ndescription: The first of two\nmodel: opus\nmodel: sonnet"),
    expect: loads("first", "The first of two", LENIENT),
  },
  {
    id: "24 tools as a list",
    text: file('name: a\ndescription: b\ntools:\n  - Read\n  - "Bash(git log:*)"\n  - mcp__x__y'),
    expect: loads("a", "b", { tools: ["Read", "Bash(git log:*)", "mcp__x__y"] }),
  },
  {
    id: "24 tools as a flow list",
    text: file('name: a\ndescription: b\ntools: ["Read", "Grep"]'),
    expect: loads("a", "b", { tools: ["Read", "Grep"] }),
  },
  {
    id: "24 tools by commas, with commas and spaces inside parentheses",
    text: file("name: a\ndescription: b\ntools: Read, Task(x, y), Bash(go test:*)"),
    expect: loads("a", "b", { tools: ["Read", "Task(x, y)", "Bash(go test:*)"] }),
  },
  {
    id: "24 tools by spaces",
    text: file("name: a\ndescription: b\ntools: Read Bash(git log:*) Grep"),
    expect: loads("a", "b", { tools: ["Read", "Bash(git log:*)", "Grep"] }),
  },
  {
    id: "24 tools as a map",
    text: file("name: a\ndescription: b\ntools:\n  read: true\n  bash: false\n  edit: true"),
    expect: loads("a", "b", { tools: ["read", "edit"] }),
  },
  {
    id: "27 front matter of a mebibyte",
    text: file(`name: a\ndescription: ${"x".repeat(1024 * 1024)}`),
    expect: { kind: "skipped", reason: /65536 are allowed/ },
  },
  {
    id: "27 alias bomb",
    text: file(
      `name: a\ndescription: b\na0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from(
        { length: 9 },
        (_, i) => `a${i + 1}: &a${i + 1} [${Array.from({ length: 9 }, () => `*a${i}`).join(", ")}]`,
      ).join("\n")}`,
    ),
    expect: { kind: "skipped", reason: /aliases may not multiply/ },
  },
  {
    id: "29 a line of hyphens inside a block",
    text: file("name: a\ndescription: |\n  before\n  ---\n  after\ntools: Read"),
    expect: loads("a", "before\n---\nafter\n", { tools: ["Read"] }),
  },
  {
    id: "29 longer and tagged hyphen lines do not close",
    text: file('name: a\ndescription: "x\n\n  ---- y"\nmodel: opus'),
    expect: loads("a", "x\n---- y"),
  },
  {
    id: "30 unknown keys",
    text: file(
      "name: a\nversion: 2\nowner:\n  team: x\ndescription: Known among unknown\n__proto__: evil",
    ),
    expect: loads("a", "Known among unknown"),
  },
];
