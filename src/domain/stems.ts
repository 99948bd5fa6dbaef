const COMMON = new Set(
  "about also been could does from have into must only ours should than that the their them then there these they this those using used what when where which will with would your and are for not the all".split(
    " ",
  ),
);

const LENGTH = 5;

/** The significant words of a text, cut to five letters, so that "stored" and "store" are one. */
export function stems(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(
    words
      .filter((word) => (word.length >= 3 || /\d/.test(word)) && !COMMON.has(word))
      .map((word) => word.slice(0, LENGTH)),
  );
}
