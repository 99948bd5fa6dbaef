import { execute, GraphQLError, type GraphQLFieldResolver, Kind, parse, validate } from "graphql";
import type { Hub } from "../context.ts";
import { ApiError } from "../errors.ts";
import { type Incoming, parseJson } from "../http/api.ts";
import type { Reply } from "../http/call.ts";
import type { Principal } from "../principal.ts";
import { mutations } from "./mutations.ts";
import { queries } from "./queries.ts";
import { githubSchema } from "./schema.ts";

interface Asked {
  query?: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

export interface GraphqlContext {
  hub: Hub;
  by: Principal;
}

/** Name of the first field asked for, for the journal and for faults ("graphql/resolveReviewThread"). */
export function graphqlName(body: Buffer): string {
  try {
    const { query } = JSON.parse(body.toString("utf8")) as Asked;
    const [definition] = parse(query ?? "").definitions;
    const set =
      definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet : undefined;
    const [field] = set?.selections ?? [];
    return field?.kind === Kind.FIELD ? field.name.value : "query";
  } catch {
    return "query";
  }
}

/** Answers a query: wrong ones with GraphQL errors (status 200, as GitHub), unbuilt ones loudly. */
export async function serveGraphql(hub: Hub, by: Principal, incoming: Incoming): Promise<Reply> {
  if (by.kind === "anonymous")
    throw new ApiError(401, "This endpoint requires you to be authenticated.");
  if (by.kind === "app") throw new ApiError(403, "Resource not accessible by integration");
  const asked = (parseJson(incoming.body) ?? {}) as Asked;
  if (typeof asked.query !== "string" || asked.query === "") {
    return {
      status: 200,
      body: { errors: [{ message: "A query attribute must be specified and must be a string." }] },
    };
  }
  const schema = githubSchema();
  let document;
  try {
    document = parse(asked.query);
  } catch (error) {
    return { status: 200, body: { errors: [(error as GraphQLError).toJSON()] } };
  }
  const problems = validate(schema, document);
  if (problems.length > 0)
    return { status: 200, body: { errors: problems.map((p) => p.toJSON()) } };
  const context: GraphqlContext = { hub, by };
  const result = await execute({
    schema,
    document,
    rootValue: { ...queries(context), ...mutations(context) },
    contextValue: context,
    variableValues: asked.variables ?? null,
    operationName: asked.operationName ?? null,
    fieldResolver: resolveField,
    typeResolver: (value) => (value as { __typename: string }).__typename,
  });
  return { status: 200, body: { ...result, errors: result.errors?.map(shown) } };
}

/** A field that this hub has not built says so instead of being null. */
function resolveField(
  ...[source, args, , info]: Parameters<GraphQLFieldResolver<unknown, GraphqlContext>>
): unknown {
  const value = (source as Record<string, unknown> | undefined)?.[info.fieldName];
  if (value === undefined) {
    const name = `${info.parentType.name}.${info.fieldName}`;
    throw new GraphQLError(`The local GitHub has not built ${name}.`, {
      extensions: { type: "NOT_BUILT" },
    });
  }
  return typeof value === "function" ? (value as (a: unknown) => unknown)(args) : value;
}

/** GitHub's errors carry a type, as NOT_FOUND or FORBIDDEN. */
function shown(error: GraphQLError): object {
  const cause = error.originalError;
  const status = cause instanceof ApiError ? cause.status : 0;
  const types: Record<number, string> = {
    404: "NOT_FOUND",
    403: "FORBIDDEN",
    422: "UNPROCESSABLE",
  };
  const type = types[status] ?? error.extensions["type"];
  return { ...(type === undefined ? {} : { type }), ...error.toJSON() };
}
