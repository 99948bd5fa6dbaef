const HEAD_CHARS = 12_000;
const TAIL_CHARS = 18_000;

/** Keeps the beginning and the end of an output of any length in constant memory. */
export class CappedOutput {
  #head = "";
  #tail = "";
  #dropped = 0;

  push(text: string): void {
    const room = HEAD_CHARS - this.#head.length;
    if (room > 0) this.#head += text.slice(0, room);
    const rest = room > 0 ? text.slice(room) : text;
    if (rest === "") return;
    const tail = this.#tail + rest;
    const excess = Math.max(0, tail.length - TAIL_CHARS);
    this.#dropped += excess;
    this.#tail = tail.slice(excess);
  }

  /** What was kept, with a mark where something was left out. */
  text(): string {
    const mark = this.#dropped > 0 ? `\n[... ${this.#dropped} characters left out ...]\n` : "";
    return `${this.#head}${mark}${this.#tail}`;
  }
}

/** The first `max` lines, with a mark that counts the rest and says how to see it. */
export function firstLines(lines: readonly string[], max: number, more: string): string {
  if (lines.length <= max) return lines.join("\n");
  return `${lines.slice(0, max).join("\n")}\n[... ${lines.length - max} more; ${more}]`;
}
