import { Octokit } from "@octokit/rest";
import type { WorldError } from "../domain/failure.ts";
import type { Logger } from "../ports/stores.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Answer, type Asked, answerOf, failureOf } from "./errors.ts";
import { EtagCache, type Reply } from "./etag-cache.ts";
import type { InstallationGate } from "./gate.ts";
import { countRequest, kindOf } from "./request-count.ts";

export interface ClientSettings {
  /** Without a trailing slash. */
  readonly apiUrl: string;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly fetch?: typeof fetch;
  /** Milliseconds one request may take; 20 s unless told. */
  readonly timeoutMs?: number;
}

/** Who the client is: `header` gives the Authorization header, `renew` forgets a token that GitHub refused. */
export interface ClientAuth {
  header(): Promise<string>;
  renew?(): void;
}

const READ_ATTEMPTS = 4;
const LIMIT_ATTEMPTS = 3;

/**
 * An Octokit with this app's own policy: reads are repeated with growing pauses, writes never (an unknown outcome is
 * an `UncertainError`), rate limits are obeyed (`LaterError`), a refused token is renewed once, every refusal is a
 * `WorldError`, and requests are counted for their run.
 */
export function createClient(
  settings: ClientSettings,
  auth: ClientAuth,
  gate: InstallationGate,
): Octokit {
  const octokit = new Octokit({
    baseUrl: settings.apiUrl,
    userAgent: "backend-orchestrator",
    log: quiet,
    request: settings.fetch === undefined ? {} : { fetch: settings.fetch },
  });
  const policy = new Policy(settings, auth, gate);
  octokit.hook.wrap("request", async (request, options) => {
    const endpoint = octokit.request.endpoint(
      options as Parameters<typeof octokit.request>[1] & { url: string },
    );
    const path = endpoint.url.startsWith(settings.apiUrl)
      ? endpoint.url.slice(settings.apiUrl.length)
      : endpoint.url;
    return (await policy.send({ method: endpoint.method, path }, async (headers) => {
      // Octokit's hooks below this one see only this very object, so it is changed in place.
      Object.assign(options.headers, { "x-github-api-version": "2022-11-28", ...headers });
      const signal = AbortSignal.timeout(settings.timeoutMs ?? 20_000);
      options.request = { ...options.request, signal };
      return (await request(options)) as Reply;
    })) as never;
  });
  return octokit;
}

function nothing(): void {}
const quiet = { debug: nothing, info: nothing, warn: nothing, error: nothing };

type Send = (headers: Record<string, string>) => Promise<Reply>;
type Verdict = "again" | WorldError;

class Policy {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #auth: ClientAuth;
  readonly #gate: InstallationGate;
  readonly #etags = new EtagCache(300);

  constructor(settings: ClientSettings, auth: ClientAuth, gate: InstallationGate) {
    this.#clock = settings.clock ?? systemClock;
    this.#log = settings.log;
    this.#auth = auth;
    this.#gate = gate;
  }

  async send(asked: Asked, send: Send): Promise<Reply> {
    const write = asked.method !== "GET" && asked.method !== "HEAD";
    return await this.#gate.inTurn(write, async () => await this.#attempts(asked, send, write));
  }

  async #attempts(asked: Asked, send: Send, write: boolean): Promise<Reply> {
    const tries = { reads: 0, limits: 0, tokens: 0 };
    for (;;) {
      await this.#gate.pass(kindOf(asked.method, path(asked)), write);
      const outcome = await this.#once(asked, send);
      if (!("failed" in outcome)) return outcome;
      const verdict = await this.#judge(asked, outcome.failed, tries);
      if (verdict !== "again") throw verdict;
    }
  }

  async #once(asked: Asked, send: Send): Promise<Reply | { readonly failed: Answer }> {
    const cached = asked.method === "GET" ? this.#etags.get(asked.path) : undefined;
    const headers: Record<string, string> = { authorization: await this.#auth.header() };
    if (cached !== undefined) headers["if-none-match"] = cached.etag;
    await countRequest(kindOf(asked.method, path(asked)));
    try {
      const reply = await send(headers);
      if (isCut(reply))
        return { failed: { ...reply, arrived: false, body: "", message: "the answer was cut" } };
      this.#gate.accepted(reply.headers);
      if (asked.method === "GET") this.#etags.put(asked.path, reply);
      return reply;
    } catch (error) {
      const answer = answerOf(error);
      if (answer === undefined) throw error;
      if (answer.status === 304 && cached !== undefined) {
        this.#gate.accepted(answer.headers);
        return cached.reply();
      }
      return { failed: answer };
    }
  }

  async #judge(
    asked: Asked,
    answer: Answer,
    tries: { reads: number; limits: number; tokens: number },
  ): Promise<Verdict> {
    if (answer.arrived && this.#gate.limited(answer)) {
      tries.limits += 1;
      this.#log.warn({ ...asked, status: answer.status }, "GitHub limits our requests");
      return tries.limits < LIMIT_ATTEMPTS ? "again" : this.#gate.limitedError();
    }
    if (answer.arrived && answer.status === 401 && this.#auth.renew && tries.tokens === 0) {
      tries.tokens += 1;
      this.#auth.renew();
      return "again";
    }
    const failure = failureOf(asked, answer);
    const repeatable = asked.method === "GET" && failure.failureClass === "retry";
    tries.reads += 1;
    if (!repeatable || tries.reads >= READ_ATTEMPTS) return failure;
    this.#log.warn({ ...asked, status: answer.status, attempt: tries.reads }, "Reading again");
    await this.#clock.sleep(500 * 3 ** (tries.reads - 1));
    return "again";
  }
}

function path(asked: Asked): string {
  return asked.path.split("?")[0] ?? asked.path;
}

/** A JSON answer that did not parse was cut on its way. */
function isCut(reply: Reply): boolean {
  const type = String(reply.headers["content-type"] ?? "");
  return typeof reply.data === "string" && /^application\/(?:json|.*\+json)/.test(type);
}
