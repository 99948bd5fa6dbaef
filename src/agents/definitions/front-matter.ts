import matter from "gray-matter";

/** Front matter beyond this is refused unread. */
const MAX_FRONT_MATTER_BYTES = 64 * 1024;

/** A file cut at its fences. `bodyLine` is the line (from 1) on which the body begins. */
export type Split =
  | {
      readonly kind: "front-matter";
      readonly matter: string;
      readonly body: string;
      readonly bodyLine: number;
    }
  | { readonly kind: "none" }
  | { readonly kind: "unclosed" }
  | { readonly kind: "language"; readonly tag: string }
  | { readonly kind: "too-large"; readonly bytes: number };

/** Line ends become LF and a byte order mark goes, before anything looks at the text. */
export function normaliseText(text: string): string {
  return text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
}

/**
 * Cuts a normalised text at its fences: a first line of three hyphens (spaces may follow), and the next such line.
 * A language tag on the fence is refused. Nothing is parsed here, and nothing in the file is ever run.
 */
export function splitFrontMatter(text: string): Split {
  const lines = text.split("\n");
  const first = lines[0] ?? "";
  if (!first.startsWith("---") || first.startsWith("----")) return { kind: "none" };
  if (!isFence(first)) return { kind: "language", tag: first.slice(3).trim() };
  const close = lines.findIndex((line, index) => index > 0 && isFence(line));
  if (close === -1) return { kind: "unclosed" };
  const block = lines.slice(1, close);
  const bytes = Buffer.byteLength(block.join("\n"));
  if (bytes > MAX_FRONT_MATTER_BYTES) return { kind: "too-large", bytes };
  const rest = lines.slice(close + 1).join("\n");
  const file = matter(["---", ...block, "---", rest].join("\n"), fencedOptions());
  return {
    kind: "front-matter",
    matter: block.join("\n"),
    body: file.content,
    bodyLine: close + 2,
  };
}

function isFence(line: string): boolean {
  return /^---[ \t]*$/.test(line);
}

/**
 * gray-matter's own engines parse YAML loosely and run JavaScript. Every name that it resolves is replaced by one that
 * refuses, and the YAML one by one that hands nothing on: the text between the fences is parsed elsewhere. The options
 * are made anew for each call, because a call without options takes results from a shared cache.
 */
function fencedOptions(): object {
  const engines = Object.fromEntries(
    ["javascript", "js", "json", "coffee", "coffeescript", "cson", "toml"].map((name) => [
      name,
      { parse: refuse, stringify: refuse },
    ]),
  );
  return {
    language: "yaml",
    delimiters: ["---", "---\n"],
    engines: { ...engines, yaml: { parse: nothing, stringify: refuse } },
  };
}

function nothing(): object {
  return {};
}

function refuse(): never {
  throw new Error("Front matter is never executed: only YAML is read.");
}
