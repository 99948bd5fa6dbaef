import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import type { Invocation } from "../domain/command/parse.ts";

/** The commands a comment holds: the first one counts, `more` says how many others there were. */
export interface Found {
  readonly invocation: Invocation;
  readonly more: number;
}

/** GitHub's own limit for a comment, in UTF-16 units to spare. */
const MAX_BODY = 65_536 * 2;
/** How much may be parsed for one comment: keeps hostile bodies below 50 ms. */
const PARSED_LINES = 10;
const PARSED_CHARACTERS = 2_000;

const COMMAND = /^\/orchestrate(?=[ \t]|$)/i;
const CONTAINER = /^[ \t]*(?:>|[-+*](?:[ \t]|$)|\d{1,9}[.)](?:[ \t]|$)|\[\^)/;
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;

const COMMENT_END = /-->/;

/** HTML blocks that blank lines do not end: how they open, and what ends them. */
const LONG_HTML: readonly (readonly [opens: RegExp, ends: RegExp])[] = [
  [/^ {0,3}<(?:script|pre|style|textarea)(?=[\s>]|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^ {0,3}<\?/, /\?>/],
  [/^ {0,3}<![A-Z]/i, />/],
  [/^ {0,3}<!\[CDATA\[/, /\]\]>/],
];

/**
 * Finds commands by the Markdown structure: at the very start of a line of a top-level paragraph, outside code,
 * quotes, lists, HTML and links. Where the structure is in doubt there is no command. Undefined when there is none.
 * Linear in the body's length.
 */
export function findCommand(body: string): Found | undefined {
  if (body.length > MAX_BODY || !/^\/orchestrate/im.test(body)) return undefined;
  const lines = body.toWellFormed().split(/\r\n|\n|\r/);
  const hits = commandLines(lines);
  const [first, second] = hits;
  if (first === undefined) return undefined;
  const line = (lines[first] ?? "").replace(COMMAND, "").trim();
  const rest = lines
    .slice(first + 1, second)
    .join("\n")
    .trim();
  return { invocation: { line, rest }, more: hits.length - 1 };
}

function commandLines(lines: readonly string[]): number[] {
  const outside = new Outside();
  const hits: number[] = [];
  let chunkStart = 0;
  let candidates = 0;
  let characters = PARSED_CHARACTERS;
  for (const [index, line] of lines.entries()) {
    const place = outside.place(line);
    if (place === "edge" || line.trim() === "") chunkStart = index + 1;
    else if (place === "open" && COMMAND.test(line)) {
      const paragraph = paragraphAround(lines, chunkStart, index);
      candidates += 1;
      characters -= paragraph?.text.length ?? 0;
      if (candidates > PARSED_LINES || characters < 0) break;
      if (paragraph !== undefined && isPlainTextAt(paragraph)) hits.push(index);
    }
  }
  return hits;
}

/** Where a line stands: `inert` lines are inside something, `edge` lines open or end a fence. */
type Place = "open" | "inert" | "edge";

/** Follows fences and long HTML blocks from line to line. */
class Outside {
  #fence: { readonly mark: string; readonly length: number } | undefined;
  /** What must still come before HTML ends. Several at once: whatever may be open counts as open. */
  readonly #awaited = new Set<RegExp>();

  place(line: string): Place {
    if (this.#fence !== undefined) return this.#inFence(line, this.#fence);
    const inside = this.#awaited.size > 0;
    if (!/[`~<>]/.test(line)) return inside ? "inert" : "open";
    const fence = FENCE.exec(line);
    const mark = fence?.[1] ?? "";
    const opens = fence !== null && !(mark.startsWith("`") && (fence[2] ?? "").includes("`"));
    if (opens && !inside) {
      this.#fence = { mark: mark.charAt(0), length: mark.length };
      return "edge";
    }
    for (const end of this.#awaited) if (end.test(line)) this.#awaited.delete(end);
    this.#openHtml(line);
    return inside || this.#awaited.size > 0 ? "inert" : "open";
  }

  #inFence(line: string, fence: { readonly mark: string; readonly length: number }): Place {
    const closing = /^ {0,3}(`+|~+)[ \t]*$/.exec(line)?.[1] ?? "";
    if (!closing.startsWith(fence.mark) || closing.length < fence.length) return "inert";
    this.#fence = undefined;
    return "edge";
  }

  /** A comment hides what follows wherever it opens, so it counts in the middle of a line too. */
  #openHtml(line: string): void {
    const text = withoutCodeSpans(line);
    const comment = text.lastIndexOf("<!--");
    if (comment >= 0 && !text.includes("-->", comment)) this.#awaited.add(COMMENT_END);
    for (const [opens, ends] of LONG_HTML) {
      if (opens.test(line) && !ends.test(line.slice(line.indexOf("<") + 1)))
        this.#awaited.add(ends);
    }
  }
}

function withoutCodeSpans(line: string): string {
  if (!line.includes("<!--")) return "";
  return line.replace(/`[^`]*`/g, (span) => " ".repeat(span.length));
}

/** Text to parse, and where the candidate line begins in it. */
interface Paragraph {
  readonly text: string;
  readonly at: number;
}

/**
 * What decides whether line `index` is plain text, given that its chunk begins at `chunkStart`; undefined when it
 * may continue a list or quote. Only when something in the chunk can span lines does all of the chunk count.
 */
function paragraphAround(
  lines: readonly string[],
  chunkStart: number,
  index: number,
): Paragraph | undefined {
  const before = lines.slice(chunkStart, index);
  if (before.some((line) => CONTAINER.test(line)) || /^(?: {2}| ?\t)/.test(before[0] ?? "")) {
    return undefined;
  }
  const spans = before.some((line) => /[`[<|]|^[ \t]*:?-+:?[ \t]*$/.test(line));
  if (!spans) {
    const after = chunkAfter(lines, index);
    const underlined = after.some((line) => /^ {0,3}(?:=+|-+)[ \t]*$/.test(line));
    const few = [lines[index] ?? "", ...(underlined ? after : after.slice(0, 2))];
    return { text: few.map((line) => line.slice(0, 100)).join("\n"), at: 0 };
  }
  const text = [...before, lines[index] ?? "", ...chunkAfter(lines, index)].join("\n");
  return { text, at: before.join("\n").length + 1 };
}

/** The following lines of the same chunk. */
function chunkAfter(lines: readonly string[], index: number): string[] {
  const after: string[] = [];
  for (let i = index + 1; i < lines.length; i += 1) {
    const line = lines[i] ?? "";
    if (line.trim() === "") break;
    after.push(line);
  }
  return after;
}

interface Node {
  readonly type: string;
  readonly position?:
    | {
        readonly start: { offset?: number | undefined };
        readonly end: { offset?: number | undefined };
      }
    | undefined;
  readonly children?: readonly Node[];
}

const PLAIN = new Set(["text", "strong", "emphasis", "delete"]);

function isPlainTextAt({ text, at }: Paragraph): boolean {
  const root: Node = fromMarkdown(text, {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  });
  let node = childAt(root, at);
  if (node?.type !== "paragraph") return false;
  while (node?.children !== undefined) {
    node = childAt(node, at);
    if (node === undefined || !PLAIN.has(node.type)) return false;
  }
  return node !== undefined;
}

function childAt(node: Node, at: number): Node | undefined {
  return node.children?.find((child) => {
    const start = child.position?.start.offset ?? -1;
    const end = child.position?.end.offset ?? -1;
    return start <= at && at < end;
  });
}
