import { constants, gunzipSync, inflateSync } from "node:zlib";
import { INVISIBLE } from "../domain/invisible.ts";
import type { LiveSecrets } from "./live-secrets.ts";

const MAX_INFLATED = 1_000_000;
const UNSEEN = new RegExp(`[\\s${INVISIBLE}]+`, "gu");
const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);

/** Whether `text` gives a live secret away: as it is, cut, split, escaped, or encoded once or twice. */
export function leaksSecret(text: string, live: LiveSecrets): boolean {
  const joined = text.replace(UNSEEN, "");
  const forms = [
    text,
    joined,
    text.replace(/[^A-Za-z0-9_]+/g, ""),
    withoutEscapes(text),
    Array.from(text).reverse().join(""),
  ];
  if (forms.some((form) => live.in(form))) return true;
  return [text, joined].some((form) => decodesToSecret(form, live, 2));
}

function decodesToSecret(text: string, live: LiveSecrets, depth: number): boolean {
  for (const inner of decodings(text)) {
    if (live.in(inner) || live.in(withoutEscapes(inner))) return true;
    if (depth > 1 && decodesToSecret(inner, live, depth - 1)) return true;
  }
  return false;
}

/** Undoes `%xx`, `\uXXXX`, `\xXX` and numeric HTML entities. */
function withoutEscapes(text: string): string {
  return text
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => character(hex))
    .replace(/\\u\{?([0-9a-f]{2,6})\}?/gi, (_, hex: string) => character(hex))
    .replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => character(hex))
    .replace(/&#x([0-9a-f]{1,6});?/gi, (_, hex: string) => character(hex))
    .replace(/&#(\d{1,7});?/g, (_, digits: string) => character(Number(digits).toString(16)));
}

function character(hex: string): string {
  const point = Number.parseInt(hex, 16);
  return point <= 0x10_ff_ff ? String.fromCodePoint(point) : "";
}

/** What the base64 and hexadecimal runs in `text` decode to, at every alignment. */
function* decodings(text: string): Generator<string> {
  for (const [run] of text.matchAll(/[0-9a-f]{24,}/gi)) {
    for (const skip of [0, 1]) yield Buffer.from(run.slice(skip), "hex").toString("latin1");
  }
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{16,}/g)) {
    for (const skip of [0, 1, 2, 3]) {
      const bytes = Buffer.from(run.slice(skip), "base64");
      yield bytes.toString("latin1");
      const packed = inflated(bytes);
      if (packed !== undefined) yield packed;
    }
  }
}

/** What a gzip stream anywhere in `bytes`, or a zlib stream at their start, holds. */
function inflated(bytes: Buffer): string | undefined {
  const options = { maxOutputLength: MAX_INFLATED, finishFlush: constants.Z_SYNC_FLUSH };
  const gzip = bytes.indexOf(GZIP);
  try {
    if (gzip >= 0) return gunzipSync(bytes.subarray(gzip), options).toString("latin1");
    if (bytes[0] === 0x78) return inflateSync(bytes, options).toString("latin1");
  } catch {
    return undefined;
  }
  return undefined;
}
