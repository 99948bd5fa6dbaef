/** How text is made safe and fitting for a GitHub comment. Everything that people or models wrote passes here. */

/** GitHub's limit for the body of a comment or pull request, in characters. */
export const BODY_LIMIT = 65_536;

const ZERO_WIDTH_SPACE = "\u200B";

/** A code fence longer than any run of backticks inside `text`, so that nothing can break out of it. */
export function fence(text: string, language = ""): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}${language}\n${text.replace(/\n$/, "")}\n${ticks}`;
}

/** Inline code that holds `text` whatever backticks it has; line breaks become spaces. */
export function code(text: string): string {
  const flat = text.replace(/\s*\n\s*/g, " ");
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map((run) => run[0].length));
  const ticks = "`".repeat(longest + 1);
  const pad = flat.startsWith("`") || flat.endsWith("`") || flat === "" ? " " : "";
  return `${ticks}${pad}${flat}${pad}${ticks}`;
}

/** Inline code for a table, where a bar would end the cell even inside code. */
export function cell(text: string): string {
  return code(text).replace(/(\\*)\|/g, (_, before: string) =>
    before.length % 2 === 0 ? `${before}\\|` : `${before}\\\\|`,
  );
}

/**
 * Text of others as inert prose on one line: no mention notifies, no keyword closes an issue, no HTML, link, image,
 * command or table cell takes effect. What GitHub links after it has rendered is parted by a zero-width space, because
 * a backslash does not keep it from that.
 */
export function inert(text: string): string {
  return text
    .replace(/\s*\n\s*/g, " ")
    .replace(/[\\`*_{}[\]()<>#|!~]/g, (character) => `\\${character}`)
    .replace(/&/g, "&amp;")
    .replace(/@(?=[\w-])/g, `@${ZERO_WIDTH_SPACE}`)
    .replace(/#(?=\d)/g, `#${ZERO_WIDTH_SPACE}`)
    .replace(/\b(GH)-(?=\d)/gi, `$1${ZERO_WIDTH_SPACE}-`)
    .replace(/(https?|ftp|mailto|xmpp|www)(?=[:.])/gi, `$1${ZERO_WIDTH_SPACE}`)
    .replace(/\b[0-9a-f]{7,40}\b/gi, (hit) =>
      /\d/.test(hit) && /[a-f]/i.test(hit)
        ? hit.replace(/.{6}(?=.)/g, `$&${ZERO_WIDTH_SPACE}`)
        : hit,
    )
    .replace(/(^|\s)\/(?=orchestrate)/gi, `$1/${ZERO_WIDTH_SPACE}`)
    .trim();
}

/**
 * Text of others as one that can stand in a commit's message or a title, where nothing can be escaped: it names
 * nobody, and refers to no issue that GitHub would link or close.
 */
export function unreferring(text: string): string {
  return text
    .replace(/https?:\/\/\S*\/(?:issues|pull|discussions)\/(\d+)\S*/gi, "issue $1")
    .replace(/([\w.-]\/[\w.-]*\w)#(?=\d)/g, "$1 issue ")
    .replace(/#(?=\d)/g, "issue ")
    .replace(/\b(GH)-(?=\d)/gi, "$1 ")
    .replace(/@(?=[\w-])/g, "");
}

/** `text` cut to at most `limit` code points, never inside a character, with a mark where it was cut. */
export function clip(text: string, limit: number): string {
  const points = Array.from(text);
  if (points.length <= limit) return text;
  const mark = "…";
  return points.slice(0, Math.max(0, limit - mark.length)).join("") + mark;
}

/** A folded section; `summary` must be safe already. */
export function details(summary: string, body: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** One section of a body: `importance` 0 is kept as long as it fits, higher numbers go first when space is short. */
export interface Section {
  readonly text: string;
  readonly importance: number;
  /** What stands in place of the section when it is too long; that goes, too, when it must. */
  readonly shorter?: string;
  /** What it is called where the body says that it was left out; nothing is said of a section without a name. */
  readonly name?: string;
}

/** Room for the line that says what was left out. */
const ROOM_FOR_NOTE = 500;

/**
 * Joins sections within `limit` characters: the least important ones become shorter or go first, and the body says
 * what was left out. What still does not fit is cut at its end.
 */
export function fit(sections: readonly Section[], limit: number = BODY_LIMIT): string {
  const whole = joined(sections.map(({ text }) => text));
  if (codePoints(whole) <= limit) return whole;
  const chosen = sections.map((section) => ({ ...section, current: section.text }));
  const least = chosen
    .filter(({ importance }) => importance > 0)
    .toSorted((a, b) => b.importance - a.importance);
  const room = limit - ROOM_FOR_NOTE;
  let size = chosen.reduce((sum, { text }) => sum + codePoints(text) + 2, 0);
  for (const step of ["shorter", "gone"] as const)
    for (const section of least) {
      if (size <= room) break;
      const next = step === "shorter" ? (section.shorter ?? "") : "";
      size += codePoints(next) - codePoints(section.current);
      section.current = next;
    }
  const gone = chosen.filter(({ current, text }) => current !== text);
  const names = gone.flatMap(({ name }) => name ?? []);
  const note =
    names.length === 0
      ? ""
      : clip(`Left out or cut for length: ${names.join(", ")}.`, ROOM_FOR_NOTE);
  return clip(joined([...chosen.map(({ current }) => current), note]), limit);
}

function joined(texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join("\n\n");
}

/** Length as GitHub counts it: in code points, not UTF-16 units. */
export function codePoints(text: string): number {
  return Array.from(text).length;
}
