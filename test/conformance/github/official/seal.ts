import { DOCUMENT, type Schema } from "./schema.ts";

type Named = Readonly<Record<string, Schema>>;

const OPEN = `${DOCUMENT}#/components/schemas/`;
const SEALED = `${DOCUMENT}#/sealed/`;

/**
 * The description leaves every object open, so a misspelt or invented field would pass. A sealed schema allows an
 * object only the fields that some part of its schema names; objects whose fields nobody names stay open.
 */
export class Sealer {
  readonly #named: Named;

  constructor(named: Named) {
    this.#named = named;
  }

  /** Both forms of the named schemas: parts of a whole must stay open, the whole is sealed. */
  document(): Schema {
    const entries = Object.entries(this.#named);
    return {
      components: {
        schemas: Object.fromEntries(entries.map(([name, s]) => [name, this.#inside(s)])),
      },
      sealed: Object.fromEntries(entries.map(([name, s]) => [name, this.seal(s)])),
    };
  }

  seal(schema: Schema): Schema {
    const reference = schema["$ref"];
    if (typeof reference === "string") return { $ref: reference.replace(OPEN, SEALED) };
    const choice = ["anyOf", "oneOf"].find((keyword) => schema[keyword] !== undefined);
    if (choice !== undefined && schema["properties"] === undefined) {
      return { ...schema, [choice]: listOf(schema, choice).map((part) => this.seal(part)) };
    }
    const inside = this.#inside(schema);
    const fields = this.#fields(schema);
    if (fields === undefined) return inside;
    const known = Object.fromEntries([...fields].map((name) => [name, true]));
    const properties = { ...known, ...(inside["properties"] as object | undefined) };
    return { ...inside, properties, additionalProperties: false };
  }

  /** The schema with what its fields and elements hold sealed, but itself open. */
  #inside(schema: Schema, repeated: ReadonlySet<string> = new Set()): Schema {
    const result: Record<string, unknown> = { ...schema };
    if (schema["properties"] !== undefined) {
      const entries = Object.entries(schema["properties"] as Named);
      result["properties"] = Object.fromEntries(
        entries.map(([name, s]) => [name, repeated.has(name) ? this.#inside(s) : this.seal(s)]),
      );
    }
    if (schema["items"] !== undefined) result["items"] = this.seal(schema["items"] as Schema);
    for (const keyword of ["allOf", "anyOf", "oneOf"]) {
      if (schema[keyword] === undefined) continue;
      const parts = listOf(schema, keyword);
      // A field that several parts describe has what any of them knows.
      const several = keyword === "allOf" ? repeatedIn(parts) : repeated;
      result[keyword] = parts.map((part) => this.#inside(part, several));
    }
    return result;
  }

  /** Names of all fields that some part of the schema knows; undefined when it knows none or any will do. */
  #fields(schema: Schema): Set<string> | undefined {
    const names = new Set<string>();
    this.#collect(schema, names);
    return names.size === 0 || names.has(ANY) ? undefined : names;
  }

  #collect(schema: Schema, names: Set<string>): void {
    const reference = schema["$ref"];
    if (typeof reference === "string") {
      this.#collect(this.#named[reference.slice(OPEN.length)] ?? {}, names);
      return;
    }
    const properties = Object.keys(schema["properties"] ?? {});
    const more = schema["additionalProperties"];
    // A schema for the others makes a map of it; a bare "true" beside named fields says nothing.
    if (typeof more === "object" || (more === true && properties.length === 0)) names.add(ANY);
    for (const name of properties) names.add(name);
    for (const part of ["allOf", "anyOf", "oneOf"].flatMap((keyword) => listOf(schema, keyword))) {
      this.#collect(part, names);
    }
  }
}

/** No field's name. */
const ANY = "\u0000any";

function repeatedIn(parts: readonly Schema[]): ReadonlySet<string> {
  const names = parts.flatMap((part) => Object.keys(part["properties"] ?? {}));
  return new Set(names.filter((name, i) => names.indexOf(name) !== i));
}

function listOf(schema: Schema, keyword: string): Schema[] {
  return (schema[keyword] ?? []) as Schema[];
}
