import { mkdir } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { mintUserToken } from "./auth/tokens.ts";
import type { Hub } from "./context.ts";
import { buildCompleter } from "./description/complete.ts";
import { loadDescription } from "./description/load.ts";
import { buildRouter, type Router } from "./description/route.ts";
import { buildValidator, type Validator } from "./description/validate.ts";
import { checkGit } from "./git/version.ts";
import { Faults } from "./http/faults.ts";
import { Journal } from "./http/journal.ts";
import { RateLimits } from "./http/rate-limit.ts";
import { route, type Servers } from "./http/server.ts";
import type { LocalGitHub, LocalGitHubOptions } from "./hub.ts";
import { Locks } from "./locks.ts";
import { HANDLERS } from "./ops/handlers.ts";
import { outsideOf } from "./outside.ts";
import { Autosave } from "./store/autosave.ts";
import { restoreSnapshot, saveSnapshot } from "./store/snapshot.ts";
import { Store } from "./store/store.ts";
import { WebhookEngine } from "./webhooks/engine.ts";

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// Made once per process: they depend on nothing but the description.
let shared: { router: Router; validator: Validator } | undefined;

/**
 * Starts a local GitHub on a loopback port. Rejects with a one-sentence error when git is missing or too
 * old, the data directory cannot be written, or the port is taken.
 */
export async function createLocalGitHub(options: LocalGitHubOptions): Promise<LocalGitHub> {
  const dataDir = resolve(options.dataDir);
  await makeDirectory(join(dataDir, "repositories"));
  const path = options.path ?? DEFAULT_PATH;
  await checkGit({ path, home: dataDir, answers: new Map() });
  const autosave = options.persist === true ? new Autosave(() => saveSnapshot(hub)) : undefined;
  const place = { dataDir, path, changed: () => autosave?.changed() };
  const { hub, webhooks } = buildHub(options, place);
  if (autosave !== undefined) await restoreSnapshot(hub);
  const servers = buildServers(hub, options);
  const server = createServer((req, res) => {
    if (req.method !== "GET") autosave?.changed();
    route(servers, req, res).catch((error: unknown) => {
      res.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  hub.url = await listen(server, options);
  const outside: LocalGitHub = outsideOf({
    hub,
    webhooks,
    servers,
    newUserToken: (accountId) => mintUserToken(hub, accountId).value,
    save: () => saveSnapshot(hub),
    close: async () => {
      await webhooks.close();
      await stop(server);
      await autosave?.end();
    },
  });
  servers.outside = () => outside;
  return outside;
}

async function makeDirectory(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Error(`Make ${dir}: ${reason}; choose a data directory that can be written.`, {
      cause: error,
    });
  }
}

function buildHub(
  options: LocalGitHubOptions,
  place: { dataDir: string; path: string; changed: () => void },
): { hub: Hub; webhooks: WebhookEngine } {
  const hub: Hub = {
    url: "",
    dataDir: place.dataDir,
    host: { path: place.path, home: place.dataDir, answers: new Map() },
    store: new Store(),
    limits: {
      perHour: 5000,
      anonymousPerHour: 60,
      contentPerMinute: null,
      contentPerHour: null,
      ...options.limits,
    },
    tokenForm: options.tokenForm ?? "short",
    completer: buildCompleter(loadDescription()),
    locks: new Locks(),
    refs: new Map(),
    now: options.now ?? Date.now,
    emit: (emission) => {
      place.changed();
      webhooks.emit(emission);
    },
    redeliver: (deliveryId) => void webhooks.redeliver(deliveryId),
  };
  const webhooks = new WebhookEngine(hub);
  return { hub, webhooks };
}

function buildServers(hub: Hub, options: LocalGitHubOptions): Servers {
  const description = loadDescription();
  shared ??= { router: buildRouter(description), validator: buildValidator(description) };
  const limits = new RateLimits(hub);
  return {
    hub,
    api: { hub, description, ...shared, handlers: HANDLERS, limits },
    faults: new Faults(),
    journal: new Journal(),
    pages: options.pages,
    outside: () => {
      throw new Error("Show the hub to its pages: it is not listening yet.");
    },
  };
}

async function listen(server: Server, options: LocalGitHubOptions): Promise<string> {
  const host = options.host ?? "127.0.0.1";
  const port = options.port ?? 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "EADDRINUSE" ? "another program uses it" : String(error.code);
      reject(new Error(`Listen on port ${port}: ${reason}; choose another with --port.`));
    });
    server.listen(port, host, resolve);
  });
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
