import type { Redact } from "./recorded.ts";

/**
 * The value as JSON text that a `jsonb` column takes: secrets removed, and what Postgres refuses in texts (U+0000,
 * half surrogate pairs) replaced by U+FFFD.
 */
export function jsonbText(value: unknown, redact: Redact): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "string" ? redact(storable(part)) : part,
  );
}

/** The text as a `text` column takes it. */
export function storable(text: string): string {
  return text.replaceAll("\u0000", "\uFFFD").toWellFormed();
}
