import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Schema, toJsonSchema } from "./schema.ts";

/** Media type -> schema; undefined when the description shows none. */
export type Media = ReadonlyMap<string, Schema | undefined>;

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly schema: Schema;
  /** Its value may hold slashes. */
  readonly spans: boolean;
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  /** As `/repos/{owner}/{repo}`. */
  readonly template: string;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly required: boolean; readonly media: Media } | undefined;
  /** Status -> what may be answered. */
  readonly replies: ReadonlyMap<number, Media>;
  /** False: GitHub refuses installation tokens here. */
  readonly forApps: boolean;
}

export interface Official {
  /** By id; the ids are unique. */
  readonly operations: ReadonlyMap<string, Operation>;
  /** `issue_comment.created`, or `push` for events without actions -> payload. */
  readonly webhooks: ReadonlyMap<string, Schema>;
  /** Every named schema. */
  readonly named: Readonly<Record<string, Schema>>;
}

interface Raw {
  paths: Record<string, Record<string, RawOperation>>;
  "x-webhooks": Record<string, { post: RawOperation }>;
  components: {
    schemas: Record<string, Schema>;
    parameters: Record<string, RawParameter>;
    responses: Record<string, RawReply>;
  };
}
interface RawOperation {
  operationId: string;
  parameters?: RawParameter[];
  requestBody?: { required?: boolean; content: RawContent };
  responses: Record<string, RawReply>;
  "x-github"?: { enabledForGitHubApps?: boolean };
}
interface RawParameter {
  $ref?: string;
  name: string;
  in: Parameter["in"];
  required?: boolean;
  schema: Schema;
  "x-multi-segment"?: boolean;
}
interface RawReply {
  $ref?: string;
  content?: RawContent;
}
type RawContent = Record<string, { schema?: Schema }>;

let read: Official | undefined;

/** GitHub's description of its REST API and webhooks, read by no code of the local GitHub's. */
export function official(): Official {
  read ??= readOfficial();
  return read;
}

function readOfficial(): Official {
  const manifest = createRequire(import.meta.url).resolve("@octokit/openapi/package.json");
  const file = new URL("generated/api.github.com.json", `file://${manifest}`);
  const raw = JSON.parse(readFileSync(file, "utf8")) as Raw;
  const operations = Object.entries(raw.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      operationOf(raw, operation, { template, method: method.toUpperCase() }),
    ),
  );
  const named = Object.entries(raw.components.schemas);
  return {
    operations: new Map(operations.map((operation) => [operation.id, operation])),
    webhooks: new Map(Object.values(raw["x-webhooks"]).map(({ post }) => webhookOf(post))),
    named: Object.fromEntries(named.map(([name, schema]) => [name, toJsonSchema(schema)])),
  };
}

function operationOf(
  raw: Raw,
  operation: RawOperation,
  at: { template: string; method: string },
): Operation {
  const { requestBody, responses } = operation;
  return {
    id: operation.operationId,
    ...at,
    parameters: (operation.parameters ?? []).map((p) => parameterOf(raw, p)),
    body: requestBody && {
      required: requestBody.required === true,
      media: mediaOf(requestBody.content),
    },
    replies: new Map(
      Object.entries(responses).map(([status, reply]) => [
        Number(status),
        mediaOf((target(raw.components.responses, reply) as RawReply).content ?? {}),
      ]),
    ),
    forApps: operation["x-github"]?.enabledForGitHubApps !== false,
  };
}

function parameterOf(raw: Raw, given: RawParameter): Parameter {
  const parameter = target(raw.components.parameters, given) as RawParameter;
  const spans = parameter["x-multi-segment"] ?? parameter.schema["x-multi-segment"];
  return {
    name: parameter.name,
    in: parameter.in,
    required: parameter.required === true,
    schema: toJsonSchema(parameter.schema),
    spans: spans === true,
  };
}

/** What a reference names, or the thing itself. */
function target(named: Readonly<Record<string, object>>, given: { $ref?: string }): object {
  if (given.$ref === undefined) return given;
  const found = named[given.$ref.split("/").at(-1) ?? ""];
  if (found === undefined) throw new Error(`Follow ${given.$ref}: the description has no such.`);
  return found;
}

function mediaOf(content: RawContent): Media {
  return new Map(
    Object.entries(content).map(([type, { schema }]) => [type, schema && toJsonSchema(schema)]),
  );
}

/** The description names webhooks `issue-comment/created`, deliveries `issue_comment` with an action. */
function webhookOf({ operationId, requestBody }: RawOperation): [string, Schema] {
  const schema = requestBody?.content["application/json"]?.schema;
  if (schema === undefined) throw new Error(`Read webhook ${operationId}: it has no payload.`);
  return [operationId.replaceAll("-", "_").replace("/", "."), toJsonSchema(schema)];
}
