import { type Operation, official } from "./document.ts";

export interface Route {
  readonly operation: Operation;
  /** Decoded values of the path's parameters. */
  readonly values: ReadonlyMap<string, string>;
}

interface Compiled {
  readonly operation: Operation;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  /** Characters that are not a parameter's: the template with more of them is meant. */
  readonly literals: number;
}

let compiled: Map<string, Compiled[]> | undefined;

/** The documented operation of a request, if there is one; `path` is without the API's prefix and query. */
export function routeOf(method: string, path: string): Route | undefined {
  compiled ??= compileAll();
  const matching = (compiled.get(method) ?? [])
    .map((one) => ({ one, match: one.pattern.exec(path) }))
    .filter(({ match }) => match !== null)
    .toSorted((a, b) => b.one.literals - a.one.literals);
  const best = matching[0];
  if (best === undefined) return undefined;
  const { names, operation } = best.one;
  const values = names.map(
    (name, i) => [name, decodeURIComponent(best.match?.[i + 1] ?? "")] as const,
  );
  return { operation, values: new Map(values) };
}

function compileAll(): Map<string, Compiled[]> {
  const byMethod = new Map<string, Compiled[]>();
  for (const operation of official().operations.values()) {
    // The older form of "compare/{basehead}", with the same meaning.
    if (operation.template.includes("}...{")) continue;
    const list = byMethod.get(operation.method) ?? [];
    byMethod.set(operation.method, list);
    list.push(compile(operation));
  }
  return byMethod;
}

function compile(operation: Operation): Compiled {
  const names: string[] = [];
  const pattern = operation.template
    .split(/(\{[^}]+\})/)
    .map((part) => {
      const name = /^\{(.+)\}$/.exec(part)?.[1];
      if (name === undefined) return part.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&");
      names.push(name);
      return operation.parameters.some((p) => p.name === name && p.spans) ? "(.+)" : "([^/]+)";
    })
    .join("");
  const literals = operation.template.replaceAll(/\{[^}]+\}/g, "").length;
  return { operation, pattern: new RegExp(`^${pattern}$`), names, literals };
}

/** The path of an operation with its parameters' values. */
export function pathOf(operation: Operation, values: Readonly<Record<string, unknown>>): string {
  return operation.template.replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (typeof value !== "string" && typeof value !== "number") {
      throw new Error(`Call ${operation.id}: ${name} is missing.`);
    }
    const text = encodeURIComponent(value);
    const spans = operation.parameters.some((p) => p.name === name && p.spans);
    return spans ? text.replaceAll("%2F", "/") : text;
  });
}
