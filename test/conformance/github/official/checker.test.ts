import { expect, test } from "vitest";
import { checkError, checkReply, checkRequest, checkWebhook, type Request } from "./checker.ts";
import { type Operation, official } from "./document.ts";
import { routeOf } from "./routes.ts";
import { toJsonSchema } from "./schema.ts";

function operation(id: string): Operation {
  const found = official().operations.get(id);
  if (found === undefined) throw new Error(`Find ${id}: there is no such operation.`);
  return found;
}

const JSON_TYPE = "application/json; charset=utf-8";

function replyOf(id: string, body: unknown, more: { status?: number; contentType?: string } = {}) {
  const reply = { status: 200, contentType: JSON_TYPE, accept: "application/json", body, ...more };
  return checkReply(operation(id), reply);
}

const LABEL = {
  id: 1,
  node_id: "LA_1",
  url: "https://api.github.com/repos/o/r/labels/bug",
  name: "bug",
  color: "f29513",
  default: true,
  description: null,
};

test("the description is whole: every operation, every webhook, nothing ignored", () => {
  const { operations, webhooks, named } = official();
  expect(operations.size).toBeGreaterThan(1_200);
  expect(webhooks.size).toBeGreaterThan(260);
  expect(Object.keys(named).length).toBeGreaterThan(900);
  expect(() => toJsonSchema({ type: "string", contains: 1 })).toThrow('Convert "contains"');
});

test("a right reply conforms; each defect in it is told", () => {
  const list = "issues/list-labels-for-repo";
  expect(replyOf(list, [LABEL])).toEqual({ kind: "conforms", unknown: [] });
  const defects = [
    [{ ...LABEL, id: "1" }, "[].id", "must be integer"],
    [{ ...LABEL, node_id: null }, "[].node_id", "must be string"],
    [{ ...LABEL, url: "no address" }, "[].url", 'must match format "uri"'],
    [{ ...LABEL, color: undefined }, "[]", "must have required property 'color'"],
  ] as const;
  for (const [label, field, message] of defects) {
    const body: unknown = JSON.parse(JSON.stringify([LABEL, label]));
    expect(replyOf(list, body)).toEqual({ kind: "wrong", problems: [{ field, message }] });
  }
  const extra = { ...LABEL, colour: "f29513" };
  expect(replyOf(list, [extra])).toEqual({ kind: "conforms", unknown: ["[].colour"] });
});

test("statuses, media types and bodies must be documented", () => {
  expect(replyOf("issues/get-label", LABEL, { status: 201 })).toMatchObject({ kind: "wrong" });
  const text = { contentType: "text/plain" };
  expect(replyOf("issues/get-label", "bug", text)).toMatchObject({ kind: "wrong" });
  const lost = { status: 200, accept: "*/*", contentType: undefined, body: undefined };
  expect(checkReply(operation("issues/get-label"), lost)).toMatchObject({ kind: "wrong" });
  const gone = { ...lost, status: 204 };
  expect(checkReply(operation("issues/delete-label"), gone)).toEqual({ kind: "empty" });
  expect(checkError({ message: "Not Found" })).toMatchObject({ kind: "wrong" });
});

test("a webhook must be documented, and say everything it should", () => {
  expect(checkWebhook("issue_comment", { action: "shouted" })).toMatchObject({ kind: "wrong" });
  expect(checkWebhook("push", {})).toMatchObject({ kind: "wrong" });
});

function problemsOf(id: string, method: string, request: Partial<Request> & { path: string }) {
  const route = routeOf(method, request.path);
  expect(route?.operation.id).toBe(id);
  return checkRequest(operation(id), {
    values: route?.values ?? new Map(),
    query: new URLSearchParams(),
    headers: { "content-type": "application/json" },
    body: undefined,
    ...request,
  });
}

test("paths find their operations, with slashes where they may be", () => {
  for (const [path, id] of [
    ["/repos/o/r/issues/7", "issues/get"],
    ["/repos/o/r/issues/comments/7", "issues/get-comment"],
    ["/repos/o/r/git/ref/heads/a/b", "git/get-ref"],
    ["/repos/o/r/contents/a/b%20c.md", "repos/get-content"],
    ["/repos/o/r/compare/a...b", "repos/compare-commits-with-basehead"],
    ["/repos/o/r/commits/a/b/check-runs", "checks/list-for-ref"],
  ] as const) {
    expect(routeOf("GET", path)?.operation.id).toBe(id);
  }
  expect(routeOf("GET", "/repos/o/r/contents/a/b%20c.md")?.values.get("path")).toBe("a/b c.md");
  expect(routeOf("GET", "/repos/o/r/wishes")).toBeUndefined();
  expect(routeOf("PATCH", "/repos/o/r/issues/7/comments")).toBeUndefined();
});

test("a right request has no problems; each defect in one is told", () => {
  const runs = "/repos/o/r/check-runs";
  const action = { label: "Cancel", description: "Stop it", identifier: "cancel" };
  const run = { name: "c", head_sha: "a".repeat(40), actions: [action] };
  expect(problemsOf("checks/create", "POST", { path: runs, body: run })).toEqual([]);
  const four = { ...run, actions: [action, action, action, action] };
  const long = { ...run, actions: [{ ...action, label: "x".repeat(21) }] };
  for (const body of [four, long, { ...run, status: "asleep" }, { ...run, shade: 1 }, undefined]) {
    expect(problemsOf("checks/create", "POST", { path: runs, body })).toHaveLength(1);
  }
  const comments = { path: "/repos/o/r/issues/seven/comments" };
  expect(problemsOf("issues/list-comments", "GET", comments)).toEqual([
    { field: "path.issue_number", message: "seven must be integer" },
  ]);
  const query = new URLSearchParams({ state: "asleep", order: "asc" });
  const issues = { path: "/repos/o/r/issues", query };
  expect(problemsOf("issues/list-for-repo", "GET", issues)).toEqual([
    {
      field: "query.state",
      message: "asleep must be equal to one of the allowed values: open, closed, all",
    },
    { field: "query.order", message: "is not documented" },
  ]);
  const stray = { path: "/repos/o/r/issues/7", body: {} };
  expect(problemsOf("issues/get", "GET", stray)).toEqual([
    { field: "body", message: "is not documented" },
  ]);
});
