import type { IncomingMessage, ServerResponse } from "node:http";
import type { Hub } from "../context.ts";
import type { LocalGitHub, PagesHandler } from "../hub.ts";
import { type ApiServer, apiPath, serveApi } from "./serve-api.ts";
import { matchGit, serveGit } from "./serve-git.ts";
import { serveManifest } from "./serve-manifest.ts";
import { serveRaw } from "./serve-raw.ts";

export interface Servers extends ApiServer {
  hub: Hub;
  pages: PagesHandler | undefined;
  /** The hub as pages see it. */
  outside: () => LocalGitHub;
}

/** Sends each request where it belongs: git, REST and GraphQL, raw files, or the pages for people. */
export async function route(
  servers: Servers,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const url = new URL(req.url ?? "/", "http://localhost");
  const git = matchGit(url);
  if (git !== undefined) {
    await serveGit(servers, git, { req, res });
    return;
  }
  if (await serveManifest(servers.hub, req, res)) return;
  if (forPeople(req, url) && (await servePages(servers, req, res))) return;
  if (isApi(servers, req, url)) {
    await serveApi(servers, req, res);
    return;
  }
  if (await serveRaw(servers.hub, req, res)) return;
  if (!forPeople(req, url) && (await servePages(servers, req, res))) return;
  await serveApi(servers, req, res);
}

async function servePages(
  servers: Servers,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<boolean> {
  return (await servers.pages?.(req, res, servers.outside())) ?? false;
}

/** A browser asks for HTML and posts forms; API clients do neither. */
function forPeople(req: IncomingMessage, url: URL): boolean {
  if (url.pathname.startsWith("/api/")) return false;
  const form = /^(application\/x-www-form-urlencoded|multipart\/form-data)/;
  if (req.method === "POST") return form.test(req.headers["content-type"] ?? "");
  return (req.headers.accept ?? "").includes("text/html");
}

function isApi(servers: Servers, req: IncomingMessage, url: URL): boolean {
  if (url.pathname.startsWith("/api/") || url.pathname === "/graphql") return true;
  const path = apiPath(url.pathname);
  if (path.startsWith("/repositories/")) return true;
  return servers.api.router.match(req.method ?? "GET", path) !== undefined;
}
