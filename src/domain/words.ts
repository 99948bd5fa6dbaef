const SENTENCE = "|";

/** A text prepared for phrase look-ups: made once, asked many times. */
export interface WordIndex {
  readonly joined: string;
}

/**
 * Prepares a text for `mentions`: lower case, plural endings removed, punctuation as spaces, sentence ends kept as
 * borders that no phrase crosses. Addresses of web pages are left out, because a link's words are not the author's.
 */
export function indexWords(text: string): WordIndex {
  const plain = text.normalize("NFKC").replace(/\bhttps?:\/\/\S+/gi, ` ${SENTENCE} `);
  const bordered = plain.replace(/[.!?;:]+(?=\s|$)|\n\s*\n|\n\s*[-*#|>]\s/g, ` ${SENTENCE} `);
  return { joined: ` ${tokens(bordered).join(" ")} ` };
}

/** True when the text holds the phrase's words one after another, as whole words. An empty phrase is never held. */
export function mentions(index: WordIndex, phrase: string): boolean {
  const wanted = tokens(phrase.normalize("NFKC")).filter((token) => token !== SENTENCE);
  return wanted.length > 0 && index.joined.includes(` ${wanted.join(" ")} `);
}

function tokens(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}+#]+|\|/gu) ?? []).map(singular);
}

function singular(word: string): string {
  if (word.length <= 3) return word;
  if (word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (/(ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  if (/[^sui]s$/.test(word)) return word.slice(0, -1);
  return word;
}

/** Paths of files or folders that a text names, such as `internal/auth/token.go`; at most 200, without duplicates. */
export function pathsIn(text: string): string[] {
  const plain = text.replace(/\bhttps?:\/\/\S+/gi, " ");
  const found = plain.match(
    /(?<![\w./-])(?:[\w.@-]+\/)+[\w.@-]*|(?<![\w./-])[\w@-]+\.[a-z]{1,5}\b/g,
  );
  return [...new Set((found ?? []).map((path) => path.replace(/[./]+$/, "")))].slice(0, 200);
}
