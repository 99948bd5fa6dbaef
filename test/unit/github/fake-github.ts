/** A GitHub that remembers, behind `fetch`: enough of it to lose answers, lag, refuse and limit on purpose. */
import { generateKeyPairSync, verify } from "node:crypto";
import { RepoRef } from "../../../src/domain/ids.ts";
import { Secret } from "../../../src/domain/secret.ts";
import {
  MemoryEffects,
  MemoryIssuedTokens,
  MemoryRequestCounts,
} from "../../../src/engine/memory/records.ts";
import type { Clock } from "../../../src/github/clock.ts";
import { type Connection, connect } from "../../../src/github/connect.ts";

export const APP_ID = 7;
export const repo: RepoRef = RepoRef.parse({
  id: 42,
  owner: "acme",
  name: "shop",
  installationId: 5,
});

const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const app = {
  id: APP_ID,
  privateKey: new Secret(keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString()),
};

export class FakeClock implements Clock {
  at = Date.parse("2026-11-23T10:00:00Z");
  readonly slept: number[] = [];

  now(): number {
    return this.at;
  }

  async sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    this.at += ms;
  }
}

export interface Entry {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
  readonly at: number;
  readonly headers: Headers;
}

/** What happens in place of (`before`), or after, the normal effect of the next matching request. */
export interface Fault {
  readonly on: string;
  readonly when: "before" | "after";
  readonly answer:
    | "reset"
    | "cut"
    | { status: number; headers?: Record<string, string>; body?: unknown };
  times?: number;
}

interface Thing {
  id: number;
  [field: string]: unknown;
}

type Reply = { status: number; body?: unknown; headers?: Record<string, string> };

const MINT = "/app/installations/5/access_tokens";
const REPO = "/repos/acme/shop";

export class FakeGitHub {
  readonly journal: Entry[] = [];
  readonly faults: Fault[] = [];
  readonly comments: Thing[] = [];
  readonly pulls: (Thing & { number: number })[] = [];
  readonly checks: Thing[] = [];
  readonly tokens = new Set<string>();
  readonly permissions = new Map<string, unknown>();
  readonly clock = new FakeClock();
  /** List answers show only what is older than this. */
  lagMs = 0;
  tokenText = (n: number): string => `ghs_secretTokenNumber${String(n).padStart(19, "0")}`;
  #next = 100;
  #minted = 0;

  fetch: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const method = init?.method ?? "GET";
    const body = init?.body ? (JSON.parse(init.body as string) as Record<string, unknown>) : {};
    const path = url.pathname + url.search;
    const headers = new Headers(init?.headers);
    this.journal.push({ method, path, body, at: this.clock.now(), headers });
    const fault = this.#fault(`${method} ${path}`);
    const reply =
      fault?.when === "before"
        ? { status: 0 }
        : this.#serve({ method, path: url.pathname, body, headers });
    if (fault === undefined) return json(reply);
    if (fault.answer === "reset")
      throw new TypeError("fetch failed", { cause: new Error("ECONNRESET") });
    if (fault.answer === "cut")
      return new Response('{"id": 1', {
        status: 201,
        headers: { "content-type": "application/json" },
      });
    return json({ body: { message: "fault" }, ...fault.answer });
  };

  /** Requests, tokens aside, as `METHOD /path`. */
  sent(method = ""): string[] {
    return this.journal
      .filter(
        (entry) =>
          !/access_tokens|installation\/token/.test(entry.path) && entry.method.startsWith(method),
      )
      .map((entry) => `${entry.method} ${entry.path}`);
  }

  #fault(request: string): Fault | undefined {
    const index = this.faults.findIndex(({ on }) => request.includes(on));
    const fault = this.faults[index];
    if (fault === undefined) return undefined;
    fault.times = (fault.times ?? 1) - 1;
    if (fault.times <= 0) this.faults.splice(index, 1);
    return fault;
  }

  #serve(request: {
    method: string;
    path: string;
    body: Record<string, unknown>;
    headers: Headers;
  }): Reply {
    const token = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
    if (request.path === MINT || request.path === "/app")
      return isJwt(token) ? this.#asApp(request) : unauthorised();
    if (!this.tokens.has(token)) return unauthorised();
    if (request.path === "/installation/token") {
      this.tokens.delete(token);
      return { status: 204 };
    }
    return this.#asInstallation(request);
  }

  #asApp({ path }: { path: string }): Reply {
    if (path === "/app")
      return { status: 200, body: { id: APP_ID, slug: "orchestrate", owner: { login: "acme" } } };
    this.#minted += 1;
    const token = this.tokenText(this.#minted);
    this.tokens.add(token);
    const expires = new Date(this.clock.now() + 3_600_000).toISOString();
    return { status: 201, body: { token, expires_at: expires } };
  }

  #asInstallation(request: { method: string; path: string; body: Record<string, unknown> }): Reply {
    const { method, path, body } = request;
    const key = `${method} ${path.replace(REPO, "").replace(/\/\d+/g, "/N")}`;
    const id = Number(/\/(\d+)$/.exec(path)?.[1] ?? /\/(\d+)\//.exec(path)?.[1]);
    switch (key) {
      case "GET /issues/N/comments":
        return { status: 200, body: this.#visible(this.comments) };
      case "POST /issues/N/comments":
        return { status: 201, body: this.addComment(String(body["body"]), APP_ID) };
      case "PATCH /issues/comments/N":
        return change(this.comments, id, body);
      case "POST /issues/comments/N/reactions":
        return { status: 201, body: { id: 1 } };
      case "GET /pulls":
        return {
          status: 200,
          body: this.#visible(this.pulls.filter((pull) => pull["state"] === "open")),
        };
      case "POST /pulls":
        return this.#openPull(body);
      case "GET /pulls/N":
        return one(this.pulls.find((pull) => pull.number === id));
      case "PATCH /pulls/N":
        return change(this.pulls, this.pulls.find((pull) => pull.number === id)?.id ?? 0, body);
      case "GET /commits/" + "a".repeat(40) + "/check-runs":
        return { status: 200, body: { check_runs: this.#visible(this.checks) } };
      case "POST /check-runs":
        this.checks.push({
          ...body,
          id: ++this.#next,
          app: { id: APP_ID },
          made: this.clock.now(),
        });
        return { status: 201, body: this.checks.at(-1) };
      case "PATCH /check-runs/N":
        return change(this.checks, id, body);
      case "POST /graphql":
        for (const pull of this.pulls) pull["draft"] = false;
        return { status: 200, body: { data: {} } };
      default:
        return this.#people(path) ?? { status: 404, body: { message: "Not Found" } };
    }
  }

  #people(path: string): Reply | undefined {
    const login = /\/collaborators\/([^/]+)\/permission$/.exec(path)?.[1];
    if (path.endsWith("/requested_reviewers")) return { status: 201, body: {} };
    if (login === undefined || !this.permissions.has(login)) return undefined;
    return { status: 200, body: this.permissions.get(login) };
  }

  #openPull(body: Record<string, unknown>): Reply {
    const head = String(body["head"]);
    if (this.pulls.some((pull) => (pull["head"] as { ref: string }).ref === head)) {
      const message = "Validation Failed";
      return {
        status: 422,
        body: { message, errors: [{ message: `A pull request already exists for acme:${head}.` }] },
      };
    }
    const id = ++this.#next;
    const pull = {
      ...body,
      id,
      number: id,
      state: "open",
      html_url: `https://x/pull/${id}`,
      node_id: `PR_${id}`,
      made: this.clock.now(),
      head: { ref: head, sha: "a".repeat(40) },
      base: { ref: body["base"] },
    };
    this.pulls.push(pull);
    return { status: 201, body: pull };
  }

  addComment(body: string, appId: number | undefined): Thing {
    const id = ++this.#next;
    const via = appId === undefined ? null : { id: appId };
    const comment = {
      id,
      body,
      html_url: `https://x/c/${id}`,
      performed_via_github_app: via,
      made: this.clock.now(),
    };
    this.comments.push(comment);
    return comment;
  }

  #visible(things: readonly Thing[]): Thing[] {
    return things.filter(({ made }) => Number(made ?? 0) <= this.clock.now() - this.lagMs);
  }
}

function change(things: Thing[], id: number, fields: Record<string, unknown>): Reply {
  const thing = things.find((candidate) => candidate.id === id);
  if (thing) Object.assign(thing, fields);
  return one(thing);
}

function one(thing: Thing | undefined): Reply {
  return thing ? { status: 200, body: thing } : { status: 404, body: { message: "Not Found" } };
}

function unauthorised(): Reply {
  return { status: 401, body: { message: "Bad credentials" } };
}

function json({ status, body, headers }: Reply): Response {
  if (status === 204) return new Response(null, { status });
  return new Response(JSON.stringify(body ?? {}), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
}

function isJwt(token: string): boolean {
  const [head, claims, signature] = token.split(".");
  const data = Buffer.from(`${head}.${claims}`);
  return verify("RSA-SHA256", data, keys.publicKey, Buffer.from(signature ?? "", "base64url"));
}

export interface Bench extends Connection {
  readonly fake: FakeGitHub;
  readonly effects: MemoryEffects;
  readonly counts: MemoryRequestCounts;
  readonly issued: MemoryIssuedTokens;
  /** The same world after a restart: stores and GitHub stay, memory is gone. */
  readonly restarted: () => Connection;
}

export function bench(more: { contentPerRun?: number } = {}): Bench {
  const fake = new FakeGitHub();
  const stores = {
    effects: new MemoryEffects(),
    counts: new MemoryRequestCounts(),
    issued: new MemoryIssuedTokens(),
  };
  const log = { info() {}, warn() {}, error() {} };
  const client = { apiUrl: "https://api.test", fetch: fake.fetch, clock: fake.clock, log };
  function restarted(): Connection {
    return connect({ app, client, secrets: [], ...stores, ...more });
  }
  return { fake, ...stores, restarted, ...restarted() };
}
