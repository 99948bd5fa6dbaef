import { createHash } from "node:crypto";
import { acceptedHeader, neededPermissions } from "../auth/permissions.ts";
import type { Hub } from "../context.ts";
import { loadDescription, type Operation } from "../description/load.ts";
import type { ApiError } from "../errors.ts";
import type { Incoming } from "./api.ts";
import type { ListReply, Reply } from "./call.ts";

/** What goes over the wire. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export interface Asked {
  operation: Operation | undefined;
  incoming: Incoming;
  /** Elements of a list that a lagging replica would not have yet. */
  dropNewest: number;
}

const JSON_TYPE = "application/json; charset=utf-8";

/** Turns a handler's reply into the answer: one page of a list, missing fields filled, an ETag. */
export async function finish(hub: Hub, reply: Reply, asked: Asked): Promise<Answer> {
  if ("raw" in reply) {
    const body = Buffer.from(reply.raw);
    return { status: reply.status, headers: { "content-type": reply.type }, body };
  }
  const headers: Record<string, string> = {};
  let content: { status: number; body?: unknown };
  if ("items" in reply) {
    const page = pageOf(reply, asked);
    if (page.link !== "") headers["link"] = page.link;
    const shown = await Promise.all(page.items.map((item) => reply.render(item as never)));
    const body = reply.wrap === undefined ? shown : reply.wrap(shown, page.total);
    content = { status: 200, body };
  } else {
    Object.assign(headers, reply.headers);
    content = reply;
  }
  if (content.body === undefined) return { status: content.status, headers, body: Buffer.alloc(0) };
  const body = Buffer.from(JSON.stringify(completed(hub, content, asked.operation)));
  headers["content-type"] = JSON_TYPE;
  return withETag({ status: content.status, headers, body }, asked.incoming);
}

function completed(
  hub: Hub,
  content: { status: number; body?: unknown },
  operation: Operation | undefined,
): unknown {
  const schema = operation?.replies[String(content.status)];
  if (operation === undefined || schema === undefined) return content.body;
  return hub.completer.complete(operation.operationId, schema, content.body);
}

/** docs.github.com, "Conditional requests": a GET whose answer is known already is 304 and free. */
function withETag(answer: Answer, incoming: Incoming): Answer {
  const { method, req } = incoming;
  if ((method !== "GET" && method !== "HEAD") || answer.status !== 200) return answer;
  const etag = `W/"${createHash("sha256").update(answer.body).digest("hex")}"`;
  answer.headers["etag"] = etag;
  answer.headers["cache-control"] = "private, max-age=60, s-maxage=60";
  const known = (req.headers["if-none-match"] ?? "").split(/,\s*/);
  const same = known.some((k) => k.replace(/^W\//, "") === etag.replace(/^W\//, ""));
  return same ? { ...answer, status: 304, body: Buffer.alloc(0) } : answer;
}

/** The page that `page` and `per_page` (default 30, at most 100) name. */
function pageOf(
  reply: ListReply,
  asked: Asked,
): { items: readonly unknown[]; total: number; link: string } {
  const { query } = asked.incoming;
  const all = asked.dropNewest === 0 ? reply.items : withoutNewest(reply.items, asked.dropNewest);
  const size = Math.min(100, Math.max(1, Number(query.get("per_page") ?? 30) || 30));
  const page = Math.max(1, Number(query.get("page") ?? 1) || 1);
  const items = all.slice((page - 1) * size, page * size);
  const last = Math.max(1, Math.ceil(all.length / size));
  return { items, total: all.length, link: linkHeader(asked.incoming, { page, last }) };
}

function withoutNewest(items: readonly unknown[], count: number): unknown[] {
  const byId = (items as readonly { id?: number }[]).toSorted((a, b) => (b.id ?? 0) - (a.id ?? 0));
  const newest = new Set<unknown>(byId.slice(0, count));
  return items.filter((item) => !newest.has(item));
}

function linkHeader(incoming: Incoming, at: { page: number; last: number }): string {
  const { page, last } = at;
  const relations: [string, number][] = [];
  if (page > 1) relations.push(["prev", page - 1]);
  if (page < last) relations.push(["next", page + 1], ["last", last]);
  if (page > 1) relations.push(["first", 1]);
  return relations.map(([name, to]) => `<${pageAddress(incoming, to)}>; rel="${name}"`).join(", ");
}

function pageAddress(incoming: Incoming, page: number): string {
  const query = new URLSearchParams(incoming.query);
  query.set("page", String(page));
  return `http://${incoming.req.headers.host ?? ""}${incoming.address}?${query.toString()}`;
}

/** GitHub's form of a refusal. */
export function refusal(error: ApiError, operation: Operation | undefined): Answer {
  const body = {
    message: error.message,
    ...(error.errors === undefined ? {} : { errors: errorsAs(error.errors, operation) }),
    documentation_url: operation?.documentationUrl ?? "https://docs.github.com/rest",
    status: String(error.status),
  };
  return {
    status: error.status,
    headers: { ...error.headers, "content-type": JSON_TYPE },
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** The description has two forms of a 422: a list of sentences, and a list of objects. */
function errorsAs(
  errors: NonNullable<ApiError["errors"]>,
  operation: Operation | undefined,
): unknown[] {
  const description = loadDescription();
  const schema = description.resolve(operation?.replies["422"] ?? {});
  const sentences =
    description.resolve(schema.properties?.["errors"]?.items ?? {}).type === "string";
  return errors.map((error) => {
    if (sentences) return typeof error === "string" ? error : (error.message ?? error.code);
    return typeof error === "string" ? { code: "invalid", message: error } : error;
  });
}

export function permissionHeader(operation: Operation | undefined): Record<string, string> {
  if (operation === undefined) return {};
  return { "x-accepted-github-permissions": acceptedHeader(neededPermissions(operation)) };
}
