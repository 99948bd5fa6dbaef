import type { IncomingMessage } from "node:http";
import { identify } from "../auth/identify.ts";
import { granted, neededPermissions } from "../auth/permissions.ts";
import { canSee, reaches } from "../auth/roles.ts";
import type { Hub } from "../context.ts";
import type { Description, Operation } from "../description/load.ts";
import type { Matched, Router } from "../description/route.ts";
import type { Validator } from "../description/validate.ts";
import { ApiError, forbidden, notFound } from "../errors.ts";
import type { Principal } from "../principal.ts";
import type { Repository } from "../store/records.ts";
import type { Call, Handlers, Reply } from "./call.ts";
import type { RateLimits } from "./rate-limit.ts";

export interface Api {
  hub: Hub;
  description: Description;
  router: Router;
  validator: Validator;
  handlers: Handlers;
  limits: RateLimits;
}

/** A request as it came in. */
export interface Incoming {
  req: IncomingMessage;
  method: string;
  /** Decoded of prefix: starts with "/repos", "/app", ... */
  path: string;
  query: URLSearchParams;
  body: Buffer;
  address: string;
}

/** Finds the operation of a path; `/repositories/{id}/…` is `/repos/{owner}/{repo}/…` by number. */
export function matchOperation(api: Api, incoming: Pick<Incoming, "method" | "path">): Matched {
  const { method } = incoming;
  const path = byNumber(api.hub, incoming.path);
  const matched = api.router.match(method === "HEAD" ? "GET" : method, path);
  if (matched === undefined) throw notFound();
  return matched;
}

function byNumber(hub: Hub, path: string): string {
  const match = /^\/repositories\/(\d+)(\/.*)?$/.exec(path);
  const repo = match === null ? undefined : hub.store.repositories.get(Number(match[1]));
  return repo === undefined ? path : `/repos/${hub.store.fullName(repo)}${match?.[2] ?? ""}`;
}

/** Carries out an operation: who, where, may they, is it well-formed, then the handler. */
export async function perform(
  api: Api,
  incoming: Incoming,
  at: Matched & { by: Principal },
): Promise<Reply> {
  const { operation } = at;
  const handler = api.handlers[operation.operationId];
  if (handler === undefined) throw notBuilt(operation.operationId);
  const repo = repositoryAt(api.hub, incoming, at);
  if (at.by.kind === "installation") checkInstallation(api.hub, at, repo);
  if (at.by.kind === "anonymous" && incoming.method !== "GET" && needsSomeone(operation)) {
    throw new ApiError(401, "Requires authentication");
  }
  const call: Call = {
    ...at,
    repo,
    hub: api.hub,
    limits: api.limits,
    ...checkRequest(api, incoming, operation),
    accept: incoming.req.headers.accept ?? "",
    headers: incoming.req.headers,
    address: incoming.address,
  };
  api.limits.spendContent(at.by, operation.operationId);
  return handler(call);
}

function notBuilt(operationId: string): ApiError {
  return new ApiError(
    501,
    `The local GitHub has not built "${operationId}": add a handler for it under src/playground/github/ops.`,
  );
}

/** The one operation that anybody may POST to: its secret is the code in the path. */
function needsSomeone(operation: Operation): boolean {
  return operation.operationId !== "apps/create-from-manifest";
}

export function principalOf(api: Api, req: IncomingMessage): Principal {
  return identify(api.hub, req.headers.authorization);
}

/** The repository of the path; what the asker may not see does not exist. */
function repositoryAt(
  hub: Hub,
  incoming: Incoming,
  at: Matched & { by: Principal },
): Repository | undefined {
  if (!at.operation.path.startsWith("/repos/{owner}/{repo}")) return undefined;
  const name = `${at.params["owner"]}/${at.params["repo"]}`;
  const repo = hub.store.repository(name);
  if (repo === undefined) {
    const moved = hub.store.repositories.find((r) => r.formerNames.includes(name.toLowerCase()));
    if (moved !== undefined && canSee(hub, moved, at.by)) throw redirect(hub, incoming, moved);
    throw notFound();
  }
  // The app's own question about itself is answered for any repository it is installed on.
  if (at.by.kind === "app" && at.operation.operationId === "apps/get-repo-installation")
    return repo;
  if (!canSee(hub, repo, at.by)) throw notFound();
  return repo;
}

/** docs: a renamed repository answers 301 to reads and 307 to the rest, naming it by number. */
function redirect(hub: Hub, incoming: Incoming, repo: Repository): ApiError {
  const rest = incoming.path.split("/").slice(4).join("/");
  const before = incoming.address.slice(0, incoming.address.indexOf("/repos/"));
  const query = incoming.query.size === 0 ? "" : `?${incoming.query.toString()}`;
  const location = `${before}/repositories/${repo.id}${rest === "" ? "" : `/${rest}`}${query}`;
  const status = incoming.method === "GET" || incoming.method === "HEAD" ? 301 : 307;
  const message = status === 301 ? "Moved Permanently" : "Temporary Redirect";
  return new ApiError(status, message, { headers: { location: hub.url + location } });
}

const INTEGRATION = "Resource not accessible by integration";

/**
 * Stricter than GitHub in one point, so that an app's permissions are found wanting here first: where an
 * app is installed, it needs the permission even to read what is public.
 */
function checkInstallation(
  hub: Hub,
  at: Matched & { by: Principal },
  repo: Repository | undefined,
): void {
  const { operation, by } = at;
  if (by.kind !== "installation") return;
  if (refusesApps(operation)) throw forbidden(INTEGRATION);
  const needed = neededPermissions(operation);
  if (repo === undefined) return;
  if (!reaches(by, repo)) {
    if (operation.method === "GET") return;
    throw forbidden(INTEGRATION);
  }
  const subject = subjectKind(hub, at, repo);
  // On a plain issue only "issues" counts; on a pull request either permission does.
  const counting = needed.filter((n) => subject !== "issue" || n.permission !== "pull_requests");
  const permissions = by.token.permissions ?? {};
  if (!granted({ metadata: "read", ...permissions }, counting)) throw forbidden(INTEGRATION);
}

/** Marked as not for apps in the description, though their own pages list the permission for apps. */
const FOR_APPS = new Set([
  "pulls/create-reply-for-review-comment",
  "pulls/update-branch",
  "apps/revoke-installation-access-token",
]);

function refusesApps(operation: Operation): boolean {
  return !operation.forApps && !FOR_APPS.has(operation.operationId);
}

function subjectKind(hub: Hub, at: Matched, repo: Repository): "issue" | "pull" | undefined {
  const { params, operation } = at;
  if (!operation.path.includes("/issues/")) return undefined;
  const comment = hub.store.comments.get(Number(params["comment_id"]));
  const issue =
    params["issue_number"] === undefined
      ? hub.store.issues.get(comment?.issueId)
      : hub.store.issue(repo.id, Number(params["issue_number"]));
  return issue === undefined ? undefined : issue.pullId === null ? "issue" : "pull";
}

function checkRequest(
  api: Api,
  incoming: Incoming,
  operation: Operation,
): Pick<Call, "query" | "body"> {
  const { values, problems } = api.validator.query(operation, incoming.query);
  const body = parseJson(incoming.body);
  const all = [...problems, ...api.validator.body(operation, body)];
  const [first] = all;
  if (first === undefined) return { query: values, body: body ?? {} };
  throw new ApiError(422, `Invalid request.\n\nFor '${first.field}', ${first.message}`, {
    errors: all.map((p) => `${p.field}: ${p.message}`),
  });
}

export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    throw new ApiError(400, "Problems parsing JSON");
  }
}
