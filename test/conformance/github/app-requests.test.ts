import { readdirSync, readFileSync } from "node:fs";
import { validate } from "@octokit/graphql-schema";
import { afterAll, beforeAll, expect, test } from "vitest";
import { API_PERMISSIONS } from "../../../src/github/permissions.ts";
import { useAdapter } from "./app-acts.ts";
import { checkReply, checkRequest, type Problem } from "./official/checker.ts";
import { routeOf } from "./official/routes.ts";
import { openProxy, type Passed, type Proxy } from "./proxy.ts";
import { openStage, type Stage } from "./stage.ts";
import { READ_REPLIES } from "./what-is-read.ts";

/** Sent for their effect: of the answer only that there was one counts. */
const UNREAD = [
  "issues/add-labels",
  "issues/create-label",
  "issues/remove-label",
  "actions/download-job-logs-for-workflow-run",
  "apps/revoke-installation-access-token",
  "checks/update",
  "pulls/request-reviewers",
  "pulls/update",
  "reactions/create-for-issue-comment",
];

const SOURCE = new URL("../../../src/github/", import.meta.url);

let stage: Stage;
let proxy: Proxy;
let rest: Passed[];
let graphql: Passed[];

beforeAll(async () => {
  stage = await openStage();
  proxy = await openProxy(stage.hub.url);
  await useAdapter(stage, proxy.url);
  rest = proxy.passed.filter(({ url }) => url.pathname !== "/graphql");
  graphql = proxy.passed.filter(({ url }) => url.pathname === "/graphql");
}, 120_000);
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});

function sources(): string {
  return readdirSync(SOURCE)
    .map((name) => readFileSync(new URL(name, SOURCE), "utf8"))
    .join("\n");
}

/** `rest.issues.createComment` -> `issues/create-comment`, as Octokit derives its methods from the ids. */
function idsInSource(): string[] {
  const calls = [...sources().matchAll(/\brest\s*\.([a-z]\w*)\s*\.([a-z]\w*)/gi)];
  const ids = calls.map(([, group = "", method = ""]) => `${group}/${kebab(method)}`);
  return [...new Set(ids)].toSorted();
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function idOf({ method, url }: Passed): string {
  return routeOf(method, url.pathname)?.operation.id ?? `${method} ${url.pathname}`;
}

test("the adapter was used in all its operations, and each is documented", () => {
  expect([...new Set(rest.map(idOf))].toSorted()).toEqual(idsInSource());
});

test("every request conforms to the description of its operation", () => {
  const problems: (Problem & { id: string })[] = [];
  for (const passed of rest) {
    const route = routeOf(passed.method, passed.url.pathname);
    if (route === undefined) throw new Error(`${idOf(passed)} is not documented.`);
    const query = passed.url.searchParams;
    for (const problem of checkRequest(route.operation, { ...route, ...passed, query })) {
      problems.push({ id: route.operation.id, ...problem });
    }
  }
  console.info(`the app's requests: ${rest.length} REST, ${graphql.length} GraphQL`);
  expect(problems).toEqual([]);
});

test("every request says who asks, in which version of the API", () => {
  for (const { headers } of proxy.passed) {
    expect(headers).toMatchObject({
      accept: expect.stringContaining("application/vnd.github"),
      authorization: expect.stringMatching(/^Bearer \S+$/),
      "user-agent": expect.stringContaining("backend-orchestrator"),
      "x-github-api-version": "2022-11-28",
    });
  }
});

test("what it is answered conforms, and what it reads of it is accounted for", () => {
  const wrong = rest.flatMap(({ reply, replyType: contentType, status, ...passed }) => {
    const operation = routeOf(passed.method, passed.url.pathname)?.operation;
    if (operation === undefined || status >= 300) return [];
    const accept = passed.headers["accept"] ?? "";
    const verdict = checkReply(operation, { status, accept, contentType, body: reply });
    return verdict.kind === "wrong" ? [{ id: operation.id, verdict }] : [];
  });
  expect(wrong).toEqual([]);
  const read = READ_REPLIES.flatMap(({ where }) => where.map((place) => place.replace(" []", "")));
  expect([...new Set([...read, ...UNREAD])].toSorted()).toEqual(idsInSource());
});

test("nothing that it read was made up, and no permission beyond its own was needed", () => {
  const where = new Set(rest.map(idOf));
  const invented = stage.hub.inventedFields().filter((i) => where.has(i.where));
  expect(invented).toEqual([]);
  const minted = rest.filter((p) => idOf(p) === "apps/create-installation-access-token");
  for (const { body } of minted) {
    const { permissions } = body as { permissions: Record<string, string> };
    for (const [name, level] of Object.entries(permissions)) {
      const most = { ...API_PERMISSIONS, contents: "write" }[name as "contents"];
      expect([name, level]).toEqual([name, most === "write" ? level : "read"]);
    }
  }
});

test("GraphQL: every document in the source was sent and fits GitHub's schema", () => {
  const written = [...sources().matchAll(/`\s*((?:mutation|query)\b[^`]*)`/g)].map(
    ([, document = ""]) => document,
  );
  const sent = graphql.map(({ body }) => (body as { query: string }).query);
  expect(written.length).toBeGreaterThan(0);
  expect([...new Set(sent)].toSorted()).toEqual(written.toSorted());
  for (const document of written) expect(validate(document)).toEqual([]);
  expect(validate("mutation { markPullRequestReady { id } }")).not.toEqual([]);
  expect(graphql.map(({ status, reply }) => [status, reply])).toContainEqual([
    200,
    { data: { markPullRequestReadyForReview: { pullRequest: { isDraft: false } } } },
  ]);
});
