import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { PoolConfig } from "pg";
import type { Logger } from "../../ports/stores.ts";
import { accountFor, requireReachable } from "./account.ts";
import { type Binaries, prepareBinaries } from "./binaries.ts";
import { DATABASE_USER, ensureCluster } from "./cluster.ts";
import { type Layout, layoutOf, makeRoot, removeSocketDirectory } from "./layout.ts";
import { lockDirectory } from "./owner-lock.ts";
import { bringUp, type Server } from "./server.ts";

export interface EmbeddedPostgres {
  /** How to connect: by a unix socket that only this user (and root) can reach. */
  readonly connection: PoolConfig;
  /** True when a server that a crashed predecessor left was taken over. */
  readonly adopted: boolean;
  /** Shuts the server down and gives the directory back. */
  stop(): Promise<void>;
}

const RESTART_DELAYS_MS = [0, 200, 1_000, 2_000, 5_000];
const STABLE_MS = 60_000;

/**
 * Starts PostgreSQL 18 for this process alone, on `dataDir` (made if missing; default: under /var/lib for root, else
 * in the user's home). The server is started again if it dies, and stops when this process does, however it dies.
 * Rejects with a `UserError` of one sentence when the directory is in use, unreadable or the platform unsupported.
 */
export async function startEmbeddedPostgres(options: {
  dataDir?: string;
  log: Logger;
}): Promise<EmbeddedPostgres> {
  const layout = layoutOf(resolve(options.dataDir ?? defaultDataDir()));
  await makeRoot(layout.root);
  const unlock = await lockDirectory(layout.root);
  try {
    const account = accountFor(layout.cluster);
    requireReachable(layout.root, account);
    const binaries = await prepareBinaries(layout, account);
    await ensureCluster(layout, binaries);
    const server = await bringUp(layout, binaries);
    const keeper = new Keeper({ layout, binaries, server, log: options.log });
    return {
      connection: { host: server.socketDirectory, user: DATABASE_USER, database: "postgres" },
      adopted: server.adopted,
      stop: async () => {
        await keeper.stop();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

function defaultDataDir(): string {
  return process.getuid?.() === 0
    ? "/var/lib/backend-orchestrator/postgres"
    : join(homedir(), ".local", "share", "backend-orchestrator", "postgres");
}

interface Kept {
  readonly layout: Layout;
  readonly binaries: Binaries;
  readonly server: Server;
  readonly log: Logger;
}

/** Brings the server up again whenever it is gone, until it is told to stop. */
class Keeper {
  readonly #kept: Kept;
  readonly #ended: Promise<void>;
  readonly #asked = Promise.withResolvers<void>();
  #server: Server;
  #stopping = false;

  constructor(kept: Kept) {
    this.#kept = kept;
    this.#server = kept.server;
    this.#ended = this.#keep();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#asked.resolve();
    this.#server.stop();
    await this.#ended;
    await removeSocketDirectory(this.#kept.layout);
  }

  async #keep(): Promise<void> {
    let failures = 0;
    while (!this.#stopping) {
      const since = Date.now();
      await this.#server.gone;
      if (this.#stopping) return;
      failures = Date.now() - since > STABLE_MS ? 0 : failures + 1;
      this.#kept.log.warn({ failures }, "PostgreSQL stopped unexpectedly; starting it again");
      await this.#restart(failures);
    }
    await this.#server.gone;
  }

  async #restart(failures: number): Promise<void> {
    const { layout, binaries, log } = this.#kept;
    for (let attempt = failures; !this.#stopping; attempt += 1) {
      await this.#pause(RESTART_DELAYS_MS[Math.min(attempt, RESTART_DELAYS_MS.length) - 1] ?? 0);
      if (this.#stopping) return;
      try {
        this.#server = await bringUp(layout, binaries);
        if (this.#stopping) this.#server.stop();
        return;
      } catch (error) {
        log.error({ err: error }, "PostgreSQL could not be started again; trying once more");
      }
    }
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    await Promise.race([promise, this.#asked.promise]);
    clearTimeout(timer);
  }
}
