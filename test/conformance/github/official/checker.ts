import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { type Media, type Operation, official, type Parameter } from "./document.ts";
import { DOCUMENT, type Schema } from "./schema.ts";
import { Sealer } from "./seal.ts";

/** What is wrong where; the place is a path with "[]" for any element of a list. */
export interface Problem {
  readonly field: string;
  readonly message: string;
}

export interface Reply {
  readonly status: number;
  /** What was asked for. */
  readonly accept: string;
  readonly contentType: string | undefined;
  readonly body: unknown;
}

export type Verdict =
  /** `unknown`: fields that no part of the description names. */
  | { readonly kind: "conforms"; readonly unknown: readonly string[] }
  /** Documented to have no body, and has none. */
  | { readonly kind: "empty" }
  | { readonly kind: "wrong"; readonly problems: readonly Problem[] };

interface Judge {
  readonly ajv: Ajv;
  readonly compiled: Map<string, ValidateFunction>;
}

let judges: { readonly sealer: Sealer; readonly strict: Judge; readonly plain: Judge } | undefined;

function made(): NonNullable<typeof judges> {
  if (judges !== undefined) return judges;
  const { named } = official();
  const sealer = new Sealer(named);
  const strict = judge(sealer.document());
  judges = { sealer, strict, plain: judge({ components: { schemas: named } }) };
  return judges;
}

function judge(document: Schema): Judge {
  const options = { strict: false, validateSchema: false, inlineRefs: false, allErrors: true };
  const ajv = new Ajv({ ...options, logger: false });
  addFormats.default(ajv);
  // GitHub's own bots have addresses that are no addresses: 1+helper[bot]@users.noreply.github.com.
  ajv.addFormat("email", /^[^@\s]+@[^@\s]+$/);
  ajv.addFormat("repo.nwo", /^[^/\s]+\/[^/\s]+$/);
  ajv.addSchema(document, DOCUMENT);
  return { ajv, compiled: new Map() };
}

/** Compiles a schema when it is first needed, and never twice. */
function errorsOf(
  by: Judge,
  key: string,
  given: { schema: Schema; value: unknown },
): ErrorObject[] {
  const validate = by.compiled.get(key) ?? by.ajv.compile(given.schema);
  by.compiled.set(key, validate);
  return validate(given.value) ? [] : [...(validate.errors ?? [])];
}

function problemsOf(key: string, schema: Schema, value: unknown): Problem[] {
  return readable(errorsOf(made().plain, key, { schema, value }));
}

/** Conformance, and beyond it: fields that the description does not know. */
function verdictOn(key: string, schema: Schema, value: unknown): Verdict {
  const { sealer, strict } = made();
  const errors = errorsOf(strict, key, { schema: sealer.seal(schema), value });
  const foreign = errors.filter((e) => e.keyword === "additionalProperties");
  const problems = errors.length === foreign.length ? [] : problemsOf(key, schema, value);
  if (problems.length > 0) return { kind: "wrong", problems };
  const unknown = foreign.map((e) => placeOf(e, String(e.params["additionalProperty"])));
  return { kind: "conforms", unknown: [...new Set(unknown)] };
}

/** Whether a reply is what the description promises for its operation, status and media type. */
export function checkReply(operation: Operation, reply: Reply): Verdict {
  const media = operation.replies.get(reply.status);
  if (media === undefined) return wrong("status", `${reply.status} is not documented`);
  if (reply.contentType === undefined) {
    if (media.size === 0) return { kind: "empty" };
    return wrong("body", `is missing: documented as ${[...media.keys()].join(", ")}`);
  }
  const type = typeOf(media, { accept: reply.accept, contentType: reply.contentType });
  if (!media.has(type)) return wrong("content-type", `${type} is not documented`);
  const schema = media.get(type);
  if (schema === undefined) return { kind: "conforms", unknown: [] };
  return verdictOn(`${operation.id} ${reply.status} ${type}`, schema, reply.body);
}

/** A JSON reply has the form that was asked for, if the description tells that form apart from plain JSON. */
function typeOf(media: Media, reply: { accept: string; contentType: string }): string {
  const type = essence(reply.contentType);
  const asked = essence(reply.accept).replace(/\+json$/, "");
  return type === "application/json" && media.has(asked) ? asked : type;
}

function wrong(field: string, message: string): Verdict {
  return { kind: "wrong", problems: [{ field, message }] };
}

/** A media type without its parameters. */
function essence(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}

/** Whether an error's body has the form of GitHub's errors ("basic-error"), which may have more fields. */
export function checkError(body: unknown): Verdict {
  const form = { $ref: `${DOCUMENT}#/components/schemas/basic-error` };
  const required = ["message", "documentation_url"];
  const problems = problemsOf("basic-error", { allOf: [form], type: "object", required }, body);
  return problems.length > 0 ? { kind: "wrong", problems } : { kind: "conforms", unknown: [] };
}

/** Whether a payload is what `x-webhooks` says of its event and action. */
export function checkWebhook(event: string, payload: { action?: unknown }): Verdict {
  const { webhooks } = official();
  // The actions of this one event are named by whoever sends it.
  const action = event === "repository_dispatch" ? "sample.collected" : String(payload.action);
  const name = webhooks.has(event) ? event : `${event}.${action}`;
  const schema = webhooks.get(name);
  if (schema === undefined) return wrong("event", `${name} is not documented`);
  return verdictOn(`webhook ${name}`, schema, payload);
}

export interface Request {
  readonly values: ReadonlyMap<string, string>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** undefined: none was sent. */
  readonly body: unknown;
}

/** Everything in a request that its operation does not document, fields of the body included. */
export function checkRequest(operation: Operation, request: Request): Problem[] {
  return [
    ...operation.parameters.flatMap((p) => parameterProblems(operation, p, request)),
    ...[...request.query.keys()]
      .filter((name) => !operation.parameters.some((p) => p.in === "query" && p.name === name))
      .map((name) => ({ field: `query.${name}`, message: "is not documented" })),
    ...bodyProblems(operation, request),
  ];
}

function parameterProblems(
  operation: Operation,
  parameter: Parameter,
  request: Request,
): Problem[] {
  const { name, required, schema } = parameter;
  const field = `${parameter.in}.${name}`;
  const text = given(parameter, request);
  if (text === undefined) return required ? [{ field, message: "is required" }] : [];
  const key = `${operation.id} ${field}`;
  const readings = [text, ...parsed(text)].map((value) => problemsOf(key, schema, value));
  return readings.some((problems) => problems.length === 0)
    ? []
    : (readings.at(-1) ?? []).map(({ message }) => ({ field, message: `${text} ${message}` }));
}

function given(parameter: Parameter, request: Request): string | undefined {
  if (parameter.in === "path") return request.values.get(parameter.name);
  if (parameter.in === "query") return request.query.get(parameter.name) ?? undefined;
  return request.headers[parameter.name.toLowerCase()];
}

/** The other thing that a text in an address may be: a number or a truth value. */
function parsed(text: string): unknown[] {
  return /^(?:-?\d+(?:\.\d+)?|true|false)$/.test(text) ? [JSON.parse(text)] : [];
}

function bodyProblems(operation: Operation, request: Request): Problem[] {
  const { body } = request;
  if (operation.body === undefined) {
    return body === undefined ? [] : [{ field: "body", message: "is not documented" }];
  }
  if (body === undefined) {
    return operation.body.required ? [{ field: "body", message: "is required" }] : [];
  }
  const type = essence(request.headers["content-type"] ?? "");
  const schema = operation.body.media.get(type);
  if (schema === undefined) return [{ field: "content-type", message: `${type} is unknown` }];
  return [
    ...problemsOf(`${operation.id} body`, schema, body),
    ...unknownFields(operation.body.media, body),
  ];
}

/** Fields that no variant of the body's schema names: GitHub would ignore them without a word. */
function unknownFields(media: Media, body: unknown): Problem[] {
  const schema = media.get("application/json");
  const names = schema && fieldsOf(schema);
  if (names === undefined || typeof body !== "object" || body === null) return [];
  return Object.keys(body)
    .filter((name) => !Array.isArray(body) && !names.has(name))
    .map((name) => ({ field: name, message: "is not documented" }));
}

/** undefined: any field is allowed. */
function fieldsOf(schema: Schema): Set<string> | undefined {
  if (schema["additionalProperties"] !== undefined && schema["additionalProperties"] !== false)
    return undefined;
  const names = new Set(Object.keys(schema["properties"] ?? {}));
  for (const keyword of ["allOf", "anyOf", "oneOf"]) {
    for (const part of (schema[keyword] ?? []) as Schema[]) {
      const more = "$ref" in part ? undefined : fieldsOf(part);
      if (more === undefined) return undefined;
      for (const name of more) names.add(name);
    }
  }
  return names;
}

/** The innermost errors: of a choice that failed, what its branches say is told, not that it failed. */
function readable(errors: readonly ErrorObject[]): Problem[] {
  const inner = errors.filter((e) => e.keyword !== "anyOf" && e.keyword !== "oneOf");
  const telling = inner.filter((e) => !(e.keyword === "type" && e.params["type"] === "null"));
  const told = [telling, inner, errors].find((list) => list.length > 0) ?? [];
  const problems = told.map((e) => ({
    field: placeOf(e),
    message: `${e.message ?? e.keyword}${allowed(e)}`,
  }));
  return [...new Map(problems.map((p) => [`${p.field} ${p.message}`, p])).values()];
}

function placeOf(error: ErrorObject, field?: string): string {
  const parts = [
    ...error.instancePath.split("/").slice(1),
    ...(field === undefined ? [] : [field]),
  ];
  return parts.map((part) => (/^\d+$/.test(part) ? "[]" : part)).join(".");
}

function allowed(error: ErrorObject): string {
  const values = error.params["allowedValues"] as unknown[] | undefined;
  return values === undefined ? "" : `: ${values.join(", ")}`;
}
