/** First and last code points of characters that show nothing or change the direction of what stands around them. */
const INVISIBLE: readonly (readonly [first: number, last: number])[] = [
  [0x00ad, 0x00ad],
  [0x034f, 0x034f],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200c],
  [0x200e, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0e],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffb],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];

const JOINER = 0x200d;

/**
 * What kind of hidden character `point` is, in words; undefined for one that is seen. Line feed and tab are seen, and
 * a zero-width joiner is part of an emoji.
 */
export function hiddenKind(
  point: string,
  beside: { readonly before: string | undefined; readonly after: string | undefined },
): string | undefined {
  const code = point.codePointAt(0) ?? 0;
  if (code >= 0x20 && code < 0x7f) return undefined;
  if (code < 0x20) return code === 0x09 || code === 0x0a ? undefined : "control characters";
  if (code >= 0x7f && code <= 0x9f) return "control characters";
  if (code === JOINER) return joins(beside) ? undefined : "invisible characters";
  const hidden = INVISIBLE.some(([first, last]) => code >= first && code <= last);
  return hidden ? "invisible characters" : undefined;
}

function joins(beside: { before: string | undefined; after: string | undefined }): boolean {
  const emoji = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)$/u;
  return emoji.test(beside.before ?? "") && emoji.test(beside.after ?? "");
}
