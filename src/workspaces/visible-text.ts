/** Output of commands made safe to show: nothing moves the cursor, hides or reorders what a person reads. */
import { INVISIBLE } from "../domain/invisible.ts";

const CONTROL_PICTURES = 0x2400;
const HIDDEN = new RegExp(`[\\u0080-\\u009F\\u2028\\u2029${INVISIBLE}]`, "gu");

/** Control characters become their pictures (escape becomes U+241B), invisible ones their code in braces. */
export function visible(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll(/[^\P{Cc}\n\t\u0080-\u009F]/gu, (character) =>
      character === "\u007F"
        ? "\u2421"
        : String.fromCodePoint(CONTROL_PICTURES + (character.codePointAt(0) ?? 0)),
    )
    .replaceAll(HIDDEN, (character) => `{U+${hex(character)}}`);
}

/** The end of `text`: at most `lines` lines and `characters` characters, never half of an astral character. */
export function tailOf(text: string, limits: { lines: number; characters: number }): string {
  const kept = text.replace(/\n+$/, "").split("\n").slice(-limits.lines).join("\n");
  const cut = kept.slice(-limits.characters);
  return /^[\uDC00-\uDFFF]/.test(cut) ? cut.slice(1) : cut;
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}
