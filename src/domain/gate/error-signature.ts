const ESCAPE = String.fromCharCode(27);
const ANSI = new RegExp(`${ESCAPE}\\[[0-9;?]*[A-Za-z]`, "g");
const MAX_INPUT = 65_536;
const MAX_LINES = 40;
const HEAD = 100;

/** What changes from run to run without the failure being another one. */
const VARIABLE: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?/g, "<time>"],
  [/\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b/g, "<time>"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<id>"],
  [/\b0x[0-9a-f]+\b/gi, "<address>"],
  [/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,64}\b/gi, "<hash>"],
  [/\b(?:localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0):\d+/g, "<host>"],
  [/(?<![\w.])\/(?:[\w.@+-]+\/)+([\w.@+-]+)/g, "$1"],
  [/\b\d+(?:\.\d+)?\s?(?:ms|µs|us|ns|s|secs?|seconds?|mins?|minutes?)\b/gi, "<duration>"],
  [/:\d+(?::\d+)?(?=\D|$)/g, ":<line>"],
  [/\bline \d+(?:, col(?:umn)? \d+)?/gi, "line <line>"],
  [/\b(goroutine|pid|process|thread|worker|attempt)(?:[ =:#]+)\d+/gi, "$1 <n>"],
  [/^\s*(not ok|ok) \d+/gim, "$1"],
];

const TELLING =
  /error|fail|panic|fatal|exception|assert|expected|actual|received|undefined|cannot|unexpected|mismatch|not ok|denied|timed? ?out|✗|✘|×|✖/i;

/** Lines that only count; they change whenever a test is added. */
const TOTALS =
  /^\s*(?:#|ℹ)\s|^\s*(?:tests?|test files|test suites|suites|snapshots|ran)\b[:\s]+\d|\b\d+ (?:passed|failed|skipped)\b|^\s*(?:FAIL|ok)\s+[\w./-]+\s+[\d.]+s|^\s*FAIL\s*$|^exit status/i;

/**
 * A short name for a failure: equal for two outputs that differ only in times, durations, addresses, hashes, ports,
 * line numbers, absolute folders, order and totals. Begins with a hash, then the first telling line.
 */
export function errorSignature(output: string): string {
  const lines = normalisedLines(output);
  return lines.length === 0
    ? "empty"
    : `${hash(lines.join("\n"))} ${(lines[0] ?? "").slice(0, HEAD)}`;
}

/** The telling lines of an output in the form in which they are compared, sorted, each once. */
function normalisedLines(output: string): string[] {
  let text = output.slice(-MAX_INPUT).replace(ANSI, "");
  for (const [pattern, name] of VARIABLE) text = text.replace(pattern, name);
  const all = text
    .split("\n")
    .map((line) => line.replace(/\s+/g, " ").trim().toLowerCase())
    .filter((line) => line !== "" && !TOTALS.test(line));
  const telling = all.filter((line) => TELLING.test(line));
  const kept = telling.length > 0 ? telling.slice(0, MAX_LINES) : all.slice(-MAX_LINES);
  return [...new Set(kept)].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** A short name for a change: equal for two diffs that add and remove the same lines of the same files. */
export function diffSignature(diff: string): string {
  const lines = diff
    .split("\n")
    .filter((line) => /^[+-]/.test(line))
    .map((line) => line.trimEnd());
  return lines.length === 0 ? "empty" : hash(lines.join("\n"));
}

/** 64 bits of FNV-1a in two halves: for comparing, not for safety. */
function hash(text: string): string {
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ (unit + i), 0x85ebca6b);
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
