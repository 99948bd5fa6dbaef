import { fromMarkdown } from "mdast-util-from-markdown";
import { stripInvisible } from "../domain/invisible.ts";

/** How much of one text may enter a prompt, in characters. */
const PROMPT_LIMIT = 100_000;
/** Beyond this a text is cleaned without looking at its structure. */
const PARSE_LIMIT = 10_000;

/** A text as it may enter a prompt, and what was taken out of it. */
export interface Sanitized {
  readonly text: string;
  /** In words, for the log and the report; empty when nothing was hidden. */
  readonly removed: readonly string[];
}

/**
 * Text of a person, made fit for a prompt: nothing stays that a reader of the page would not see (comments, hidden
 * characters, image descriptions, link titles, attributes). What remains is still data, never an instruction.
 */
export function sanitize(text: string, limit: number = PROMPT_LIMIT): Sanitized {
  const removed = new Set<string>();
  const plain = strip(text.toWellFormed().replace(/\r\n?/g, "\n"), removed);
  const shown =
    plain.length <= PARSE_LIMIT ? byStructure(plain, removed) : byPattern(plain, removed);
  return { text: cap(shown, limit, removed), removed: [...removed] };
}

function strip(text: string, removed: Set<string>): string {
  const plain = text.replace(CONTROL, () => note(removed, "control characters"));
  const seen = stripInvisible(plain);
  if (seen !== plain) removed.add("invisible characters");
  return seen;
}

/** Everything but line feed and tab, which are seen. */
const CONTROL = /(?![\n\t])\p{Cc}/gu;

/** The text without characters that a reader would not see. */
export function seenOnly(text: string): string {
  return strip(text, new Set());
}

function note(removed: Set<string>, what: string): "" {
  removed.add(what);
  return "";
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

interface Node {
  readonly type: string;
  readonly url?: string;
  readonly title?: string | null | undefined;
  readonly alt?: string | null | undefined;
  readonly label?: string | null | undefined;
  readonly identifier?: string;
  readonly children?: readonly Node[];
  readonly position?:
    | {
        readonly start: { offset?: number | undefined };
        readonly end: { offset?: number | undefined };
      }
    | undefined;
}

/** Changes exactly the places where Markdown hides something; code stays as it is, since it is shown. */
function byStructure(text: string, removed: Set<string>): string {
  let root: Node;
  try {
    root = fromMarkdown(text);
  } catch {
    return byPattern(text, removed);
  }
  const edits: Edit[] = [];
  const pending: Node[] = [root];
  const definitions: Node[] = [];
  const used = new Set<string>();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === "definition") definitions.push(node);
    if (node.type === "linkReference") used.add(node.identifier ?? "");
    const edit = editOf(node, text, removed);
    if (edit !== undefined) edits.push(edit);
    if (edit === undefined || node.type === "link") pending.push(...(node.children ?? []));
  }
  for (const node of definitions) edits.push(...definitionEdit(node, used, removed));
  return apply(text, edits);
}

/** The address of a link that is shown stays; a definition that nothing refers to shows nothing. */
function definitionEdit(node: Node, used: ReadonlySet<string>, removed: Set<string>): Edit[] {
  const { start, end } = placeOf(node) ?? { start: 0, end: 0 };
  const shown = used.has(node.identifier ?? "");
  if (node.title || !shown) removed.add("link titles");
  return [{ start, end, by: shown ? `[${node.label}]: ${node.url}` : "" }];
}

function placeOf(node: Node): { start: number; end: number } | undefined {
  const start = node.position?.start.offset;
  const end = node.position?.end.offset;
  return start === undefined || end === undefined ? undefined : { start, end };
}

function editOf(node: Node, text: string, removed: Set<string>): Edit | undefined {
  const place = placeOf(node);
  if (place === undefined) return undefined;
  const { start, end } = place;
  switch (node.type) {
    case "html":
      return { start, end, by: withoutMarkup(text.slice(start, end), removed) };
    case "image":
    case "imageReference":
      if (node.alt) removed.add("image descriptions");
      return { start, end, by: "[image]" };
    case "link":
      return titleOf(node, place, { text, removed });
    default:
      return undefined;
  }
}

/** The title of a link is between its address and the closing parenthesis. */
function titleOf(
  node: Node,
  at: { start: number; end: number },
  { text, removed }: { text: string; removed: Set<string> },
): Edit | undefined {
  if (!node.title) return undefined;
  const lastChild = node.children?.at(-1)?.position?.end.offset ?? at.start;
  const target = text.indexOf("](", lastChild);
  if (target < 0) return undefined;
  removed.add("link titles");
  return { start: target, end: at.end, by: `](${node.url ?? ""})` };
}

/** Later places first, so that offsets stay right; an edit inside another one is left out. */
function apply(text: string, edits: Edit[]): string {
  let result = text;
  let before = Number.POSITIVE_INFINITY;
  for (const { start, end, by } of edits.sort((a, b) => b.start - a.start)) {
    if (end > before) continue;
    result = result.slice(0, start) + by + result.slice(end);
    before = start;
  }
  return result;
}

/** For long texts: the same by patterns, which also reach into code. Linear. */
function byPattern(text: string, removed: Set<string>): string {
  return withoutMarkup(text, removed)
    .replace(/!\[[^\]\n]{0,500}\](?=[([])/g, () => {
      removed.add("image descriptions");
      return "[image]";
    })
    .replace(/(\]\([^()\s]{0,500})[ \t]+["'(][^\n]{0,500}?["')]\)/g, (_, target: string) => {
      removed.add("link titles");
      return `${target})`;
    })
    .replace(/^ {0,3}\[[^\]\n]{1,500}\]:[^\n]*$/gm, () => note(removed, "link titles"));
}

/** A tag whose attributes may hold quoted `<` and `>`; its parts exclude each other, so that it is linear. */
const TAG = /<(\/?[A-Za-z][A-Za-z0-9]{0,19})(?:[\s/](?:[^<>"']|"[^"]{0,2000}"|'[^']{0,2000}')*)?>/g;

/** HTML without comments and attributes. A comment that does not end hides everything after it. */
function withoutMarkup(html: string, removed: Set<string>): string {
  const visible = html.replace(/<!--[\s\S]*?(?:-->|$)/g, () => note(removed, "HTML comments"));
  return visible
    .replace(/<[!?][^>]*(?:>|$)/g, () => note(removed, "HTML declarations"))
    .replace(TAG, (tag, name: string) => {
      if (tag.length > name.length + 2) removed.add("HTML attributes");
      return `<${name}>`;
    });
}

function cap(text: string, limit: number, removed: Set<string>): string {
  const points = text.length <= limit ? undefined : Array.from(text);
  if (points === undefined || points.length <= limit) return text;
  removed.add("text beyond the limit");
  const rest = points.length - limit;
  return `${points.slice(0, limit).join("")}\n[… ${rest} more characters were left out]`;
}
