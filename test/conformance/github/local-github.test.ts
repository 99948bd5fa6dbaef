import { afterAll, beforeAll, expect, test } from "vitest";
import * as replySchemas from "../../../src/github/schemas.ts";
import { HANDLERS } from "../../../src/playground/github/ops/handlers.ts";
import * as payloadSchemas from "../../../src/webhooks/payloads.ts";
import { ERROR_EXCEPTIONS, listed, REPLY_EXCEPTIONS, WEBHOOK_EXCEPTIONS } from "./exceptions.ts";
import { nameOf, refusalsIn, repliesIn, webhooksIn } from "./findings.ts";
import { ACCEPTED, expectGitHubsHeaders, linksOf, walk } from "./headers.ts";
import { official } from "./official/document.ts";
import { play } from "./play/play.ts";
import type { Exchange } from "./recorder.ts";
import { problemsOf, spoil } from "./spoil.ts";
import { AT, openStage, type Stage } from "./stage.ts";
import { READ_PAYLOADS, READ_REPLIES, readAndMadeUp, unlisted } from "./what-is-read.ts";

/** Every event and action that the local GitHub sends (all calls of `hub.emit` in its source). */
const SENT = {
  check_run: ["completed", "created", "requested_action", "rerequested"],
  check_suite: ["completed", "requested", "rerequested"],
  installation: ["created", "deleted", "new_permissions_accepted", "suspend", "unsuspend"],
  installation_repositories: ["added", "removed"],
  issue_comment: ["created", "deleted", "edited"],
  label: ["created", "deleted", "edited"],
  pull_request_review: ["dismissed", "edited", "submitted"],
  pull_request_review_comment: ["created", "deleted", "edited"],
  pull_request_review_thread: ["resolved", "unresolved"],
  repository_dispatch: ["cleaned"],
};
const OF_ISSUES =
  "assigned closed edited labeled locked opened reopened unassigned unlabeled unlocked".split(" ");
const OF_PULLS =
  "converted_to_draft ready_for_review review_request_removed review_requested synchronize".split(
    " ",
  );

let stage: Stage;
let exchanges: readonly Exchange[];

beforeAll(async () => {
  stage = await openStage();
  await play(stage);
  exchanges = [...stage.recorder.exchanges];
}, 240_000);
afterAll(() => stage[Symbol.asyncDispose]());

test("every operation that is built was asked for and answered", () => {
  const answered = new Set(exchanges.filter((e) => e.status < 400).map((e) => e.operation.id));
  expect(Object.keys(HANDLERS).filter((id) => !answered.has(id))).toEqual([]);
  expect(exchanges.length).toBeGreaterThanOrEqual(400);
});

test("the local GitHub takes each request for the operation that it is", () => {
  const taken = stage.hub.journal
    .requests()
    .filter(({ path }) => path !== "/no-such-hook")
    .map(({ operationId }) => operationId);
  // Who is refused for a bad token is refused before anything is looked at.
  const sent = exchanges.map(({ operation, status }) => ({
    id: operation.id,
    early: status === 401,
  }));
  expect(taken).toHaveLength(sent.length);
  expect(taken.filter((_, i) => sent[i]?.early === false)).toEqual(
    sent.filter(({ early }) => !early).map(({ id }) => id),
  );
});

test("replies conform to GitHub's description and say nothing beyond it", () => {
  const { found, checked, conforming, exact, empty } = repliesIn(exchanges);
  console.info(
    `replies: ${conforming} of ${checked} conform (${exact} exactly), ${empty} are empty as documented`,
  );
  expect(found).toEqual(listed(REPLY_EXCEPTIONS));
  expect(conforming).toBeGreaterThanOrEqual(280);
});

test("refusals have GitHub's form, the documented one where there is one", () => {
  const { found, checked, conforming, documented } = refusalsIn(exchanges);
  console.info(`refusals: ${conforming} of ${checked} conform, ${documented} by their own schema`);
  expect(found).toEqual(listed(ERROR_EXCEPTIONS));
  expect(documented).toBeGreaterThanOrEqual(60);
});

test("installation tokens are refused wherever the description refuses them", async () => {
  // Their own pages list a permission for apps, or they take this very token.
  const mistaken = [
    "apps/revoke-installation-access-token",
    "pulls/create-reply-for-review-comment",
    "pulls/update-branch",
  ];
  const refused = Object.keys(HANDLERS)
    .flatMap((id) => official().operations.get(id) ?? [])
    .filter(({ id, forApps, template }) => {
      const asApp = template === "/app" || template.startsWith("/app/");
      return !forApps && !asApp && !mistaken.includes(id);
    });
  const statuses = new Map<string, number>();
  for (const operation of refused) {
    const values = operation.parameters
      .filter((p) => p.in === "path")
      .map(({ name }) => [name, { ...AT }[name as "owner"] ?? "1"]);
    const body = operation.body === undefined ? {} : { name: "x" };
    const asked = { ...Object.fromEntries(values), ...body } as Record<string, string>;
    const { status } = await stage.recorder.call(`bot ${operation.id}`, asked, { expect: "any" });
    statuses.set(operation.id, status);
  }
  expect([...statuses].filter(([, status]) => status !== 403)).toEqual([]);
  expect([...statuses.keys()]).toContain("users/get-authenticated");
});

test("what was asked for is itself documented, fields of bodies included", () => {
  const problems = exchanges
    .filter(({ status }) => status < 300)
    .flatMap((exchange) => problemsOf(exchange).map((p) => ({ id: exchange.operation.id, ...p })));
  expect(problems).toEqual([]);
});

test("bodies that the description does not allow are refused, whatever is wrong in them", async () => {
  const first = new Map(
    exchanges
      .filter(({ status }) => status < 300)
      .toReversed()
      .map((e) => [e.operation.id, e] as const),
  );
  const spoilt = [...first.values()].flatMap(spoil);
  expect(spoilt.length).toBeGreaterThanOrEqual(100);
  const accepted: unknown[] = [];
  for (const asked of spoilt) {
    const { operation, status } = await stage.recorder.send(asked);
    if (status !== 422) accepted.push([operation.id, asked.json, status]);
  }
  // Of a reply only the text counts (docs), whatever the description says of its other fields.
  const reply = { ...AT, pull_number: 4, in_reply_to: 1, commit_id: 7, path: 7 };
  for (const body of [{}, { body: 7 }]) {
    const values = { ...reply, ...body };
    await stage.recorder.call("bot pulls/create-review-comment", values, { expect: 422 });
  }
  console.info(`refused: ${spoilt.length - accepted.length} of ${spoilt.length} spoilt bodies`);
  expect(accepted).toEqual([]);
});

test("headers: every answer tells limits, permissions, request and version", () => {
  for (const exchange of exchanges) expectGitHubsHeaders(exchange);
  const ids = exchanges.map(({ told }) => told.get("x-github-request-id"));
  expect(new Set(ids).size).toBe(ids.length);
  const accepted = new Map(
    exchanges.map(({ operation, told }) => [
      operation.id,
      told.get("x-accepted-github-permissions"),
    ]),
  );
  for (const [id, permissions] of Object.entries(ACCEPTED)) {
    expect([id, accepted.get(id)]).toEqual([id, permissions]);
  }
});

test("limits: each request of one person counts one, asking for the limits nothing", () => {
  for (const login of ["wendy", "rob", "bot"]) {
    const counted = exchanges
      .filter(({ as, operation }) => as === login && operation.id !== "rate-limit/get")
      .map(({ told }) => Number(told.get("x-ratelimit-used")));
    expect(counted).toEqual(counted.map((_, i) => i + 1));
  }
});

test("conditional reads: what is known is answered 304, empty and for free, until it changes", async () => {
  const { recorder } = stage;
  const reads = [
    ["repos/get", {}],
    ["issues/list-comments", { issue_number: 1, per_page: 2 }],
    ["repos/get-collaborator-permission-level", { username: "wendy" }],
    ["repos/get-content", { path: "src/a.js" }],
  ] as const;
  for (const [id, values] of reads) {
    const first = await recorder.call(`bot ${id}`, { ...AT, ...values });
    const headers = { "if-none-match": first.told.get("etag") ?? "" };
    const again = await recorder.call(`bot ${id}`, { ...AT, ...values }, { headers, expect: 304 });
    expect(again.body).toBeUndefined();
    expect(again.told.get("x-ratelimit-used")).toBe(first.told.get("x-ratelimit-used"));
    expect(again.told.get("etag")).toBe(headers["if-none-match"]);
  }
  const list = { ...AT, issue_number: 1, per_page: 100 };
  const before = await recorder.call("bot issues/list-comments", list);
  await recorder.call("wendy issues/create-comment", { ...AT, issue_number: 1, body: "News" });
  const headers = { "if-none-match": before.told.get("etag") ?? "" };
  await recorder.call("bot issues/list-comments", list, { headers, expect: 200 });
});

test("lists: following Link from page to page gives each element once, in order", async () => {
  const { recorder } = stage;
  const lists = [
    ["bot issues/list-labels-for-repo", AT],
    ["rob issues/list-comments", { ...AT, issue_number: 1 }],
    ["bot issues/list-for-repo", { ...AT, state: "all", sort: "created" }],
    ["rob pulls/list", { ...AT, state: "all" }],
    ["rob repos/list-commits", { ...AT, sha: "main" }],
  ] as const;
  for (const [what, values] of lists) {
    const whole = await recorder.call(what, { ...values, per_page: 100 });
    const size = (whole.body as unknown[]).length;
    expect([what, size > 2]).toEqual([what, true]);
    expect(await walk(recorder, what, values)).toEqual(whole.body);
  }
});

test("lists: deliveries are paged by a cursor, newest first", async () => {
  const what = "app apps/list-webhook-deliveries";
  const whole = await stage.recorder.call(what, { per_page: 6 });
  const ids = (whole.body as { id: number }[]).map(({ id }) => id);
  const found: number[] = [];
  let values: Record<string, unknown> = { per_page: 2 };
  for (let page = 1; page <= 3; page += 1) {
    const exchange = await stage.recorder.call(what, values);
    found.push(...(exchange.body as { id: number }[]).map(({ id }) => id));
    const links = linksOf(exchange);
    expect([...links.keys()]).toEqual(["next"]);
    values = Object.fromEntries(links.get("next")?.searchParams ?? []);
    expect(Object.keys(values)).toContain("cursor");
  }
  expect(found).toEqual(ids);
  expect(found).toEqual(found.toSorted((a, b) => b - a));
});

test("webhooks: every event is sent, signed, with GitHub's headers", () => {
  const expected = [
    ...Object.entries(SENT).flatMap(([event, actions]) => actions.map((a) => `${event}.${a}`)),
    ...OF_ISSUES.map((action) => `issues.${action}`),
    ...[...OF_ISSUES, ...OF_PULLS].map((action) => `pull_request.${action}`),
    "push",
    "create",
    "delete",
    "status",
  ];
  expect([...new Set(stage.received.map(nameOf))].toSorted()).toEqual(expected.toSorted());
  for (const { signed, headers } of stage.received) {
    expect(signed).toBe(true);
    expect(headers).toMatchObject({
      "x-github-delivery": expect.stringMatching(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/),
      "x-github-hook-id": expect.stringMatching(/^\d+$/),
      "x-github-hook-installation-target-id": expect.stringMatching(/^\d+$/),
      "x-github-hook-installation-target-type": expect.stringMatching(/^(integration|repository)$/),
      "user-agent": expect.stringMatching(/^GitHub-Hookshot\//),
      "content-type": "application/json",
    });
  }
});

test("webhooks conform to GitHub's description and say nothing beyond it", () => {
  const { found, checked, conforming, exact } = webhooksIn(stage.received);
  console.info(`webhooks: ${conforming} of ${checked} conform (${exact} exactly)`);
  expect(found).toEqual(listed(WEBHOOK_EXCEPTIONS));
}, 120_000);

test("nothing that the app reads was ever made up to satisfy the description", () => {
  const invented = stage.hub.inventedFields();
  console.info(`made up: ${invented.length} fields, none of them read`);
  const reads = [...READ_REPLIES, ...READ_PAYLOADS];
  expect(readAndMadeUp(reads, invented)).toEqual([]);
  // GraphQL's answers are executed against GitHub's schema; nothing in them is ever made up.
  expect(unlisted(replySchemas, READ_REPLIES)).toEqual(["ThreadsAnswer", "CommentNode"]);
  // What every payload is addressed with is part of the others.
  expect(unlisted(payloadSchemas, READ_PAYLOADS)).toEqual(["Account", "Addressed"]);
  // The log is no empty promise: a public organization's followers are nobody's truth here.
  expect(invented).toContainEqual({ where: "orgs/get", field: "followers" });
  for (const planted of [
    { where: "issues/get", field: "user" },
    { where: "pulls/list", field: "[].head.sha" },
    { where: "checks/list-for-ref", field: "check_runs[].app.id" },
    { where: "issue_comment.created", field: "comment.updated_at" },
  ]) {
    expect(readAndMadeUp(reads, [planted])).toContainEqual(planted);
  }
});
