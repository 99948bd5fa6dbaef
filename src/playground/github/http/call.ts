import type { IncomingHttpHeaders } from "node:http";
import type { Act, Hub } from "../context.ts";
import type { Operation } from "../description/load.ts";
import type { Query } from "../description/validate.ts";
import { ApiError, notFound } from "../errors.ts";
import type { Author, Principal } from "../principal.ts";
import type { App, Repository } from "../store/records.ts";
import type { RateLimits } from "./rate-limit.ts";

/** One request that has been matched, checked and allowed. */
export interface Call {
  hub: Hub;
  limits: RateLimits;
  operation: Operation;
  params: Readonly<Record<string, string>>;
  query: Query;
  /** The JSON body, checked against the operation's schema; {} when there is none. */
  body: object;
  by: Principal;
  /** Of operations under /repos/{owner}/{repo}. */
  repo: Repository | undefined;
  accept: string;
  headers: IncomingHttpHeaders;
  /** Address as asked for, without query: where links of pages point. */
  address: string;
}

export type Reply =
  | { status: number; body?: unknown; headers?: Readonly<Record<string, string>> }
  | ListReply
  | { status: number; raw: Buffer | string; type: string };

/** A list of which one page is shown. */
export interface ListReply {
  items: readonly unknown[];
  render: (item: never) => unknown;
  /** Puts the page's items into the reply; default: the reply is the array. */
  wrap?: (items: unknown[], total: number) => unknown;
}

export type Handler = (call: Call) => Reply | Promise<Reply>;
export type Handlers = Readonly<Record<string, Handler>>;

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

export function created(body: unknown): Reply {
  return { status: 201, body };
}

export function noContent(): Reply {
  return { status: 204 };
}

export function list<T>(
  items: readonly T[],
  render: (item: T) => unknown,
  wrap?: ListReply["wrap"],
): ListReply {
  return { items, render, ...(wrap === undefined ? {} : { wrap }) };
}

export function repoOf(call: Call): Repository {
  if (call.repo === undefined) throw notFound();
  return call.repo;
}

/** Someone who can write; 401 for nobody, 403 for an app that should use an installation. */
export function authorOf(by: Principal): Author {
  if (by.kind === "anonymous") throw new ApiError(401, "Requires authentication");
  if (by.kind === "app") throw new ApiError(403, "Resource not accessible by integration");
  return by;
}

/** The act in the call's repository. */
export function actOf(call: Call): Act {
  return { hub: call.hub, repo: repoOf(call), by: authorOf(call.by) };
}

/** The app that signed the request by its own key. */
export function appOf(call: Call): App {
  if (call.by.kind === "app") return call.by.app;
  throw new ApiError(401, "A JSON web token could not be decoded");
}

export function param(call: Call, name: string): string {
  return call.params[name] ?? "";
}

/** A numeric path parameter; 404 when it is no number. */
export function idParam(call: Call, name: string): number {
  const id = Number(call.params[name]);
  if (!Number.isSafeInteger(id)) throw notFound();
  return id;
}

export function textQuery(call: Call, name: string): string | undefined {
  const value = call.query[name];
  return value === undefined ? undefined : String(value);
}
