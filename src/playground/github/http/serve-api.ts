import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import type { Operation } from "../description/load.ts";
import { ApiError } from "../errors.ts";
import { graphqlName, serveGraphql } from "../graphql/serve.ts";
import { actorName, type Principal } from "../principal.ts";
import { type Api, type Incoming, matchOperation, perform, principalOf } from "./api.ts";
import type { Fault, Faults } from "./faults.ts";
import { type Answer, finish, permissionHeader, refusal } from "./finish.ts";
import type { Journal } from "./journal.ts";

export interface ApiServer {
  api: Api;
  faults: Faults;
  journal: Journal;
}

/** State of one request on its way, for the answer's headers and the journal. */
interface Progress {
  operation: Operation | undefined;
  by: Principal;
  graphql: string;
}

/** The part of a path that names an operation, under either of GitHub's prefixes. */
export function apiPath(pathname: string): string {
  if (pathname === "/api/graphql") return "/graphql";
  if (pathname === "/api/v3" || pathname === "/api/v3/") return "/";
  return pathname.startsWith("/api/v3/") ? pathname.slice("/api/v3".length) : pathname;
}

/** Answers one REST or GraphQL request, faults included, and writes it into the journal. */
export async function serveApi(
  server: ApiServer,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const begun = performance.now();
  const url = new URL(req.url ?? "/", "http://localhost");
  const incoming: Incoming = {
    req,
    method: req.method ?? "GET",
    path: apiPath(url.pathname),
    query: url.searchParams,
    body: await buffer(req),
    address: url.pathname,
  };
  const progress: Progress = { operation: undefined, by: { kind: "anonymous" }, graphql: "" };
  const answer = await answerTo(server, incoming, progress);
  const operationId = progress.operation?.operationId ?? (progress.graphql === "" ? "" : "graphql");
  server.journal.add({
    at: server.api.hub.now(),
    method: incoming.method,
    path: incoming.path,
    operationId,
    status: answer?.status ?? 0,
    actor: actorName(progress.by),
    ms: Math.round(performance.now() - begun),
    graphql: progress.graphql,
  });
  if (answer === undefined) req.socket.destroy();
  else write(server, res, { answer, progress });
}

/** undefined = the connection is to be cut. */
async function answerTo(
  server: ApiServer,
  incoming: Incoming,
  progress: Progress,
): Promise<Answer | undefined> {
  const { api } = server;
  try {
    progress.by = principalOf(api, incoming.req);
    const isGraphql = incoming.path === "/graphql";
    const matched = isGraphql ? undefined : matchOperation(api, incoming);
    progress.operation = matched?.operation;
    if (isGraphql) progress.graphql = graphqlName(incoming.body);
    const fault = server.faults.take({
      method: incoming.method,
      path: incoming.path,
      operationId: progress.operation?.operationId ?? `graphql/${progress.graphql}`,
      actor: actorName(progress.by),
    });
    if (fault?.delayMs !== undefined) await delay(fault.delayMs);
    if (fault !== undefined && changesAnswer(fault) && fault.when !== "after") {
      return faultAnswer(fault);
    }
    if (progress.operation?.operationId !== "rate-limit/get") api.limits.spend(progress.by);
    const reply =
      matched === undefined
        ? await serveGraphql(api.hub, progress.by, incoming)
        : await perform(api, incoming, { ...matched, by: progress.by });
    const asked = { operation: progress.operation, incoming, dropNewest: fault?.dropNewest ?? 0 };
    const answer = await finish(api.hub, reply, asked);
    if (answer.status === 304) api.limits.refund(progress.by);
    return fault !== undefined && changesAnswer(fault) ? faultAnswer(fault) : answer;
  } catch (error) {
    if (error instanceof ApiError) return refusal(error, progress.operation);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return refusal(new ApiError(500, `The local GitHub failed: ${text}`), progress.operation);
  }
}

function changesAnswer(fault: Fault): boolean {
  return fault.status !== undefined || fault.reset === true;
}

function faultAnswer(fault: Fault): Answer | undefined {
  if (fault.reset === true || fault.status === undefined) return undefined;
  const body = fault.body ?? { message: "Fault ordered by a test", status: String(fault.status) };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const type = typeof body === "string" ? "text/html" : "application/json; charset=utf-8";
  const headers = { "content-type": type, ...fault.headers };
  return { status: fault.status, headers, body: Buffer.from(text) };
}

function write(
  server: ApiServer,
  res: ServerResponse,
  what: { answer: Answer; progress: Progress },
): void {
  const { answer, progress } = what;
  const state = server.api.limits.state(progress.by);
  const headers: Record<string, string> = {
    date: new Date(server.api.hub.now()).toUTCString(),
    "x-github-request-id": randomUUID().toUpperCase(),
    "x-github-media-type": "github.v3; format=json",
    "x-github-api-version-selected": "2022-11-28",
    "x-ratelimit-limit": String(state.limit),
    "x-ratelimit-remaining": String(state.remaining),
    "x-ratelimit-used": String(state.used),
    "x-ratelimit-reset": String(state.reset),
    "x-ratelimit-resource": progress.graphql === "" ? "core" : "graphql",
    ...permissionHeader(progress.operation),
    ...answer.headers,
  };
  if (answer.status !== 204 && answer.status !== 304) {
    headers["content-length"] = String(answer.body.length);
  }
  res.writeHead(answer.status, headers);
  res.end(res.req.method === "HEAD" ? undefined : answer.body);
}
