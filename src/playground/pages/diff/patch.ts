export type PatchLine =
  | { kind: "hunk"; text: string }
  | { kind: "note"; text: string }
  | {
      kind: "added" | "removed" | "context";
      /** Line number on the base side; null when added. */
      left: number | null;
      /** Line number on the head side; null when removed. */
      right: number | null;
      /** Without the leading sign. */
      text: string;
    };

/** The lines of a unified patch with their numbers on both sides. */
export function patchLines(patch: string): PatchLine[] {
  let left = 0;
  let right = 0;
  return patch.split("\n").map((text): PatchLine => {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text);
    if (header !== null) {
      left = Number(header[1]);
      right = Number(header[2]);
      return { kind: "hunk", text };
    }
    const words = text.slice(1);
    if (text.startsWith("\\")) return { kind: "note", text: words.trim() };
    if (text.startsWith("+")) return { kind: "added", left: null, right: right++, text: words };
    if (text.startsWith("-")) return { kind: "removed", left: left++, right: null, text: words };
    return { kind: "context", left: left++, right: right++, text: words };
  });
}
