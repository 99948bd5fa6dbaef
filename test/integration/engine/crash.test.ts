import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { AppProcess, effectsIn, processesNaming, testFolder, until } from "./app-process.ts";

const ROUNDS = process.env["FULL"] === "1" ? 10 : 1;
const NOBODY = { uid: 65_534, gid: 65_534 };
const IS_ROOT = process.getuid?.() === 0;

/** Who runs the app. Root can play both parts where nobody can read this checkout. */
const USERS: readonly { name: string; as: typeof NOBODY | undefined }[] = [
  { name: IS_ROOT ? "root" : "this user", as: undefined },
  ...(IS_ROOT && nobodyCanRead() ? [{ name: "an ordinary user", as: NOBODY }] : []),
];

function nobodyCanRead(): boolean {
  const readable = `test -r '${import.meta.filename}' && test -x '${process.execPath}'`;
  return spawnSync("sh", ["-c", readable], { ...NOBODY, cwd: "/" }).status === 0;
}

interface Folder {
  readonly dataDir: string;
  readonly effects: string;
}

const apps: AppProcess[] = [];
const folders: string[] = [];
const templates = new Map<typeof NOBODY | undefined, Promise<Folder>>();

function makeEmptyFolder(as?: typeof NOBODY): Folder {
  const folder = testFolder(as);
  folders.push(folder);
  return { dataDir: join(folder, "data"), effects: join(folder, "effects") };
}

/** A folder with a data directory that an app has used before: a copy, because making one takes a second. */
async function makeFolder(as?: typeof NOBODY): Promise<Folder> {
  const template = templates.get(as) ?? makeTemplate(as);
  templates.set(as, template);
  const { dataDir } = await template;
  const folder = makeEmptyFolder(as);
  execFileSync("cp", ["-a", dataDir, folder.dataDir]);
  return folder;
}

async function makeTemplate(as?: typeof NOBODY): Promise<Folder> {
  const folder = testFolder(as);
  const options = { dataDir: join(folder, "data"), effects: join(folder, "effects") };
  const app = new AppProcess(options, as);
  await app.ready;
  await app.stop();
  return options;
}

afterAll(async () => {
  for (const template of templates.values()) {
    rmSync(dirname((await template).dataDir), { recursive: true });
  }
});

function startApp(...args: ConstructorParameters<typeof AppProcess>): AppProcess {
  const app = new AppProcess(...args);
  apps.push(app);
  return app;
}

afterEach(async () => {
  for (const app of apps.splice(0)) await app.kill("SIGKILL");
  for (const folder of folders.splice(0)) {
    await until(
      () => processesNaming(folder).length === 0,
      () => `processes of ${folder} are left: ${processesNaming(folder).join()}`,
    );
    rmSync(folder, { recursive: true });
  }
});

function postmasterOf(dataDir: string): number {
  return Number(readFileSync(join(dataDir, "cluster", "postmaster.pid"), "utf8").split("\n")[0]);
}

describe.each(USERS)("as $name", ({ as }) => {
  test("F26: kill -9 in a step and in a wait; nothing finished runs again, the run ends", async () => {
    const folder = await makeFolder(as);
    const first = startApp(folder, as);
    await first.ready;
    await first.call("start", "r", "flow");
    await first.saw("r child begun");
    await first.kill();

    const second = startApp(folder, as);
    const { ms } = await second.ready;
    expect(ms).toBeLessThan(4_000);
    const readyAt = performance.now();
    await second.saw("r child begun");
    expect(performance.now() - readyAt).toBeLessThan(2_000);
    await second.call("open");
    await second.saw("r waits");
    await second.kill();

    const third = startApp(folder, as);
    await third.ready;
    await third.call("send", "r", "blue", "guid-1");
    await third.call("send", "r", "red", "guid-1");
    expect(await third.call("ended", "r")).toBe("succeeded");
    expect(effectsIn(folder.effects)).toEqual([
      "r first",
      "r child begun",
      "r child begun",
      "r child done",
      "r got from the child",
      "r waits",
      "r waits",
      "r answered blue",
    ]);
    await third.stop();
    expect(processesNaming(folder.dataDir)).toEqual([]);
  });
});

describe("the embedded server", () => {
  test("F31: kill -9 of PostgreSQL under a live app; it comes back and work goes on", async () => {
    const folder = await makeFolder();
    const app = startApp(folder);
    await app.ready;
    await app.call("start", "r", "flow");
    await app.saw("r child begun");
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = postmasterOf(folder.dataDir);
      process.kill(before, "SIGKILL");
      await until(
        () =>
          readdirSync(join(folder.dataDir, "cluster")).includes("postmaster.pid") &&
          postmasterOf(folder.dataDir) !== before,
        () => "PostgreSQL did not come back",
      );
    }
    await app.call("open");
    await app.saw("r waits");
    await app.call("send", "r", "blue", "guid-1");
    expect(await app.call("ended", "r")).toBe("succeeded");
    expect(effectsIn(folder.effects).filter((line) => line === "r child begun")).toHaveLength(1);
    const logged = await app.stop();
    expect(logged.filter((line) => line.includes("stopped unexpectedly"))).toHaveLength(ROUNDS);
    expect(logged.length).toBeLessThan(40 + 20 * ROUNDS);
  });

  test("F32: every connection cut, the listening one too; a message still arrives", async () => {
    const folder = await makeFolder();
    const app = startApp(folder);
    const { connection } = await app.ready;
    await app.call("start", "r", "flow");
    await app.saw("r child begun");
    await app.call("open");
    await app.saw("r waits");
    const client = new Client(connection);
    await client.connect();
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'",
    );
    await client.end();
    const sentAt = performance.now();
    await app.call("send", "r", "blue", "guid-1");
    expect(await app.call("ended", "r")).toBe("succeeded");
    expect(performance.now() - sentAt).toBeLessThan(12_000);
    await app.stop();
  });

  test("stops when the app is killed, and the next app starts on it within a second", async () => {
    const folder = await makeFolder();
    const first = startApp(folder);
    await first.ready;
    const killedAt = performance.now();
    await first.kill();
    await until(
      () => processesNaming(folder.dataDir).length === 0,
      () => "PostgreSQL outlives its app",
    );
    expect(performance.now() - killedAt).toBeLessThan(2_000);
    const second = startApp(folder);
    const { ms, adopted } = await second.ready;
    expect(adopted).toBe(false);
    expect(ms).toBeLessThan(2_000);
    await second.stop();
  });

  test("is adopted when the app was killed together with its guards", async () => {
    const folder = await makeFolder();
    const first = startApp(folder);
    await first.ready;
    const postmaster = postmasterOf(folder.dataDir);
    await first.call("start", "r", "flow");
    await first.saw("r child begun");
    // The guard's shell and its watcher are the processes that name the directory and are not PostgreSQL. The watcher,
    // the later one, goes first: an app that notices its guard's end would let it stop the server.
    for (const pid of processesNaming(folder.dataDir).toReversed()) {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      if (command.startsWith("sh\0")) process.kill(pid, "SIGKILL");
    }
    await first.kill();
    const second = startApp(folder);
    const { adopted } = await second.ready;
    expect(adopted).toBe(true);
    expect(postmasterOf(folder.dataDir)).toBe(postmaster);
    await second.call("open");
    await second.saw("r waits");
    await second.stop();
    expect(processesNaming(folder.dataDir)).toEqual([]);
  });

  test.each(["with initdb", "alone"])(
    "survives a kill of the app %s in the middle of initdb",
    async (how) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const folder = makeEmptyFolder();
        const first = startApp(folder);
        await until(
          () => processesNaming("/bin/initdb").some((pid) => isUnder(pid, folder.dataDir)),
          () => "initdb was not seen",
        );
        const initdb = processesNaming(`--pgdata=${folder.dataDir}`);
        await first.kill();
        for (const pid of how === "alone" ? [] : initdb) killQuietly(pid);
        const second = startApp(folder);
        await second.ready;
        await second.call("start", "r", "brief");
        expect(await second.call("ended", "r")).toBe("succeeded");
        expect(readdirSync(folder.dataDir).filter((name) => name.startsWith("initdb"))).toEqual([]);
        await second.stop();
      }
    },
  );

  test("F45: a second app on the same directory is refused in one sentence", async () => {
    const folder = await makeFolder();
    const first = startApp(folder);
    await first.ready;
    const second = startApp(folder);
    await expect(second.ready).rejects.toThrow(
      new RegExp(
        `^The data directory ${folder.dataDir} is in use by process ${first.child.pid}: stop that process, choose another directory or set DATABASE_URL\\.$`,
      ),
    );
    await first.call("start", "r", "brief");
    expect(await first.call("ended", "r")).toBe("succeeded");
    await first.stop();
  });
});

function isUnder(pid: number, text: string): boolean {
  return processesNaming(text).includes(pid);
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
