import type { z } from "zod";

interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
}

/** Every field that a schema reads, as a dotted path with "[]" for the elements of a list. */
export function fieldsRead(schema: z.ZodType, at = ""): string[] {
  const definition = schema.def as unknown as Definition;
  if (definition.shape !== undefined) {
    return Object.entries(definition.shape).flatMap(([name, inner]) =>
      fieldsRead(inner, at === "" ? name : `${at}.${name}`),
    );
  }
  if (definition.element !== undefined) return fieldsRead(definition.element, `${at}[]`);
  if (definition.innerType !== undefined) return fieldsRead(definition.innerType, at);
  if (definition.options !== undefined) {
    return [...new Set(definition.options.flatMap((option) => fieldsRead(option, at)))];
  }
  return [at];
}

/** Whether reading one field shows what was made up in the other: one holds the other. */
export function touches(read: string, invented: string): boolean {
  return within(read, invented) || within(invented, read);
}

function within(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[]`);
}
