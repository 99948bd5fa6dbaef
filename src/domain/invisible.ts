/** A character that a reader cannot see but a model can read. `line` and `column` count from 1. */
export interface InvisibleCharacter {
  readonly line: number;
  readonly column: number;
  readonly codePoint: string;
  readonly what: string;
}

// The three flags that Unicode recommends (England, Scotland, Wales) are the only honest use of tag characters.
const FLAG =
  /\u{1F3F4}\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F}/u;
const JOINED =
  /(?<=\p{Extended_Pictographic}(?:[\u{1F3FB}-\u{1F3FF}]|\u{FE0F})*)\u{200D}(?=\p{Extended_Pictographic})/u;
const HIDDEN =
  /[\u{E0000}-\u{E007F}]|[\u{E0100}-\u{E01EF}]|[\u{202A}-\u{202E}\u{2066}-\u{2069}\u{200E}\u{200F}\u{061C}]|[\u{200B}-\u{200D}\u{2060}\u{FEFF}\u{180E}]/u;
const SCAN = new RegExp(`(${FLAG.source}|${JOINED.source})|(${HIDDEN.source})`, "gu");

/**
 * Finds tag characters, bidirectional controls, variation selectors of the supplement, and zero-width characters
 * outside emoji sequences. At most `limit` are listed.
 */
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
  if (code >= 0xe0100) return "variation selector";
  if (code >= 0xe0000) return "tag character";
  if ([0x200b, 0x200c, 0x200d, 0x2060, 0xfeff, 0x180e].includes(code))
    return "zero-width character";
  return "bidirectional control";
}
