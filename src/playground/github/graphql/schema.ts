import { readFileSync } from "node:fs";
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from "graphql";

let built: GraphQLSchema | undefined;

/** GitHub's public GraphQL schema (@octokit/graphql-schema); built at the first query of the process. */
export function githubSchema(): GraphQLSchema {
  built ??= buildClientSchema(read());
  return built;
}

function read(): IntrospectionQuery {
  // Beside the package's entry, which itself would build the schema a second time for its validator.
  const file = new URL("./schema.json", import.meta.resolve("@octokit/graphql-schema"));
  return JSON.parse(readFileSync(file, "utf8")) as IntrospectionQuery;
}
