import type { IncomingMessage, ServerResponse } from "node:http";
import type { FieldError } from "../github/errors.ts";
import type { LocalGitHub, PagesHandler } from "../github/hub.ts";
import { asset } from "./assets.ts";
import { errorPage } from "./error-page.ts";
import { isVisible } from "./home/repository-list.ts";
import { chosenLogin } from "./home/session.ts";
import { createMemory, type Memory } from "./memory.ts";
import { type Reply, send } from "./reply.ts";
import { PageError, readForm, readHead } from "./request.ts";
import { ACCOUNT_ROUTE, HOME_ROUTES, REPO_ROUTES } from "./routes.ts";
import { people, type RepoVisit, type Route, roleOf, type Visit } from "./visit.ts";

/** The local GitHub's pages for people, to be given to the hub as its `pages`. */
export function createPages(): PagesHandler {
  const memory = createMemory();
  return function pages(req, res, hub) {
    return answer({ req, res, hub, memory });
  };
}

interface Exchange {
  req: IncomingMessage;
  res: ServerResponse;
  hub: LocalGitHub;
  memory: Memory;
}

async function answer({ req, res, hub, memory }: Exchange): Promise<boolean> {
  const request = readHead(req);
  if (request === undefined) return false;
  const login = chosenLogin(request.cookies);
  const viewer = people(hub).find((person) => person.login === login);
  const visit: Visit = { hub, request, viewer, memory };
  const found = find(visit);
  if (found === undefined) return false;
  let reply: Reply;
  try {
    if (request.method === "POST") request.form = await readForm(req, hub.url);
    reply = await found();
  } catch (error) {
    reply = refusal(visit, error);
  }
  send(req, res, reply);
  return true;
}

/** The answer's maker; undefined when the address belongs to no page. */
function find(visit: Visit): (() => Promise<Reply>) | undefined {
  const { path } = visit.request;
  if (path.startsWith("/_assets/")) return () => assetReply(path.slice("/_assets/".length));
  const home = match(HOME_ROUTES, visit, path);
  if (home !== undefined) return home;
  const [, owner = "", short] = path.split("/");
  if (short === undefined) {
    const known = visit.hub.store.account(owner) !== undefined;
    return known ? match([ACCOUNT_ROUTE], visit, path) : undefined;
  }
  const repo = visit.hub.store.repository(`${owner}/${short}`);
  if (repo === undefined) return undefined;
  if (!isVisible(visit, repo)) return notFound;
  const name = visit.hub.store.fullName(repo);
  const role = visit.viewer === undefined ? undefined : roleOf(visit.hub, repo, visit.viewer);
  const repoVisit: RepoVisit = { ...visit, repo, name, base: `/${name}`, role };
  return match(REPO_ROUTES, repoVisit, path.slice(`/${owner}/${short}`.length)) ?? notFound;
}

function match<V extends Visit>(
  routes: readonly Route<V>[],
  visit: V,
  path: string,
): (() => Promise<Reply>) | undefined {
  for (const route of routes) {
    const found = route.method === visit.request.method ? route.path.exec(path) : null;
    if (found !== null) return () => route.answer(visit, found.groups ?? {});
  }
  return undefined;
}

function notFound(): Promise<Reply> {
  return Promise.reject(
    new PageError(404, "There is no such page, or it is not for the person you are acting as."),
  );
}

async function assetReply(name: string): Promise<Reply> {
  return (await asset(name)) ?? notFound();
}

/** Refusals of the hub (they carry a status) and of the pages become pages; our own bug stays one. */
function refusal(visit: Visit, error: unknown): Reply {
  if (!(error instanceof Error) || !("status" in error) || typeof error.status !== "number") {
    throw error;
  }
  return errorPage(visit, error.status, [error.message, ...reasons(error)].join(" "));
}

/** What the hub's refusal says of single fields. */
function reasons(error: object): string[] {
  if (!("errors" in error) || !Array.isArray(error.errors)) return [];
  return error.errors.map((reason: FieldError | string) =>
    typeof reason === "string"
      ? reason
      : (reason.message ?? `${reason.resource} ${reason.field ?? ""}: ${reason.code}.`),
  );
}
