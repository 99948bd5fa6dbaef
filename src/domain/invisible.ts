/** A character that a reader cannot see but a model can read. `line` and `column` count from 1. */
export interface InvisibleCharacter {
  readonly line: number;
  readonly column: number;
  readonly codePoint: string;
  readonly what: string;
}

/** What each range is called where one of its characters is reported. */
const RANGES: readonly (readonly [first: number, last: number, what: string])[] = [
  [0x00ad, 0x00ad, "soft hyphen"],
  [0x034f, 0x034f, "grapheme joiner"],
  [0x061c, 0x061c, "bidirectional control"],
  [0x115f, 0x1160, "filler"],
  [0x17b4, 0x17b5, "vowel without a shape"],
  [0x180b, 0x180d, "variation selector"],
  [0x180e, 0x180e, "zero-width character"],
  [0x180f, 0x180f, "variation selector"],
  [0x200b, 0x200d, "zero-width character"],
  [0x200e, 0x200f, "bidirectional control"],
  [0x202a, 0x202e, "bidirectional control"],
  [0x2060, 0x2065, "zero-width character"],
  [0x2066, 0x206f, "bidirectional control"],
  [0x3164, 0x3164, "filler"],
  [0xfe00, 0xfe0e, "variation selector"],
  [0xfeff, 0xfeff, "zero-width character"],
  [0xffa0, 0xffa0, "filler"],
  [0xfff9, 0xfffb, "annotation mark"],
  [0x1d173, 0x1d17a, "musical control"],
  [0xe0000, 0xe00ff, "tag character"],
  [0xe0100, 0xe0fff, "variation selector"],
];

/**
 * The characters that show nothing or change the direction of what stands around them, to be put between the brackets
 * of a regular expression with the flag `u`. Control characters are not among them.
 */
export const INVISIBLE = RANGES.map(
  ([first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`,
).join("");

const HIDDEN = new RegExp(`[${INVISIBLE}]`, "u");
// The three flags that Unicode recommends (England, Scotland, Wales) are the only honest use of tag characters.
const FLAG =
  /\u{1F3F4}\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F}/u;
// The joiner comes first, so that only what stands before one is looked at backwards.
const JOINED =
  /\u{200D}(?<=\p{Extended_Pictographic}(?:[\u{1F3FB}-\u{1F3FF}]|\u{FE0F})*\u{200D})(?=\p{Extended_Pictographic})/u;
const SCAN = new RegExp(`(${FLAG.source}|${JOINED.source})|(${HIDDEN.source})`, "gu");

/** Finds invisible characters outside emoji sequences. At most `limit` are listed. */
export function findInvisible(text: string, limit = 100): InvisibleCharacter[] {
  const found: InvisibleCharacter[] = [];
  if (!HIDDEN.test(text)) return found;
  for (const match of text.matchAll(SCAN)) {
    const hidden = match[2];
    if (hidden === undefined) continue;
    const before = text.slice(0, match.index);
    const line = before.split("\n").length;
    const column = match.index - before.lastIndexOf("\n");
    const code = hidden.codePointAt(0) ?? 0;
    const codePoint = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
    found.push({ line, column, codePoint, what: kindOf(code) });
    if (found.length >= limit) break;
  }
  return found;
}

/** The text without the characters that `findInvisible` names. */
export function stripInvisible(text: string): string {
  if (!HIDDEN.test(text)) return text;
  return text.replace(SCAN, (_all, kept: string | undefined) => kept ?? "");
}

function kindOf(code: number): string {
  const range = RANGES.find(([first, last]) => code >= first && code <= last);
  return range?.[2] ?? "character";
}
