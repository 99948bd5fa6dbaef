import { createServer, type Server } from "node:http";
import { Quota } from "./commands/quota.ts";
import { UserError } from "./domain/failure.ts";
import type { Connection } from "./github/connect.ts";
import { assignRun, inRequestScope } from "./github/request-count.ts";
import { sanitize } from "./github/sanitize.ts";
import type { createLogger } from "./log.ts";
import type { RunControl } from "./ports/control.ts";
import type { Settings } from "./settings.ts";
import type { Storage } from "./storage.ts";
import { serveHealth } from "./web/health.ts";
import { SERVER_LIMITS } from "./webhooks/ingress.ts";
import { openWebhooks } from "./webhooks/open.ts";

export interface RunningServer {
  readonly url: string;
  /** Takes nothing new, finishes what is under way. */
  close(): Promise<void>;
}

interface Parts {
  readonly settings: Settings;
  readonly storage: Storage;
  readonly connection: Connection;
  readonly control: RunControl;
  readonly owner: string;
  readonly log: ReturnType<typeof createLogger>;
}

/** The app's one door: webhooks and health. Everything else is 404, in every start mode. */
export async function startServer(parts: Parts): Promise<RunningServer> {
  const { settings, storage } = parts;
  const webhooks = await openWebhooks({
    app: settings.app,
    secrets: settings.app.webhookSecrets,
    apiUrl: settings.github.apiUrl,
    deliveries: storage.deliveries,
    commands: commandPorts(parts),
    pino: parts.log.pino,
    around: (work) => inRequestScope({ counts: storage.counts }, work),
  });
  async function database(): Promise<void> {
    await storage.database.pool.query("select 1");
  }
  const server = createServer(SERVER_LIMITS, (request, response) => {
    const served = webhooks
      .ingress(request, response)
      .then((taken) => taken || serveHealth(request, response, { database }));
    served.then(
      (taken) => {
        if (!taken) response.writeHead(404).end();
      },
      () => {
        if (!response.headersSent) response.writeHead(500).end();
      },
    );
  });
  const url = await listening(server, settings.server);
  await webhooks.start();
  return {
    url,
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
      await webhooks.close();
    },
  };
}

function commandPorts({
  settings,
  connection,
  control,
  owner,
  log,
}: Parts): Parameters<typeof openWebhooks>[0]["commands"] {
  const allowed = settings.app.allowedOwners ?? [owner.toLowerCase()];
  return {
    github: connection.github,
    control,
    log,
    appId: settings.app.id,
    orchestrators: settings.orchestrators,
    servesOwner: (login) => allowed.includes(login.toLowerCase()),
    quota: new Quota(),
    clean: (text) => sanitize(text).text,
    onStarted: assignRun,
  };
}

async function listening(server: Server, { host, port }: Settings["server"]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, host, () => resolve());
  try {
    await promise;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      code === "EADDRINUSE"
        ? `Port ${port} on ${host} is in use: set PORT to another one.`
        : `Cannot listen on ${host}:${port} (${code}): check HOST and PORT.`,
    );
  }
  const address = server.address();
  const bound = typeof address === "object" && address ? address.port : port;
  return `http://${host.includes(":") ? `[${host}]` : host}:${bound}`;
}
