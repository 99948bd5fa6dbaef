import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** As much of OpenAPI's schema language as the reader of replies needs. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  nullable?: boolean;
  enum?: unknown[];
  default?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  additionalProperties?: boolean | Schema;
  minItems?: number;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  schema?: Schema;
  "x-multi-segment"?: boolean;
}

export interface Operation {
  operationId: string;
  method: string;
  /** Template, as "/repos/{owner}/{repo}". */
  path: string;
  parameters: readonly Parameter[];
  /** JSON pointer of the JSON request body's schema in the description. */
  bodyPointer: string | null;
  bodyRequired: boolean;
  /** Status -> reply schema (JSON), for those that have one. */
  replies: Readonly<Record<string, Schema>>;
  documentationUrl: string;
  /** False: GitHub refuses an app's installation token here. */
  forApps: boolean;
}

export interface Description {
  operations: readonly Operation[];
  /** "issue_comment.created" or "push" -> payload schema. */
  webhooks: ReadonlyMap<string, Schema>;
  resolve(schema: Schema): Schema;
  /** The whole document, its `nullable` rewritten to JSON Schema, for a validator. */
  document: object;
}

interface RawOperation {
  operationId?: string;
  externalDocs?: { url?: string };
  parameters?: (Parameter & { $ref?: string })[];
  requestBody?: { required?: boolean; content?: Record<string, { schema?: Schema }> };
  responses?: Record<string, RawReply>;
  "x-github"?: { enabledForGitHubApps?: boolean };
}
interface RawReply {
  $ref?: string;
  content?: Record<string, { schema?: Schema }>;
}
type RawPaths = Record<string, Record<string, RawOperation>>;
interface RawDocument {
  paths: RawPaths;
  "x-webhooks": Record<string, { post: RawOperation & { requestBody: { content: JsonContent } } }>;
}
type JsonContent = Record<string, { schema?: Schema }>;

let loaded: Description | undefined;

/** GitHub's official description of its REST API and webhooks; read once per process (about 0.5 s). */
export function loadDescription(): Description {
  loaded ??= build(readDocument());
  return loaded;
}

function readDocument(): RawDocument {
  const root = createRequire(import.meta.url).resolve("@octokit/openapi/package.json");
  const file = root.replace(/package\.json$/, "generated/api.github.com.json");
  return JSON.parse(readFileSync(file, "utf8")) as RawDocument;
}

function build(raw: RawDocument): Description {
  const document = allowNull(raw) as RawDocument;
  return {
    operations: operationsOf(document),
    webhooks: webhooksOf(document),
    resolve: (schema) => (schema.$ref === undefined ? schema : at(document, schema.$ref)),
    document,
  };
}

function operationsOf(document: RawDocument): Operation[] {
  const operations: Operation[] = [];
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, raw] of Object.entries(methods)) {
      if (raw.operationId !== undefined)
        operations.push(operation(document, raw, { path, method }));
    }
  }
  return operations;
}

function operation(
  document: RawDocument,
  raw: RawOperation,
  place: { path: string; method: string },
): Operation {
  const hasBody = raw.requestBody?.content?.["application/json"]?.schema !== undefined;
  const pointer = ["paths", place.path, place.method, "requestBody", "content", "application/json"];
  return {
    operationId: raw.operationId ?? "",
    method: place.method.toUpperCase(),
    path: place.path,
    parameters: (raw.parameters ?? []).map((p) =>
      p.$ref === undefined ? p : (at(document, p.$ref) as Parameter),
    ),
    bodyPointer: hasBody ? `#/${[...pointer, "schema"].map(escapePointer).join("/")}` : null,
    bodyRequired: raw.requestBody?.required === true,
    replies: repliesOf(document, raw.responses ?? {}),
    documentationUrl: raw.externalDocs?.url ?? "https://docs.github.com/rest",
    forApps: raw["x-github"]?.enabledForGitHubApps !== false,
  };
}

function repliesOf(
  document: RawDocument,
  responses: Record<string, RawReply>,
): Record<string, Schema> {
  const replies: Record<string, Schema> = {};
  for (const [status, reply] of Object.entries(responses)) {
    const whole = reply.$ref === undefined ? reply : (at(document, reply.$ref) as RawReply);
    const schema = whole.content?.["application/json"]?.schema;
    if (schema !== undefined) replies[status] = schema;
  }
  return replies;
}

function webhooksOf(document: RawDocument): Map<string, Schema> {
  const webhooks = new Map<string, Schema>();
  for (const { post } of Object.values(document["x-webhooks"])) {
    const schema = post.requestBody.content["application/json"]?.schema;
    // Operation ids read "issue-comment/created", events without actions just "push".
    const [event = "", action] = (post.operationId ?? "").split("/");
    const name = event.replaceAll("-", "_");
    const key = action === undefined ? name : `${name}.${action.replaceAll("-", "_")}`;
    if (schema !== undefined) webhooks.set(key, schema);
  }
  return webhooks;
}

function at(document: object, ref: string): object {
  let place: unknown = document;
  for (const part of ref.replace(/^#\//, "").split("/")) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    place = (place as Record<string, unknown> | undefined)?.[key];
  }
  if (typeof place !== "object" || place === null)
    throw new Error(`Read ${ref}: GitHub's description does not have it.`);
  return place;
}

function escapePointer(part: string): string {
  // A JSON pointer in a URI fragment: "~" and "/" escaped first, then what a fragment cannot hold.
  return encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
}

/** Rewrites OpenAPI 3.0's `nullable` to JSON Schema in place and returns the document. */
function allowNull(node: unknown): unknown {
  if (Array.isArray(node)) {
    for (const item of node) allowNull(item);
    return node;
  }
  if (typeof node !== "object" || node === null) return node;
  for (const value of Object.values(node)) allowNull(value);
  const schema = node as Schema;
  if (schema.nullable === true) makeNullable(schema);
  return node;
}

function makeNullable(schema: Schema): void {
  delete schema.nullable;
  if (typeof schema.type === "string") schema.type = [schema.type, "null"];
  if (Array.isArray(schema.enum) && !schema.enum.includes(null)) schema.enum.push(null);
  // "allOf: [X], nullable" means X or null, which JSON Schema says with anyOf.
  if (schema.allOf !== undefined && schema.type === undefined) {
    schema.anyOf = [{ allOf: schema.allOf }, { type: "null" }];
    delete schema.allOf;
  } else if (schema.oneOf !== undefined && schema.type === undefined) {
    schema.oneOf.push({ type: "null" });
  } else if (schema.anyOf !== undefined && schema.type === undefined) {
    schema.anyOf.push({ type: "null" });
  }
}
