import { chmod, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Usage } from "../../domain/run/ledger-event.ts";
import type { Endpoint } from "../egress/egress.ts";
import { EgressProxy } from "./egress-route.ts";
import { refuse } from "./http.ts";
import { type Budget, Meter } from "./meter.ts";
import { type ModelAccount, upstreamUrl, wireFacts } from "./provider.ts";
import { gatewayPlace } from "./sweep.ts";
import { callModel, type ModelCalls } from "./upstream.ts";
import { NO_USAGE } from "./usage.ts";

/** What one gateway offers; whatever is absent is refused. */
export interface GatewayOptions {
  /** Model calls, at `/model/...`. */
  readonly model?: { readonly account: ModelAccount; readonly budget: Budget };
  /** The MCP server of the dispatch, at `/mcp`. */
  readonly mcp?: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Hosts and ports that may be reached through it as an HTTP proxy. */
  readonly egress?: readonly Endpoint[];
  readonly onUsage?: (usage: Usage) => void;
  /** Called whenever something passes through, so that a silent agent can be told from a busy one. */
  readonly onActivity?: () => void;
}

/** What was refused. */
export interface Denied {
  /** Model calls refused because the budget was spent. */
  readonly budget: number;
  /** The sentence of the last such refusal. */
  readonly budgetReason?: string;
  readonly egress: number;
  /** The first addresses that were refused, as asked for. */
  readonly targets: readonly string[];
}

export interface Gateway {
  /** The unix socket to bind into the jail: the only way out of it. Only its owner may use it; the jail takes it over. */
  readonly socketPath: string;
  usage(): Usage;
  denied(): Denied;
  /** Why the last model call failed; undefined while all succeeded. Never holds the key. */
  lastFailure(): string | undefined;
  /** Ends every connection and removes the socket. */
  close(): Promise<void>;
}

const MAX_TARGETS = 20;

/** Opens the gateway of one dispatch (or, without `model` and `mcp`, of one set-up command) on a socket of its own. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const log = new DenialLog();
  const egress = new EgressProxy(options.egress ?? [], (target) => log.egress(target));
  const calls = options.model && modelCalls(options.model, options, log);
  const server = createServer((request, response) => {
    options.onActivity?.();
    route({ options, egress, calls }, request, response).catch((error: unknown) => {
      refuse(response, 502, error instanceof Error ? error.message : "The gateway failed.");
    });
  });
  server.on("connect", (request, socket, head) => {
    options.onActivity?.();
    egress.tunnel(request, socket, head);
  });
  const { dir, socketPath } = await gatewayPlace();
  await listen(server, socketPath);
  await chmod(socketPath, 0o600);
  return {
    socketPath,
    usage: () => calls?.meter.usage ?? NO_USAGE,
    denied: () => log.denied(),
    lastFailure: () => log.lastFailure,
    close: async () => {
      egress.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function route(
  parts: { options: GatewayOptions; egress: EgressProxy; calls: ModelCalls | undefined },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? "/";
  if (!url.startsWith("/")) {
    parts.egress.forward(request, response);
    return;
  }
  const { pathname } = new URL(url, "http://inside");
  if (pathname === "/mcp" && parts.options.mcp) {
    await parts.options.mcp(request, response);
  } else if (pathname.startsWith("/model/") && parts.calls) {
    await callModel(parts.calls, url.slice("/model".length), { request, response });
  } else {
    refuse(response, 403, `Not allowed: there is nothing at ${pathname.slice(0, 200)} here.`);
  }
}

function modelCalls(
  model: { readonly account: ModelAccount; readonly budget: Budget },
  options: GatewayOptions,
  log: DenialLog,
): ModelCalls {
  const { account, budget } = model;
  const id = wireFacts(account.provider).priceId;
  const meter = new Meter(budget, { baseUrl: upstreamUrl(account), ...(id && { id }) });
  return {
    account,
    meter,
    overBudget: (reason) => log.budget(reason),
    failed: (message) => {
      log.lastFailure = message;
    },
    counted: () => {
      log.lastFailure = undefined;
      options.onUsage?.(meter.usage);
    },
    active: () => options.onActivity?.(),
  };
}

class DenialLog {
  lastFailure: string | undefined;
  #budget = 0;
  #budgetReason: string | undefined;
  #egress = 0;
  readonly #targets = new Set<string>();

  budget(reason: string): void {
    this.#budget += 1;
    this.#budgetReason = reason;
  }

  egress(target: string): void {
    this.#egress += 1;
    if (this.#targets.size < MAX_TARGETS) this.#targets.add(target.slice(0, 200));
  }

  denied(): Denied {
    return {
      budget: this.#budget,
      egress: this.#egress,
      targets: [...this.#targets],
      ...(this.#budgetReason !== undefined && { budgetReason: this.#budgetReason }),
    };
  }
}

function listen(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, resolve);
  });
}
