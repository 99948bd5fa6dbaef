import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type Scalar,
} from "yaml";

const MAX_NODES = 20_000;
const MAX_DEPTH = 64;

/** YAML as data: every scalar is its text (null where YAML says null), every map has no prototype. */
export type YamlValue = string | null | readonly YamlValue[] | YamlMap;
export interface YamlMap {
  readonly [key: string]: YamlValue;
}

/** `refused` marks text that must not be read in any other way either: too many or too deep. */
export type YamlResult =
  | { readonly ok: true; readonly value: YamlValue }
  | {
      readonly ok: false;
      readonly message: string;
      readonly line: number;
      readonly refused: boolean;
    };

class TooMuch extends Error {}

interface Walk {
  nodes: number;
  readonly anchors: Map<string, Node>;
}

/**
 * Parses one YAML document strictly: JSON-like schema, no custom tags, no merge keys, no repeated keys, at most 20,000
 * nodes with aliases expanded, at most 64 levels. Never throws. Lines count from 1 within `text`.
 */
export function parseStrict(text: string): YamlResult {
  if (nestsTooDeeply(text))
    return { ok: false, message: "nested too deeply", line: 1, refused: true };
  try {
    const document = parseDocument(text, {
      schema: "core",
      merge: false,
      uniqueKeys: false,
      logLevel: "silent",
    });
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem) {
      const message = problem.message.split(/ at line \d+/)[0] ?? problem.code;
      return { ok: false, message, line: problem.linePos?.[0].line ?? 1, refused: false };
    }
    const walk: Walk = { nodes: 0, anchors: new Map() };
    return { ok: true, value: toValue(document.contents, walk, 0) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, message, line: 1, refused: error instanceof TooMuch };
  }
}

function toValue(node: unknown, walk: Walk, depth: number): YamlValue {
  walk.nodes += 1;
  if (walk.nodes > MAX_NODES) throw new TooMuch("too many nodes: aliases may not multiply content");
  if (depth > MAX_DEPTH) throw new TooMuch("nested too deeply");
  if (node === null || node === undefined) return null;
  if (isAlias(node)) return toValue(resolve(node, walk), walk, depth + 1);
  if (isScalar(node)) return remember(node, walk) && scalarText(node);
  if (isSeq(node)) {
    remember(node, walk);
    return Object.freeze(node.items.map((item) => toValue(item, walk, depth + 1)));
  }
  if (isMap(node)) {
    remember(node, walk);
    return mapValue(node.items, walk, depth);
  }
  return null;
}

function remember(node: Node & { anchor?: string }, walk: Walk): true {
  if (node.anchor) walk.anchors.set(node.anchor, node);
  return true;
}

function resolve(alias: Alias, walk: Walk): Node {
  const target = walk.anchors.get(alias.source);
  if (!target) throw new Error(`Unresolved alias ${alias.source}`);
  return target;
}

function mapValue(
  items: readonly { key: unknown; value: unknown }[],
  walk: Walk,
  depth: number,
): YamlMap {
  const map: Record<string, YamlValue> = Object.create(null) as Record<string, YamlValue>;
  for (const { key, value } of items) {
    const name = toValue(key, walk, depth + 1);
    const text = typeof name === "string" ? name : JSON.stringify(name);
    if (Object.hasOwn(map, text)) throw new Error(`Map keys must be unique: ${text} stands twice`);
    map[text] = toValue(value, walk, depth + 1);
  }
  return Object.freeze(map);
}

/** Numbers, booleans and dates keep the text they were written with. */
function scalarText(node: Scalar): string | null {
  if (node.value === null || node.value === undefined) return null;
  if (typeof node.value === "string") return node.value;
  return node.source ?? JSON.stringify(node.value);
}

/** A cheap look before the parser: it recurses on brackets and on compact `- - -` lines. */
function nestsTooDeeply(text: string): boolean {
  if (/(?:[-?][ \t]+){65}/.test(text)) return true;
  let depth = 0;
  for (const char of text) {
    if (char === "[" || char === "{") depth += 1;
    else if (char === "]" || char === "}") depth = Math.max(0, depth - 1);
    if (depth > 200) return true;
  }
  return false;
}

/** True for a map of YAML values. */
export function isYamlMap(value: YamlValue | undefined): value is YamlMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
