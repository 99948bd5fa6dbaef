import { type ChildProcess, spawn } from "node:child_process";
import { open, readFile, stat } from "node:fs/promises";
import { Client } from "pg";
import { UserError } from "../../domain/failure.ts";
import { type Binaries, lastLine } from "./binaries.ts";
import { DATABASE_USER } from "./cluster.ts";
import { type Layout, makeSocketDirectory } from "./layout.ts";
import { type Postmaster, runningPostmaster } from "./postmaster-file.ts";
import { environmentOf, guard, isAlive } from "./process.ts";

/** A server under guard: it stops when we say so and when we die. */
export interface Server {
  readonly adopted: boolean;
  readonly socketDirectory: string;
  /** Resolves when the server is gone, for whatever reason. */
  readonly gone: Promise<void>;
  /** Asks for a fast shutdown; `gone` tells when it is done. */
  stop(): void;
}

/** Stops a server that is not our child when the pipe from us closes. Its id may have been reused by then. */
const GUARD_ADOPTED = `cat >/dev/null
grep -aq postgres "/proc/$1/cmdline" && kill -INT "$1"`;

const SETTINGS = {
  listen_addresses: "",
  unix_socket_permissions: "0700",
  max_connections: "100",
  max_wal_size: "256MB",
  wal_level: "minimal",
  max_wal_senders: "0",
  jit: "off",
  log_timezone: "UTC",
  TimeZone: "UTC",
};

const ADOPTION_GRACE_MS = 400;
const START_LIMIT_MS = 60_000;
const LOG_LIMIT_BYTES = 4_000_000;
/** What PostgreSQL says for a moment after its predecessor was killed. */
const PASSING = /lock file "[^"]*" already exists|pre-existing shared memory block/;

/** Adopts the server that a dead predecessor left on the cluster, or starts one. Ready for connections when it resolves. */
export async function bringUp(layout: Layout, binaries: Binaries): Promise<Server> {
  const orphan = await lastingOrphan(layout);
  if (orphan) return adopt(orphan, binaries);
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    const server = await start(layout, binaries);
    if (await becomesReady(server, deadline)) return server;
    const said = await tailOfLog(layout);
    if (!PASSING.test(said) || Date.now() > deadline) {
      server.stop();
      await server.gone;
      throw new UserError(
        `PostgreSQL does not start on ${layout.cluster} (${lastLine(said)}): see ${layout.log}, or set DATABASE_URL.`,
      );
    }
    await pause(100);
  }
}

/** A server without an owner is usually stopping: its guard needs some 30 ms. One that stays can be adopted. */
async function lastingOrphan(layout: Layout): Promise<Postmaster | undefined> {
  const deadline = Date.now() + ADOPTION_GRACE_MS;
  let orphan = await runningPostmaster(layout.cluster);
  while (orphan && Date.now() < deadline) {
    await pause(10);
    orphan = await runningPostmaster(layout.cluster);
  }
  if (!orphan) return undefined;
  return (await accepts(orphan.socketDirectory)) ? orphan : stopOrphan(orphan);
}

/** An orphan that takes no connections is of no use: it is stopped, by force in the end. */
async function stopOrphan(orphan: Postmaster): Promise<undefined> {
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    if (isAlive(orphan.pid)) process.kill(orphan.pid, signal);
    const deadline = Date.now() + 3_000;
    while (isAlive(orphan.pid) && Date.now() < deadline) await pause(20);
  }
  return undefined;
}

async function start(layout: Layout, binaries: Binaries): Promise<Server> {
  const socketDirectory = await makeSocketDirectory(layout, binaries.launching.account);
  const settings = { ...SETTINGS, unix_socket_directories: socketDirectory };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const known = await stat(layout.log).catch(() => undefined);
  const log = await open(layout.log, (known?.size ?? 0) > LOG_LIMIT_BYTES ? "w" : "a", 0o600);
  try {
    const command = [binaries.postgres, "-D", layout.cluster, ...options];
    const guarded = guard(command, binaries.launching, ["pipe", log.fd, log.fd]);
    return { adopted: false, socketDirectory, ...watched(guarded) };
  } finally {
    await log.close();
  }
}

function adopt(orphan: Postmaster, binaries: Binaries): Server {
  const watcher = spawn("sh", ["-c", GUARD_ADOPTED, "guard", String(orphan.pid)], {
    cwd: binaries.launching.cwd,
    env: environmentOf(binaries.launching),
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    ...binaries.launching.account.as,
  });
  const { stop } = watched(watcher);
  const watch = watchProcess(orphan.pid);
  return {
    adopted: true,
    socketDirectory: orphan.socketDirectory,
    gone: watch.gone,
    stop: () => {
      watch.ref();
      stop();
    },
  };
}

function watched(child: ChildProcess): Pick<Server, "gone" | "stop"> {
  child.unref();
  child.stdin?.on("error", () => {});
  const gone = new Promise<void>((resolve) => {
    child.once("error", () => {
      resolve();
    });
    child.once("exit", () => {
      resolve();
    });
  });
  return {
    gone,
    stop: () => {
      child.ref();
      child.stdin?.end();
    },
  };
}

/** Tells when a process that is not our child ends. Keeps our own process alive only after `ref`. */
function watchProcess(pid: number): { gone: Promise<void>; ref(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setInterval(() => {
    if (isAlive(pid)) return;
    clearInterval(timer);
    resolve();
  }, 50);
  timer.unref();
  return { gone: promise, ref: () => timer.ref() };
}

async function becomesReady(server: Server, deadline: number): Promise<boolean> {
  const gone = server.gone.then(() => "gone" as const);
  while (Date.now() < deadline) {
    if (await accepts(server.socketDirectory)) return true;
    if ((await Promise.race([gone, pause(8)])) === "gone") return false;
  }
  return false;
}

async function accepts(host: string): Promise<boolean> {
  const client = new Client({
    host,
    user: DATABASE_USER,
    database: "postgres",
    connectionTimeoutMillis: 2_000,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

async function tailOfLog(layout: Layout): Promise<string> {
  const text = await readFile(layout.log, "utf8").catch(() => "");
  return text.split("\n").slice(-6).join("\n");
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
