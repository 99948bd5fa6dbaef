import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import { identify } from "../auth/identify.ts";
import { canSee, effectiveRole, reaches } from "../auth/roles.ts";
import { accessAtLeast } from "../auth/tokens.ts";
import { hookEnvironment } from "../code/push-rules.ts";
import { refsMoved } from "../code/refs-moved.ts";
import { type Act, gitOf, type Hub } from "../context.ts";
import { ApiError } from "../errors.ts";
import { type CgiRequest, type CgiSink, nowhere, runBackend } from "../git/cgi.ts";
import { type PushCommand, readPushHead } from "../git/push-commands.ts";
import { type Author, actorName, atLeast, type Principal } from "../principal.ts";
import type { Repository } from "../store/records.ts";
import type { Fault, Faults } from "./faults.ts";
import type { Journal } from "./journal.ts";

export interface GitServer {
  hub: Hub;
  faults: Faults;
  journal: Journal;
}

export interface GitRequest {
  owner: string;
  name: string;
  /** "/info/refs", "/git-upload-pack" or "/git-receive-pack". */
  pathInfo: string;
  service: "upload-pack" | "receive-pack";
}

/** Recognizes git's requests: /OWNER/NAME(.git)/info/refs?service=… and the two POSTs. */
export function matchGit(url: URL): GitRequest | undefined {
  const match = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/info\/refs|\/git-(?:upload|receive)-pack)$/.exec(
    url.pathname,
  );
  const [, owner, name, pathInfo] = match ?? [];
  if (owner === undefined || name === undefined || pathInfo === undefined) return undefined;
  const asked =
    pathInfo === "/info/refs" ? url.searchParams.get("service") : pathInfo.replace("/", "");
  if (asked !== "git-upload-pack" && asked !== "git-receive-pack") return undefined;
  const service = asked === "git-upload-pack" ? "upload-pack" : "receive-pack";
  return { owner: decodeURIComponent(owner), name: decodeURIComponent(name), pathInfo, service };
}

export async function serveGit(
  server: GitServer,
  asked: GitRequest,
  http: { req: IncomingMessage; res: ServerResponse },
): Promise<void> {
  const begun = performance.now();
  const { req, res } = http;
  const operationId = `git-http/${asked.service}`;
  const path = (req.url ?? "").split("?")[0] ?? "";
  let by: Principal = { kind: "anonymous" };
  try {
    by = identify(server.hub, req.headers.authorization);
    const actor = actorName(by);
    const fault = server.faults.take({ method: req.method ?? "", path, operationId, actor });
    if (fault?.delayMs !== undefined) await delay(fault.delayMs);
    const lost = fault?.reset === true || fault?.status !== undefined;
    if (!lost) await answer(server.hub, asked, { ...http, by, sink: res });
    else {
      if (fault.when === "after") await answer(server.hub, asked, { ...http, by, sink: nowhere() });
      answerFault(fault, http);
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    refuse(res, error);
  } finally {
    server.journal.add({
      at: server.hub.now(),
      method: req.method ?? "",
      path,
      operationId,
      status: res.statusCode,
      actor: actorName(by),
      ms: Math.round(performance.now() - begun),
      graphql: "",
    });
  }
}

function answerFault(
  fault: Fault,
  { req, res }: { req: IncomingMessage; res: ServerResponse },
): void {
  if (fault.reset === true) {
    req.socket.destroy();
    return;
  }
  const body = typeof fault.body === "string" ? fault.body : JSON.stringify(fault.body ?? "");
  res.writeHead(fault.status ?? 500, { "content-type": "text/plain", ...fault.headers });
  res.end(body);
}

/** git shows the text of a 401 or 403 to the person as "remote: …". */
function refuse(res: ServerResponse, error: ApiError): void {
  const challenge = error.status === 401 ? { "www-authenticate": 'Basic realm="GitHub"' } : {};
  res.writeHead(error.status, { "content-type": "text/plain", ...challenge, ...error.headers });
  res.end(`${error.message}\n`);
}

interface GitCall {
  req: IncomingMessage;
  by: Principal;
  sink: CgiSink;
}

async function answer(hub: Hub, asked: GitRequest, call: GitCall): Promise<void> {
  const { req, sink, by } = call;
  const repo = repositoryFor(hub, asked, call);
  const gzipped = req.headers["content-encoding"] === "gzip";
  const stream: AsyncIterable<Buffer> = gzipped ? req.pipe(createGunzip()) : req;
  const request: CgiRequest = {
    method: req.method ?? "GET",
    pathInfo: asked.pathInfo,
    query: new URL(req.url ?? "", "http://localhost").search.slice(1),
    contentType: req.headers["content-type"] ?? "",
    contentLength: gzipped ? undefined : req.headers["content-length"],
    protocol: String(req.headers["git-protocol"] ?? ""),
    user: actorName(by),
    body: stream,
    env: {},
  };
  if (asked.pathInfo === "/git-receive-pack")
    await push({ hub, repo, by: by as Author }, request, sink);
  else await runBackend(gitOf(hub, repo), request, sink);
  sink.end();
}

async function push(act: Act, request: CgiRequest, sink: CgiSink): Promise<void> {
  const { commands, body } = await readPushHead(request.body);
  const env = hookEnvironment(act, commands);
  await runBackend(gitOf(act.hub, act.repo), { ...request, body, env }, sink);
  await refsMoved(act, named(commands));
}

function named(commands: readonly PushCommand[]): string[] {
  return commands.map((c) => c.ref).filter((ref) => /^refs\/(heads|tags)\//.test(ref));
}

/** The repository, if this person or app may read (or push to) it; else what GitHub's git answers. */
function repositoryFor(hub: Hub, asked: GitRequest, { by, req }: GitCall): Repository {
  const repo = findRepository(hub, asked, req);
  const pushing = asked.service === "receive-pack";
  if (by.kind === "anonymous") {
    if (repo !== undefined && !repo.private && !pushing) return repo;
    throw new ApiError(401, "Authentication required.");
  }
  if (repo === undefined || by.kind === "app" || !canSee(hub, repo, by)) {
    throw new ApiError(404, "Repository not found.");
  }
  if (by.kind === "installation" && !reaches(by, repo) && pushing) {
    throw new ApiError(403, denied(hub, repo, by));
  }
  if (!allowed(hub, repo, { by, pushing })) throw new ApiError(403, denied(hub, repo, by));
  if (pushing && repo.archived) {
    throw new ApiError(403, "This repository was archived so it is read-only.");
  }
  return repo;
}

function findRepository(hub: Hub, asked: GitRequest, req: IncomingMessage): Repository | undefined {
  const fullName = `${asked.owner}/${asked.name}`;
  const repo = hub.store.repository(fullName);
  if (repo !== undefined) return repo;
  const moved = hub.store.repositories.find((r) => r.formerNames.includes(fullName.toLowerCase()));
  if (moved === undefined) return undefined;
  const query = new URL(req.url ?? "", "http://localhost").search;
  const location = `${hub.url}/${hub.store.fullName(moved)}.git${asked.pathInfo}${query}`;
  throw new ApiError(301, "Moved Permanently", { headers: { location } });
}

function allowed(hub: Hub, repo: Repository, wish: { by: Author; pushing: boolean }): boolean {
  const { by, pushing } = wish;
  if (by.kind === "user") {
    return atLeast(effectiveRole(hub, repo, by.account.id), pushing ? "write" : "read");
  }
  if (!pushing && !repo.private) return true;
  return accessAtLeast(by.token.permissions?.["contents"], pushing ? "write" : "read");
}

function denied(hub: Hub, repo: Repository, by: Author): string {
  return `Permission to ${hub.store.fullName(repo)}.git denied to ${by.account.login}.`;
}
