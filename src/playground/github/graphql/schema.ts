import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from "graphql";

let built: GraphQLSchema | undefined;

/** GitHub's public GraphQL schema (@octokit/graphql-schema); built at the first query of the process. */
export function githubSchema(): GraphQLSchema {
  built ??= buildClientSchema(read());
  return built;
}

function read(): IntrospectionQuery {
  const file = createRequire(import.meta.url).resolve("@octokit/graphql-schema/schema.json");
  return JSON.parse(readFileSync(file, "utf8")) as IntrospectionQuery;
}
