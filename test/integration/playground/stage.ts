import { createSign } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Octokit } from "@octokit/rest";
import { createLocalGitHub } from "../../../src/playground/github/create.ts";
import type {
  CreatedApp,
  LocalGitHub,
  LocalGitHubOptions,
} from "../../../src/playground/github/hub.ts";
import type { Permissions } from "../../../src/playground/github/store/records.ts";

export const REPO = "acme/shop";
export const AT = { owner: "acme", repo: "shop" } as const;

export const FILES = {
  "README.md": "# Shop\n",
  "src/a.js": "one\ntwo\nthree\nfour\nfive\n",
} as const;

const ALL: Permissions = {
  checks: "write",
  contents: "write",
  issues: "write",
  pull_requests: "write",
  statuses: "write",
  administration: "write",
};

const EVENTS = [
  "check_run",
  "check_suite",
  "create",
  "delete",
  "issue_comment",
  "issues",
  "label",
  "pull_request",
  "pull_request_review",
  "pull_request_review_comment",
  "pull_request_review_thread",
  "push",
];

export interface Heard {
  event: string;
  action: string | undefined;
  headers: IncomingHttpHeaders;
  raw: string;
  // biome-ignore lint: payloads are read by path in assertions
  body: Record<string, never>;
}

export interface Stage extends AsyncDisposable {
  hub: LocalGitHub;
  dir: string;
  app: CreatedApp;
  installationId: number;
  /** What the app's webhook was sent, in the order of arrival. */
  heard: Heard[];
  /** What the webhook answers; 200 by default. */
  answerWith(status: number): void;
  names(): string[];
  user(login: string): Octokit;
  appJwt(change?: Record<string, unknown>): string;
  asApp(): Octokit;
  /** A client with a token of the installation, narrowed if asked. */
  bot(narrowing?: { permissions?: Permissions; repositories?: string[] }): Promise<Octokit>;
  token(narrowing?: { permissions?: Permissions; repositories?: string[] }): Promise<string>;
}

/**
 * A hub with the organization acme (owner olga), the repository acme/shop, the writer wendy, the reader
 * rob, and an app with its webhook, installed on that repository.
 */
export async function newStage(
  options: Partial<LocalGitHubOptions> & { permissions?: Permissions } = {},
): Promise<Stage> {
  const { permissions = ALL, ...hubOptions } = options;
  const dir = await mkdtemp(join(tmpdir(), "local-github-"));
  const hub = await createLocalGitHub({ dataDir: join(dir, "hub"), ...hubOptions });
  const sink = await startSink();
  for (const login of ["olga", "wendy", "rob"]) hub.createUser({ login, name: login });
  hub.createOrganization({ login: "acme", owners: ["olga"] });
  await hub.createRepository({ ...AT, name: "shop", from: FILES });
  hub.setCollaborator(REPO, "wendy", "write");
  hub.setCollaborator(REPO, "rob", "read");
  const app = hub.createApp({
    slug: "helper",
    owner: "acme",
    permissions,
    events: EVENTS,
    webhookUrl: sink.url,
    webhookSecret: "s".repeat(40),
  });
  const { id: installationId } = await hub.install("helper", "acme", ["shop"]);
  await hub.webhooks.idle();
  sink.heard.length = 0;
  const stage = clients(hub, { app, installationId });
  return {
    hub,
    dir,
    app,
    installationId,
    heard: sink.heard,
    answerWith: (status) => sink.answerWith(status),
    names: () =>
      sink.heard.map((h) => (h.action === undefined ? h.event : `${h.event}.${h.action}`)),
    ...stage,
    [Symbol.asyncDispose]: async () => {
      await hub.close();
      sink.server.closeAllConnections();
      await new Promise((resolve) => sink.server.close(resolve));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

type Clients = Pick<Stage, "user" | "appJwt" | "asApp" | "bot" | "token">;

function clients(hub: LocalGitHub, what: { app: CreatedApp; installationId: number }): Clients {
  function client(auth: string): Octokit {
    return octokit(hub.url, auth);
  }
  function appJwt(change: Record<string, unknown> = {}): string {
    return jwt(what.app, change);
  }
  async function token(narrowing: object = {}): Promise<string> {
    const made = await client(appJwt()).rest.apps.createInstallationAccessToken({
      installation_id: what.installationId,
      ...narrowing,
    });
    return made.data.token;
  }
  return {
    user: (login) => client(hub.userToken(login)),
    appJwt,
    asApp: () => client(appJwt()),
    token,
    bot: async (narrowing) => client(await token(narrowing)),
  };
}

export function octokit(baseUrl: string, auth?: string): Octokit {
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  return new Octokit({ baseUrl, log: quiet, ...(auth === undefined ? {} : { auth }) });
}

/** A JSON Web Token as an app makes it. */
export function jwt(app: CreatedApp, change: Record<string, unknown> = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: app.appId, iat: now - 30, exp: now + 540, ...change };
  const head = [{ alg: "RS256", typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${head}.${createSign("RSA-SHA256").update(head).sign(app.privateKeyPem, "base64url")}`;
}

interface Sink {
  server: Server;
  url: string;
  heard: Heard[];
  answerWith(status: number): void;
}

async function startSink(): Promise<Sink> {
  const heard: Heard[] = [];
  let status = 200;
  const server = createServer((req, res) => {
    void text(req).then((raw) => {
      const body = JSON.parse(raw) as Record<string, never>;
      const event = String(req.headers["x-github-event"]);
      heard.push({ event, action: body["action"], headers: req.headers, raw, body });
      res.writeHead(status).end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    server,
    url: `http://127.0.0.1:${port}/hooks`,
    heard,
    answerWith: (next) => {
      status = next;
    },
  };
}

/** The refusal of a request: its status and message. */
export async function refusal(
  request: Promise<unknown>,
): Promise<{ status: number; message: string; headers: Record<string, string> }> {
  try {
    await request;
  } catch (error) {
    const failed = error as {
      status: number;
      message: string;
      response?: { headers: Record<string, string>; data: { message: string } };
    };
    const message = failed.response?.data.message ?? failed.message;
    return { status: failed.status, message, headers: failed.response?.headers ?? {} };
  }
  throw new Error("The request was to be refused, but it was answered.");
}
