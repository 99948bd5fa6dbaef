import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import type { Description, Operation, Parameter, Schema } from "./load.ts";

export interface Problem {
  field: string;
  message: string;
}

export interface Validator {
  /** Problems of a JSON body; empty when it conforms. */
  body(operation: Operation, body: unknown): Problem[];
  /** Converts the query to the described types; problems for what cannot be. */
  query(operation: Operation, query: URLSearchParams): { values: Query; problems: Problem[] };
}

export type Query = Record<string, string | number | boolean | undefined>;

const DOCUMENT = "github";

/** Checks requests against the description; each operation's schema is compiled when first needed. */
export function buildValidator(description: Description): Validator {
  const ajv = new Ajv({
    strict: false,
    validateSchema: false,
    inlineRefs: false,
    allErrors: true,
    verbose: true,
    logger: false,
  });
  addFormats.default(ajv);
  ajv.addSchema(description.document, DOCUMENT);
  return {
    body: (operation, body) => bodyProblems(ajv, operation, body),
    query: (operation, query) => readQuery(description, operation, query),
  };
}

function bodyProblems(ajv: Ajv, operation: Operation, body: unknown): Problem[] {
  if (operation.bodyPointer === null) return [];
  if (body === undefined) {
    return operation.bodyRequired ? [{ field: "", message: "a request body is required" }] : [];
  }
  const validate = ajv.getSchema(`${DOCUMENT}${operation.bodyPointer}`) as ValidateFunction;
  if (validate(asChecked(operation, body))) return [];
  return simplify(validate.errors ?? []);
}

/**
 * The description says commit_id and path are required, but a reply needs neither
 * (docs.github.com/rest/pulls/comments: "in_reply_to … all parameters other than body are ignored").
 */
function asChecked(operation: Operation, body: unknown): unknown {
  if (operation.operationId !== "pulls/create-review-comment") return body;
  if (typeof body !== "object" || body === null || !("in_reply_to" in body)) return body;
  const { body: text, in_reply_to } = body as { body?: unknown; in_reply_to: unknown };
  return { body: text, in_reply_to, commit_id: "", path: "" };
}

function simplify(errors: readonly ErrorObject[]): Problem[] {
  const problems = errors
    .filter((e) => e.keyword !== "oneOf" && e.keyword !== "anyOf")
    .map((e) => ({
      field: `properties${e.instancePath}`,
      message: `${shown(e.data)} ${e.message ?? "is not valid"}${detail(e)}.`,
    }));
  return problems.length > 0 ? problems : [{ field: "properties", message: "is not valid." }];
}

function shown(data: unknown): string {
  const text = data === null ? "nil" : JSON.stringify(data);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function detail(error: ErrorObject): string {
  const allowed = (error.params as { allowedValues?: unknown[] }).allowedValues;
  return allowed === undefined ? "" : `: ${allowed.join(", ")}`;
}

function readQuery(
  description: Description,
  operation: Operation,
  query: URLSearchParams,
): { values: Query; problems: Problem[] } {
  const values: Query = {};
  const problems: Problem[] = [];
  for (const parameter of operation.parameters.filter((p) => p.in === "query")) {
    const text = query.get(parameter.name);
    if (text === null) {
      if (parameter.required === true) {
        problems.push({ field: parameter.name, message: "is a required query parameter." });
      }
      continue;
    }
    const schema = description.resolve(parameter.schema ?? {});
    const value = convert(schema, text);
    if (value === undefined)
      problems.push({ field: parameter.name, message: wrong(parameter, text) });
    else values[parameter.name] = value;
  }
  return { values, problems };
}

function convert(schema: Schema, text: string): string | number | boolean | undefined {
  const types = [schema.type ?? "string"].flat();
  if (types.includes("integer")) return /^-?\d+$/.test(text) ? Number(text) : undefined;
  if (types.includes("boolean"))
    return text === "true" ? true : text === "false" ? false : undefined;
  if (schema.enum !== undefined && !schema.enum.includes(text)) return undefined;
  return text;
}

function wrong(parameter: Parameter, text: string): string {
  const allowed = parameter.schema?.enum;
  return `${shown(text)} is not a possible value${allowed ? `: ${allowed.join(", ")}` : ""}.`;
}
