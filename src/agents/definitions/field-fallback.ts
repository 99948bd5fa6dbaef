import { isYamlMap, parseStrict, type YamlValue } from "./strict-yaml.ts";

/** The fields that definition files are known to have. Any other word before a colon is part of somebody's text. */
const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  "name",
  "description",
  "tools",
  "disallowedTools",
  "model",
  "permissionMode",
  "maxTurns",
  "skills",
  "mcpServers",
  "hooks",
  "memory",
  "background",
  "effort",
  "isolation",
  "initialPrompt",
  "color",
  "type",
  "license",
  "compatibility",
  "metadata",
  "allowed-tools",
  "gateways",
]);

/**
 * Reads front matter that is not YAML. It is cut into fields where a known, unseen field name stands at the beginning
 * of a line with a colon; all other lines belong to the field before them. Each field is read as YAML alone, and as
 * raw text where that fails.
 */
export function readFields(matter: string): ReadonlyMap<string, YamlValue> {
  const fields = new Map<string, YamlValue>();
  for (const [key, lines] of cutFields(dedent(matter))) fields.set(key, readField(key, lines));
  return fields;
}

function cutFields(matter: string): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  let running: string[] | undefined;
  for (const line of matter.split("\n")) {
    const key = /^([A-Za-z-]+)[ \t]*:/.exec(line)?.[1];
    if (key !== undefined && KNOWN_FIELDS.has(key) && !fields.has(key)) {
      running = [line];
      fields.set(key, running);
    } else running?.push(line);
  }
  return fields;
}

function readField(key: string, lines: readonly string[]): YamlValue {
  const text = lines.join("\n");
  const alone = parseStrict(text);
  if (alone.ok && isYamlMap(alone.value)) {
    const keys = Object.keys(alone.value);
    const value = alone.value[key];
    if (keys.length === 1 && value !== undefined && isUsable(key, value)) return value;
  }
  return rawText(text.slice(text.indexOf(":") + 1));
}

/** A name and a description are texts: where YAML sees a list or a map in them, their author meant the characters. */
function isUsable(key: string, value: YamlValue): boolean {
  if (key !== "name" && key !== "description") return true;
  return value === null || typeof value === "string";
}

function rawText(value: string): string {
  const trimmed = value.trim();
  const quote = trimmed[0];
  if (trimmed.length >= 2 && (quote === '"' || quote === "'") && trimmed.endsWith(quote))
    return trimmed.slice(1, -1);
  const block = /^[|>][+-]?\d?[+-]?[ \t]*\n/.exec(trimmed);
  return block ? dedent(trimmed.slice(block[0].length)).trim() : trimmed;
}

function dedent(text: string): string {
  const lines = text.split("\n");
  const indents = lines
    .filter((line) => line.trim() !== "")
    .map((line) => line.length - line.trimStart().length);
  const common = Math.min(...indents, 1_000);
  return common === 0 || indents.length === 0
    ? text
    : lines.map((line) => line.slice(common)).join("\n");
}
