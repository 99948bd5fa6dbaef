/** What a person did to the boxes of a question that we wrote. */
export type Ticks =
  | { readonly kind: "option"; readonly key: string }
  | { readonly kind: "none" }
  | { readonly kind: "several" }
  | { readonly kind: "rewritten" };

const BOX = /^(\s*- )\[([ xX])\] (\*\*([a-z])\*\*.*)$/;

/**
 * Compares a question's comment with what we rendered. Only boxes may differ: a comment whose words were changed says
 * nothing that counts, because nobody knows what its reader saw.
 */
export function readTicks(rendered: string, body: string): Ticks {
  const ours = linesOf(rendered);
  const theirs = linesOf(body);
  if (ours.map(unticked).join("\n") !== theirs.map(unticked).join("\n"))
    return { kind: "rewritten" };
  const keys = theirs.flatMap((line, index) => {
    const [now, before] = [BOX.exec(line), BOX.exec(ours[index] ?? "")];
    return isTicked(now) && !isTicked(before) ? [now?.[4] ?? ""] : [];
  });
  const [key, ...more] = keys;
  if (key === undefined) return { kind: "none" };
  return more.length > 0 ? { kind: "several" } : { kind: "option", key };
}

function linesOf(text: string): string[] {
  return text
    .replace(/\r\n?/g, "\n")
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());
}

function unticked(line: string): string {
  return line.replace(BOX, "$1[ ] $3");
}

function isTicked(box: RegExpExecArray | null): boolean {
  return box !== null && box[2] !== " ";
}
