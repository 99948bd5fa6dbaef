const MAX_GLOB = 300;
const MAX_ALTERNATIVES = 64;

/**
 * True when `path` (separated by `/`, relative) matches `glob`: `*` and `?` within a segment, `**` over segments,
 * `{a,b}` alternatives, letters compared as written. A glob of more than 300 characters or 64 alternatives matches
 * nothing. Time is bounded by the product of the lengths, whatever the glob.
 */
export function matchesGlob(path: string, glob: string): boolean {
  if (glob.length > MAX_GLOB) return false;
  const segments = path.split("/");
  return alternatives(glob).some((one) => matchSegments(segments, one.split("/")));
}

function alternatives(glob: string): string[] {
  let open: string[] = [glob];
  for (;;) {
    const next = open.flatMap(expandFirst);
    if (next.length > MAX_ALTERNATIVES) return [];
    if (next.length === open.length) return next;
    open = next;
  }
}

function expandFirst(glob: string): string[] {
  const match = /\{([^{}]*,[^{}]*)\}/.exec(glob);
  if (!match) return [glob];
  const before = glob.slice(0, match.index);
  const after = glob.slice(match.index + match[0].length);
  return (match[1] ?? "").split(",").map((choice) => `${before}${choice}${after}`);
}

function matchSegments(path: readonly string[], glob: readonly string[]): boolean {
  // reach[j]: the first i segments of the path are matched by the first j of the glob.
  let reach = glob.map(() => false);
  reach = [true, ...reach];
  for (let j = 1; j <= glob.length; j += 1)
    reach[j] = (reach[j - 1] ?? false) && glob[j - 1] === "**";
  for (const segment of path) {
    const next = [false];
    for (let j = 1; j <= glob.length; j += 1) {
      const part = glob[j - 1] ?? "";
      next[j] =
        part === "**"
          ? (next[j - 1] ?? false) || (reach[j] ?? false)
          : (reach[j - 1] ?? false) && matchSegment(segment, part);
    }
    reach = next;
  }
  return reach[glob.length] ?? false;
}

function matchSegment(text: string, pattern: string): boolean {
  let t = 0;
  let p = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === "*") {
      star = p;
      resume = t;
      p += 1;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      resume += 1;
      t = resume;
    } else return false;
  }
  while (pattern[p] === "*") p += 1;
  return p === pattern.length;
}
