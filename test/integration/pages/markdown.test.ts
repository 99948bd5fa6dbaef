import { expect, test } from "vitest";
import { tickBox } from "../../../src/playground/pages/markdown/boxes.ts";
import {
  type RenderOptions,
  renderMarkdown,
} from "../../../src/playground/pages/markdown/render.ts";

const SHA = "0123456789abcdef0123456789abcdef01234567";

async function render(source: string, options: Partial<RenderOptions> = {}): Promise<string> {
  const rendered = await renderMarkdown(source, {
    base: "http://127.0.0.1:9",
    repo: "octo/demo",
    kind: "comment",
    referents: {
      account: (login) => (login === "alice" ? "/alice" : undefined),
      issue: (number, repo) =>
        number === 3 ? { href: `/${repo ?? "octo/demo"}/issues/3`, title: "Three" } : undefined,
      commit: async (sha) =>
        SHA.startsWith(sha) ? { href: `/octo/demo/commit/${SHA}`, sha: SHA } : undefined,
    },
    ...options,
  });
  return rendered.text;
}

test.each([
  ["a script element", "<script>alert(1)</script>"],
  ["an event handler", '<b onclick="alert(1)">x</b>'],
  ["a javascript address", "[x](javascript:alert(1))"],
  ["a javascript address in HTML", '<a href="JaVaScRiPt:alert(1)">x</a>'],
  ["a data picture", "![x](data:image/svg+xml;base64,PHN2Zz4=)"],
  ["a style element", "<style>body{display:none}</style>"],
  ["a style attribute", '<p style="position:fixed">x</p>'],
  ["a class of ours", '<div class="merge-box">x</div>'],
  ["a frame", '<iframe src="http://127.0.0.1:9/"></iframe>'],
  ["a form", '<form action="/x"><button>x</button></form>'],
  ["an svg", "<svg><script>alert(1)</script></svg>"],
  ["an id of ours", '<p id="merge-box">x</p>'],
])("rendered text holds no %s", async (_what, source) => {
  const html = await render(source);
  expect(html).not.toMatch(
    /alert|javascript:|data:|<style|style=|class=|<iframe|<form|<svg|"merge-box"|onclick/i,
  );
});

test("HTML comments do not show, folded parts and tables do", async () => {
  const html = await render(
    "<!-- marker: secret -->\n<details><summary>More</summary>\n\n| a | b |\n|---|---|\n| 1 | **2** |\n\n</details>",
  );
  expect(html).not.toContain("secret");
  expect(html).toContain("<details><summary>More</summary>");
  expect(html).toContain("<td><strong>2</strong></td>");
});

test("people, issues and commits that exist are linked; others and code are left alone", async () => {
  const html = await render(
    `@alice @nobody #3 #4 other/repo#3 ${SHA.slice(0, 9)} deadbeef99 \`@alice #3\` a@alice.com`,
  );
  expect(html).toContain('<a href="/alice" class="mention">@alice</a>');
  expect(html).toContain('<a href="/octo/demo/issues/3" title="Three">#3</a>');
  expect(html).toContain('<a href="/other/repo/issues/3" title="Three">other/repo#3</a>');
  expect(html).toContain(`<a href="/octo/demo/commit/${SHA}" class="sha">0123456</a>`);
  expect(html).toContain("@nobody");
  expect(html).toContain("#4");
  expect(html).toContain("deadbeef99");
  expect(html).toContain("<code>@alice #3</code>");
  expect(html.match(/class="mention"/g)).toHaveLength(1);
});

test("bare addresses of the pages read as GitHub shortens its own", async () => {
  const html = await render(
    "http://127.0.0.1:9/octo/demo/pull/7#issuecomment-5 and http://127.0.0.1:9/x/y/issues/2",
  );
  expect(html).toContain('<a href="/octo/demo/pull/7#issuecomment-5">#7 (comment)</a>');
  expect(html).toContain('<a href="/x/y/issues/2">x/y#2</a>');
});

test("line ends break lines in comments and not in files", async () => {
  expect(await render("one\ntwo")).toBe("<p>one<br>\ntwo</p>");
  const home = { pages: "/octo/demo/blob/main/docs", raw: "/octo/demo/raw/main/docs" };
  expect(await render("one\ntwo", { kind: "file", home })).toBe("<p>one\ntwo</p>");
});

test("relative addresses of a file lead into the repository", async () => {
  const home = { pages: "/octo/demo/blob/main/docs", raw: "/octo/demo/raw/main/docs" };
  const html = await render("[a](../src/a.ts#L3) ![p](img/p.png) [b](#part)", {
    kind: "file",
    home,
  });
  expect(html).toContain('href="/octo/demo/blob/main/src/a.ts#L3"');
  expect(html).toContain('src="/octo/demo/raw/main/docs/img/p.png"');
  expect(html).toContain('href="#part"');
});

test("pictures of other machines become links, for nothing is loaded from outside", async () => {
  const html = await render("![a badge](https://example.org/b.svg)");
  expect(html).not.toContain("<img");
  expect(html).toContain(
    '<a href="https://example.org/b.svg" rel="nofollow noreferrer" class="outside-image">a badge</a>',
  );
});

test("a mermaid block keeps its source for the page's script to draw", async () => {
  const html = await render("```mermaid\ngraph TD\n  A[<b>] --> B\n```");
  expect(html).toContain(
    '<div class="diagram" data-diagram=""><pre class="diagram-source">graph TD\n  A[&#x3C;b>] --> B\n</pre></div>',
  );
});

const LIST = [
  "Choose:\r",
  "",
  "- [ ] first **one**",
  "- [X] second",
  "  1. [ ] nested",
  "",
  "```",
  "- [ ] in code",
  "```",
  "",
  "> * [ ] quoted",
  "",
  "- [ ] same",
  "- [ ] same",
].join("\n");

async function refs(source: string): Promise<string[]> {
  const html = await render(source, { boxForm: "f" });
  return [...html.matchAll(/role="checkbox"[^>]*|value="([^"]+)"/g)].flatMap((m) => m[1] ?? []);
}

test("task-list boxes are buttons only where a form is given", async () => {
  expect(await render(LIST)).toContain('<input type="checkbox" disabled>');
  const active = await render(LIST, { boxForm: "f" });
  expect(active).not.toContain("<input");
  expect(active.match(/role="checkbox"/g)).toHaveLength(6);
  expect(active).toContain('aria-checked="true" aria-label="second"');
});

test("a tick changes that one box and no other character", async () => {
  const all = await refs(LIST);
  expect(all).toHaveLength(6);
  const wanted = ["first", "second", "nested", "quoted", "same", "same"];
  for (const [index, ref] of all.entries()) {
    const checked = index !== 1;
    const after = tickBox(LIST, ref, checked)?.split("\n") ?? [];
    const changed = LIST.split("\n").flatMap((line, at) => (line === after[at] ? [] : [at]));
    expect(changed).toHaveLength(1);
    const at = changed[0] ?? -1;
    expect(after[at]).toContain(`[${checked ? "x" : " "}] ${wanted[index]}`);
    if (index === 5) expect(at).toBe(LIST.split("\n").length - 1);
  }
});

test("a box that moved is found by its words; one that is gone or ambiguous is not guessed", async () => {
  const [first = "", , , , same = ""] = await refs(LIST);
  const moved = `- [ ] new\n\n${LIST}`;
  expect(tickBox(moved, first, true)).toContain("- [x] first **one**");
  expect(tickBox("- [ ] other words", first, true)).toBeUndefined();
  expect(tickBox(moved, same, true)).toBeUndefined();
});
