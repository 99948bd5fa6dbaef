import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseDocument, stringify } from "yaml";
import {
  readAgentFile,
  readSkillFile,
  sourceFile,
} from "../../src/agents/definitions/definition-file.ts";
import { readRoutes } from "../../src/agents/definitions/gateway.ts";
import { parseRepoConfig } from "../../src/agents/definitions/repo-config-file.ts";
import { stripInvisible } from "../../src/domain/invisible.ts";

const RUNS = process.env["FULL"] === "1" ? 20_000 : 1_000;
const SOURCE = { kind: "package" } as const;

function agent(text: string) {
  return readAgentFile(sourceFile({ path: "agents/any.md", text, source: SOURCE }));
}

/** Lines that look like front matter often enough to reach every branch. */
const line = fc.oneof(
  fc.constantFrom(
    "name: x",
    "description: y: z",
    "tools: [a, b",
    "skills:\n  - a",
    "user: hello",
    "Context: there",
    "&a [*a]",
    "<<: *a",
    "? - - x",
    "description: |",
    "%YAML 1.1",
    "...",
    "---x",
    "!!js/function 'x'",
    "\t- tab",
    "key:",
    '"',
    "'",
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ maxLength: 40 }),
);
const fence = fc.constantFrom("---", "---", "---", "--- ", "---js", "----", "--", "");
const anyFile = fc
  .tuple(fence, fc.array(line, { maxLength: 12 }), fence, fc.string({ maxLength: 40 }))
  .map(([open, lines, close, body]) => [open, ...lines, close, body].join("\n"));

test("B2: no text makes the loader throw, and each gives one outcome", () => {
  fc.assert(
    fc.property(fc.oneof(anyFile, fc.string({ unit: "binary" })), (text) => {
      const first = agent(text);
      expect(agent(text)).toEqual(first);
      expect(["loaded", "skipped", "without-front-matter"]).toContain(first.outcome.kind);
      readSkillFile(sourceFile({ path: "skills/a/SKILL.md", text, source: SOURCE }), "core");
    }),
    { numRuns: RUNS },
  );
});

test("B4, D-01: nothing in any file is executed", () => {
  const languages = fc.constantFrom("js", "javascript", "JS", " js", "coffee", "json", "toml", "x");
  fc.assert(
    fc.property(languages, anyFile, (language, rest) => {
      const text = `---${language}\nglobalThis.tripped = true;\n({ name: "x" })\n---\n${rest}`;
      expect(agent(text).outcome).toMatchObject({ kind: "skipped" });
      expect("tripped" in globalThis).toBe(false);
    }),
    { numRuns: RUNS },
  );
});

test("B2: where strict YAML gives a name and a description, the loader gives the same", () => {
  const block = fc.array(line, { maxLength: 8 }).map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(block, (extra) => {
      const matter = `name: fixed name\n${extra}`;
      if (/^---[ \t]*$/m.test(matter) || /\r/.test(matter)) return;
      const document = parseDocument(stripInvisible(matter), {
        schema: "core",
        logLevel: "silent",
      });
      if (document.errors.length > 0 || document.warnings.length > 0) return;
      const { name, description } = yamlTexts(document);
      if (!name?.trim() || !description?.trim()) return;
      const { outcome } = agent(`---\n${matter}\n---\n`);
      if (outcome.kind === "skipped") expect(outcome.reason).toMatch(/alias|nested/);
      else
        expect(outcome).toMatchObject({
          kind: "loaded",
          value: { description: description.replaceAll("\\n", "\n"), lenient: false },
        });
    }),
    { numRuns: RUNS * 5 },
  );
});

function yamlTexts(document: ReturnType<typeof parseDocument>): {
  name: string | undefined;
  description: string | undefined;
} {
  function text(key: string): string | undefined {
    try {
      const value = document.get(key) as unknown;
      return typeof value === "string" ? value : undefined;
    } catch {
      return undefined;
    }
  }
  return { name: text("name"), description: text("description") };
}

test("B2: any description survives the way through YAML, in every style", () => {
  const style = fc.constantFrom(
    "PLAIN",
    "QUOTE_DOUBLE",
    "QUOTE_SINGLE",
    "BLOCK_LITERAL",
    "BLOCK_FOLDED",
  );
  // A literal \n stands for a line break here, and line breaks other than LF are made LF.
  const words = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 300 })
    .map((text) => stripInvisible(text).replace(/\p{Cc}/gu, " "))
    .filter((text) => text.trim() !== "" && !text.includes("\\n"));
  fc.assert(
    fc.property(words, style, (description, defaultStringType) => {
      const matter = stringify({ name: "kept", description }, { defaultStringType, lineWidth: 60 });
      if (/^---[ \t]*$/m.test(matter)) return;
      expect(agent(`---\n${matter}---\nBody`).outcome).toMatchObject({
        kind: "loaded",
        value: { name: "kept", description, lenient: false },
      });
    }),
    { numRuns: RUNS },
  );
});

test("B2: a one-line description that is not YAML is taken letter by letter", () => {
  const word = fc.stringMatching(/^[A-Za-z][A-Za-z,.()'"-]{0,12}$/);
  const broken = fc
    .array(word, { minLength: 2, maxLength: 12 })
    .map((parts) => `${parts.slice(0, -1).join(" ")}: ${parts.at(-1) ?? ""}`);
  fc.assert(
    fc.property(broken, (description) => {
      const { outcome } = agent(`---\nname: kept\ndescription: ${description}\nmodel: opus\n---\n`);
      expect(outcome).toMatchObject({
        kind: "loaded",
        value: { name: "kept", description, model: "opus" },
      });
    }),
    { numRuns: RUNS },
  );
});

test("B7: routes are read from any Markdown without throwing, and always end in a skill file", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "| Skill | Path | Triggers |",
      "| --- | --- | --- |",
      "| a | library/a/b/SKILL.md | x, path:{a,b}/** |",
    ),
    fc.string({ maxLength: 60 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (lines) => {
      for (const route of readRoutes("gateway-x", lines.join("\n"), 1))
        expect(route.path).toMatch(/SKILL\.md$/i);
    }),
    { numRuns: RUNS },
  );
});

test("C: a profile of any text is read or refused with reasons, never thrown", () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const parsed = parseRepoConfig(lines.join("\n"));
      if (!parsed.ok) expect(parsed.problems.length).toBeGreaterThan(0);
    }),
    { numRuns: RUNS },
  );
});
