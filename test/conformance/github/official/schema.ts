/** A schema as OpenAPI 3.0 writes it, or as JSON Schema does after `toJsonSchema`. */
export type Schema = { readonly [keyword: string]: unknown };

/** Keywords that say something to readers only. */
const REMARKS = new Set([
  "default",
  "deprecated",
  "description",
  "discriminator",
  "example",
  "readOnly",
  "title",
]);
const CHECKS = new Set([
  "enum",
  "format",
  "maxItems",
  "maxLength",
  "maxProperties",
  "maximum",
  "minItems",
  "minLength",
  "minimum",
  "pattern",
  "required",
  "type",
  "uniqueItems",
]);
const LISTS = new Set(["allOf", "anyOf", "oneOf"]);

/** The id under which all named schemas are known to the validator. */
export const DOCUMENT = "official";

/**
 * Rewrites OpenAPI 3.0 to JSON Schema: `nullable` becomes a choice between null and the rest, references point into
 * `DOCUMENT`. Throws on a keyword it does not know, so that nothing the description demands is silently ignored.
 */
export function toJsonSchema(schema: Schema): Schema {
  if (typeof schema["$ref"] === "string") return reference(schema);
  const checks: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === "nullable" || REMARKS.has(keyword) || keyword.startsWith("x-")) continue;
    checks[keyword] = converted(keyword, value);
  }
  return schema["nullable"] === true ? { anyOf: [{ type: "null" }, checks] } : checks;
}

function converted(keyword: string, value: unknown): unknown {
  if (CHECKS.has(keyword)) return value;
  if (LISTS.has(keyword)) return (value as Schema[]).map(toJsonSchema);
  if (keyword === "items") return toJsonSchema(value as Schema);
  if (keyword === "properties") {
    const entries = Object.entries(value as Record<string, Schema>);
    return Object.fromEntries(entries.map(([name, schema]) => [name, toJsonSchema(schema)]));
  }
  if (keyword === "additionalProperties") {
    return typeof value === "boolean" ? value : toJsonSchema(value as Schema);
  }
  throw new Error(`Convert "${keyword}": teach test/conformance this keyword of OpenAPI.`);
}

function reference(schema: Schema): Schema {
  const target = String(schema["$ref"]);
  if (!target.startsWith("#/components/schemas/")) {
    throw new Error(`Follow ${target}: schemas refer to named schemas only.`);
  }
  const pointer = { $ref: `${DOCUMENT}${target}` };
  return schema["nullable"] === true ? { anyOf: [{ type: "null" }, pointer] } : pointer;
}
