import { isYamlMap, type YamlValue } from "./strict-yaml.ts";

/**
 * The names in a `tools`, `skills` or `allowed-tools` field, in every notation in use: a YAML list, a comma string, a
 * space string, a map of name to switch. Spaces and commas inside parentheses belong to the name; unknown names are
 * kept as they are, each once.
 */
export function readNames(value: YamlValue | undefined): string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === "string") return unique(splitNames(stripBrackets(value)));
  if (isYamlMap(value))
    return unique(
      Object.entries(value)
        .filter(([, on]) => on !== "false" && on !== null)
        .map(([name]) => name),
    );
  return unique(
    value.flatMap((item) =>
      typeof item === "string" ? cleaned(splitOutside(item, /[,\n]/)) : readNames(item),
    ),
  );
}

/** A list that YAML could not read, such as `[Read, "Write"`, is still a list to its author. */
function stripBrackets(value: string): string {
  return value.trim().replace(/^\[/, "").replace(/\]$/, "");
}

function splitNames(text: string): string[] {
  const byComma = splitOutside(text, /[,\n]/);
  const parts = byComma.length > 1 ? byComma : splitOutside(text, /[\s,]/);
  return cleaned(parts);
}

function cleaned(parts: readonly string[]): string[] {
  return parts.map((part) => part.replace(/^(?:-\s+)?["'`]?|["'`]$/g, "").trim()).filter(Boolean);
}

function splitOutside(text: string, separator: RegExp): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const char of text) {
    if (char === "(") depth += 1;
    if (char === ")") depth = Math.max(0, depth - 1);
    if (depth === 0 && separator.test(char)) {
      parts.push(part);
      part = "";
    } else part += char;
  }
  parts.push(part);
  return parts.map((p) => p.trim()).filter(Boolean);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
