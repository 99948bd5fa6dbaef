import type { Description, Schema } from "./load.ts";

/** A required field that the hub has no truth for and filled from GitHub's description. */
export interface InventedField {
  /** Operation id ("issues/get") or webhook ("issue_comment.created"). */
  where: string;
  /** Dotted path in the reply; "[]" for any element of a list. */
  field: string;
}

export interface Completer {
  /** A copy of the value with every required field there; what was missing is logged. */
  complete(where: string, schema: Schema, value: unknown): unknown;
  invented(): readonly InventedField[];
}

interface Walk {
  description: Description;
  note(field: string): void;
}

export function buildCompleter(description: Description): Completer {
  const log = new Map<string, InventedField>();
  return {
    complete: (where, schema, value) => {
      const walk: Walk = {
        description,
        note: (field) => log.set(`${where} ${field}`, { where, field }),
      };
      return fill(walk, schema, { value, path: "" });
    },
    invented: () => [...log.values()],
  };
}

interface Spot {
  value: unknown;
  path: string;
}

function fill(walk: Walk, ref: Schema, spot: Spot): unknown {
  const schema = walk.description.resolve(ref);
  const { value, path } = spot;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    const items = schema.items ?? arrayVariant(walk, schema)?.items;
    if (items === undefined) return value;
    return value.map((item: unknown) => fill(walk, items, { value: item, path: `${path}[]` }));
  }
  let result: Record<string, unknown> = { ...(value as Record<string, unknown>) };
  for (const part of schema.allOf ?? []) {
    result = fill(walk, part, { value: result, path }) as Record<string, unknown>;
  }
  const variant = bestVariant(walk, schema, result);
  if (variant) result = fill(walk, variant, { value: result, path }) as Record<string, unknown>;
  return fillProperties(walk, schema, { value: result, path });
}

function fillProperties(walk: Walk, schema: Schema, spot: Spot): Record<string, unknown> {
  const result = spot.value as Record<string, unknown>;
  const required = new Set(schema.required);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const path = spot.path === "" ? name : `${spot.path}.${name}`;
    if (result[name] !== undefined) {
      result[name] = fill(walk, property, { value: result[name], path });
    } else if (required.has(name)) {
      walk.note(path);
      result[name] = invent(walk, property);
    }
  }
  return result;
}

function arrayVariant(walk: Walk, schema: Schema): Schema | undefined {
  return variantsOf(walk, schema).find((v) => v.items !== undefined);
}

function variantsOf(walk: Walk, schema: Schema): Schema[] {
  return [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].map((v) => walk.description.resolve(v));
}

/** The variant that lacks the fewest required fields. */
function bestVariant(
  walk: Walk,
  schema: Schema,
  value: Record<string, unknown>,
): Schema | undefined {
  let best: Schema | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const variant of variantsOf(walk, schema)) {
    if (isNullOnly(variant) || variant.type === "array" || contradicts(variant, value)) continue;
    const missing = (variant.required ?? []).filter((name) => value[name] === undefined).length;
    if (missing < fewest) {
      fewest = missing;
      best = variant;
    }
  }
  return best;
}

/** Whether a field that the variant fixes by enum has another value here. */
function contradicts(variant: Schema, value: Record<string, unknown>): boolean {
  return Object.entries(variant.properties ?? {}).some(
    ([name, p]) =>
      p.enum !== undefined && value[name] !== undefined && !p.enum.includes(value[name]),
  );
}

function isNullOnly(schema: Schema): boolean {
  return schema.type === "null";
}

function invent(walk: Walk, ref: Schema): unknown {
  const schema = walk.description.resolve(ref);
  if (schema.default !== undefined) return schema.default;
  const types = [schema.type ?? []].flat();
  const variants = variantsOf(walk, schema);
  if (types.includes("null") || variants.some(isNullOnly)) return null;
  if (schema.enum !== undefined) return schema.enum[0];
  if (variants[0] !== undefined) return invent(walk, variants[0]);
  return inventOfType(walk, schema, types[0]);
}

function inventOfType(walk: Walk, schema: Schema, type: string | undefined): unknown {
  if (type === "string") return inventText(schema);
  if (type === "integer" || type === "number") return 0;
  if (type === "boolean") return false;
  if (type === "array") return [];
  const silent: Walk = { ...walk, note: () => undefined };
  return fill(silent, schema, { value: {}, path: "" });
}

function inventText(schema: Schema): string {
  if (schema.format === "date-time") return "1970-01-01T00:00:00Z";
  if (schema.format === "uri") return "http://127.0.0.1/invented";
  return "";
}
