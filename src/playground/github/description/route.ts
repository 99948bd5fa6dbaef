import type { Description, Operation } from "./load.ts";

export interface Matched {
  operation: Operation;
  params: Record<string, string>;
}

interface Node {
  literal: Map<string, Node>;
  param: Node | undefined;
  /** Operations ending here, by method; the last parameter may span several segments. */
  here: Map<string, Operation>;
  rest: Map<string, Operation>;
}

export interface Router {
  match(method: string, path: string): Matched | undefined;
  /** Whether any operation has this path, whatever its method. */
  knows(path: string): boolean;
}

/** Finds the operation of a request path; a literal segment wins over a parameter. */
export function buildRouter(description: Description): Router {
  const root = newNode();
  for (const operation of description.operations) {
    // "compare/{base}...{head}" is the older form of "compare/{basehead}": one path, two descriptions.
    if (!operation.path.includes("}...{")) add(root, operation);
  }
  return {
    match: (method, path) => {
      const segments = path.split("/").slice(1).map(decode);
      const operation = find(root, segments, method);
      return operation && { operation, params: paramsOf(operation, segments) };
    },
    knows: (path) => {
      const segments = path.split("/").slice(1).map(decode);
      return ["GET", "POST", "PUT", "PATCH", "DELETE"].some((m) => find(root, segments, m));
    },
  };
}

function newNode(): Node {
  return { literal: new Map(), param: undefined, here: new Map(), rest: new Map() };
}

function add(root: Node, operation: Operation): void {
  let node = root;
  const parts = operation.path.split("/").slice(1);
  for (const [i, part] of parts.entries()) {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    const last = i === parts.length - 1;
    if (name !== undefined && last && isMulti(operation, name)) {
      node.rest.set(operation.method, operation);
    }
    node = name === undefined ? literalChild(node, part) : (node.param ??= newNode());
  }
  node.here.set(operation.method, operation);
}

function literalChild(node: Node, part: string): Node {
  const known = node.literal.get(part) ?? newNode();
  node.literal.set(part, known);
  return known;
}

/** The description marks parameters that may hold "/"; refs and branches at the end may, too. */
function isMulti(operation: Operation, name: string): boolean {
  if (name === "ref" || name === "branch") return true;
  return operation.parameters.some((p) => p.name === name && p["x-multi-segment"] === true);
}

function find(node: Node, segments: readonly string[], method: string): Operation | undefined {
  const [head, ...tail] = segments;
  if (head === undefined) return node.here.get(method) ?? rootFolder(node, method);
  const literal = node.literal.get(head);
  const byLiteral = literal && find(literal, tail, method);
  if (byLiteral) return byLiteral;
  // An empty segment is no value for a parameter.
  if (head === "") return tail.length === 0 ? rootFolder(node, method) : undefined;
  return (node.param && find(node.param, tail, method)) ?? node.rest.get(method);
}

/** `…/contents` and `…/contents/` name the root folder of `…/contents/{path}`. */
function rootFolder(node: Node, method: string): Operation | undefined {
  const operation = node.rest.get(method);
  return operation?.path.endsWith("/{path}") ? operation : undefined;
}

function paramsOf(operation: Operation, segments: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {};
  const parts = operation.path.split("/").slice(1);
  for (const [i, part] of parts.entries()) {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name === undefined) continue;
    const last = i === parts.length - 1;
    params[name] = (last ? segments.slice(i).join("/") : segments[i]) ?? "";
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
