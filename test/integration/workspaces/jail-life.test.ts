import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { isShortage } from "../../../src/domain/failure.ts";
import type { Jail } from "../../../src/ports/jail.ts";
import { openCgroups } from "../../../src/workspaces/cgroups.ts";
import { createJail } from "../../../src/workspaces/jail.ts";
import { findToolchains } from "../../../src/workspaces/toolchains.ts";
import {
  lineOf,
  plainProcesses,
  processesWith,
  runIn,
  spawnIn,
  uniqueSeconds,
  worldOfJail,
} from "./jail-run.ts";
import { hasBubblewrap, PATH, temporaryDirectory } from "./world.ts";

const LEAVERS = [
  ["in the background", (s: string) => `sleep ${s} & echo up; wait`],
  ["by nohup", (s: string) => `nohup sleep ${s} >/dev/null & echo up; wait`],
  ["in a session of its own", (s: string) => `setsid sleep ${s} & echo up; sleep 600`],
  [
    "as a daemon, forked twice",
    (s: string) => `(setsid sh -c 'sleep ${s} & :' >/dev/null 2>&1 &); echo up; sleep 600`,
  ],
  [
    "that ignores SIGTERM and SIGHUP",
    (s: string) =>
      `(trap '' TERM HUP INT; setsid sleep ${s} >/dev/null 2>&1 &) ; trap '' TERM; echo up; sleep 600`,
  ],
] as const;

describe.skipIf(!hasBubblewrap())("how a jail ends (needs bubblewrap)", () => {
  test.each(LEAVERS)(
    "X-06, F38: kill leaves no process that was started %s",
    async (_name, script) => {
      const { jail } = await worldOfJail();
      const seconds = uniqueSeconds();
      const process = await spawnIn(jail, script(seconds));
      process.stdin.end();
      expect(await lineOf(process)).toContain("up");
      expect(processesWith(seconds).length).toBeGreaterThan(0);
      await process.kill();
      expect(processesWith(seconds)).toEqual([]);
      expect((await process.exited).timedOut).toBe(false);
    },
  );

  test("X-06, F38: the end of a command is the end of what it left behind", async () => {
    const { jail } = await worldOfJail();
    const seconds = uniqueSeconds();
    const { code } = await runIn(jail, `(setsid sleep ${seconds} >/dev/null 2>&1 &); exit 7`);
    expect(code).toBe(7);
    expect(processesWith(seconds)).toEqual([]);
  });

  test("X-06: the death of the app is the death of its jails", async () => {
    const { dataDir } = await worldOfJail();
    const seconds = uniqueSeconds();
    const here = import.meta.dirname;
    const program = `
      const { makeJail } = await import(${JSON.stringify(join(here, "jail-child.ts"))});
      const jail = await makeJail(${JSON.stringify(dataDir)});
      const inside = await jail.spawn({ argv: ["sh", "-c", "(setsid sleep ${seconds} >/dev/null 2>&1 &); echo up; sleep ${seconds}"], cwd: "/tmp", env: {}, writable: [], readable: [], wallMs: 60000 });
      inside.stdout.once("data", () => process.kill(process.pid, "SIGKILL"));`;
    expect(() =>
      execFileSync(process.execPath, ["--input-type=module", "-e", program], { stdio: "pipe" }),
    ).toThrow();
    await expect.poll(() => processesWith(seconds), { timeout: 5_000 }).toEqual([]);
  });

  test("X-09: a command that does not end is killed at its wall-clock limit", async () => {
    const { jail } = await worldOfJail();
    const ended = await runIn(jail, "trap '' TERM; sleep 600", { wallMs: 300 });
    expect(ended).toMatchObject({ code: null, signal: "SIGKILL", timedOut: true });
  });

  test("exit codes and signals of the command come out as they are", async () => {
    const { jail } = await worldOfJail();
    expect(await runIn(jail, "exit 3")).toMatchObject({ code: 3, signal: null, timedOut: false });
    expect(await runIn(jail, "kill -SEGV $$")).toMatchObject({ code: 139, timedOut: false });
  });

  test("X-03: a fork bomb stays within its number of processes", async () => {
    const root = temporaryDirectory("bomb");
    const toolchains = { readable: [], path: ["/usr/bin", "/bin"], env: {} };
    const dataDir = join(root, "data");
    const owner = { uid: 60_900, gid: 60_900 };
    const jail = await createJail({
      dataDir,
      toolchains,
      path: PATH,
      maxProcesses: 40,
      unprivileged: owner,
    });
    const { output } = await runIn(
      jail,
      "i=0; while [ $i -lt 100 ]; do sleep 5 & i=$((i+1)); done; echo all",
    );
    expect(output).toMatch(/[Cc]annot fork|fork: /);
  });

  test("X-04: when memory runs out the kernel takes a jailed process first", async () => {
    const { jail } = await worldOfJail();
    const { output } = await runIn(jail, "cat /proc/self/oom_score_adj");
    expect(output).toBe("1000\n");
  });

  test("X-04: what takes more memory than a jail may is ended, and it is told why", async ({
    skip,
  }) => {
    if (!(await canLimit())) return skip("this user may make no control groups on this machine");
    const { jail } = await smallJail();
    const hog = `node -e "const all=[];for(let i=0;i<400;i++)all.push(Buffer.alloc(1e6,1));console.log('had 400 MB')"`;
    // The harness's own limit, in the place of none, so that the machine is in no danger.
    const unguarded = await runIn(plainProcesses(), hog);
    expect(unguarded.output).toContain("had 400 MB");
    const ended = await runIn(jail, hog);
    expect(ended.output).not.toContain("had 400 MB");
    expect(ended).toMatchObject({ code: 137, reached: ["memory"] });
    // The next one begins afresh, and no group is left.
    expect(await runIn(jail, "true")).toEqual(expect.objectContaining({ code: 0, output: "" }));
    expect(groupsLeft()).toEqual([]);
  });

  test("X-04: memory folders count as memory", async ({ skip }) => {
    if (!(await canLimit())) return skip("this user may make no control groups on this machine");
    const { jail } = await smallJail();
    const ended = await runIn(jail, "head -c 500000000 /dev/zero > /dev/shm/x; wc -c < /dev/shm/x");
    expect(ended.output).not.toContain("500000000");
    expect(ended.reached).toEqual(["memory"]);
  });

  test("X-03: one jail's processes are not counted against another's", async ({ skip }) => {
    if (!(await canLimit())) return skip("this user may make no control groups on this machine");
    const { jail } = await smallJail();
    const fork =
      "import os,time\nn=0\nwhile True:\n try:\n  if os.fork()==0: time.sleep(600)\n  n+=1\n except OSError: print('full at',n,flush=True); time.sleep(600)";
    const bomb = await spawnIn(jail, `python3 -c "${fork}"`);
    bomb.stdin.end();
    expect(await lineOf(bomb)).toMatch(/full at 3\d/);
    expect(
      (await runIn(jail, "for i in 1 2 3 4 5; do sleep 0 & done; wait; echo fine")).output,
    ).toBe("fine\n");
    await bomb.kill();
    expect((await bomb.exited).reached).toEqual(["processes"]);
  });

  test("X-05: a file cannot grow past its limit, memory folders neither", async () => {
    const root = temporaryDirectory("full");
    const dataDir = join(root, "data");
    const dir = join(root, "mine");
    mkdirSync(dir);
    const toolchains = { readable: [], path: ["/usr/bin", "/bin"], env: {} };
    const jail = await createJail({
      dataDir,
      toolchains,
      path: PATH,
      maxFileBytes: 1_000_000,
      scratchBytes: 2_000_000,
    });
    const { output } = await runIn(
      jail,
      `head -c 3000000 /dev/zero > ${dir}/big; wc -c < ${dir}/big; for i in 1 2 3; do head -c 900000 /dev/zero > /tmp/$i; done`,
      { writable: [dir] },
    );
    expect(output).toContain("1000000");
    expect(output).toMatch(/No space left/);
  });
});

const SMALL = { memoryBytes: 256 * 1024 * 1024, processes: 40 };

async function canLimit(): Promise<boolean> {
  return (await openCgroups(SMALL)) !== undefined;
}

async function smallJail(): Promise<{ jail: Jail }> {
  const dataDir = join(temporaryDirectory("small"), "data");
  const first = [dirname(process.execPath)];
  const toolchains = await findToolchains({ path: PATH, home: "/nonexistent", first });
  const { memoryBytes, processes: maxProcesses } = SMALL;
  return { jail: await createJail({ dataDir, toolchains, path: PATH, memoryBytes, maxProcesses }) };
}

function groupsLeft(): string[] {
  return ["memory", "pids"].flatMap((name) =>
    readdirSync(`/sys/fs/cgroup/${name}`, { recursive: true })
      .filter((path) => String(path).includes(`orchestrator-${process.pid}-`))
      .map(String),
  );
}

test.skipIf(!hasBubblewrap())(
  "X-05, F35: what fills the disk is ended, and nothing more is begun until there is room",
  async () => {
    const root = temporaryDirectory("full");
    const dir = join(root, "mine");
    mkdirSync(dir);
    const [full, room] = [join(dir, "full"), join(root, "room")];
    const jail = await createJail({
      dataDir: join(root, "data"),
      toolchains: { readable: [], path: ["/usr/bin", "/bin"], env: {} },
      path: PATH,
      keepFreeBytes: 1_000_000,
      freeBytes: async () => (existsSync(full) && !existsSync(room) ? 999_999 : 1_000_000),
    });
    const writes = `head -c 5000000 /dev/zero > ${dir}/big; touch ${full}; sleep 600`;
    const ended = await runIn(jail, writes, { writable: [dir], wallMs: 60_000 });
    expect(ended).toMatchObject({ timedOut: false, reached: ["disk"] });
    const refused: unknown = await runIn(jail, "true").catch((error: unknown) => error);
    expect(isShortage(refused)).toBe(true);
    expect(String(refused)).toMatch(/the disk of .* has 1 MB free and keeps 1 MB/);
    writeFileSync(room, "");
    expect(await runIn(jail, "true")).toMatchObject({ code: 0 });
  },
);

describe("plain processes, for the demo's own script", () => {
  test("X-12: never passes for a jail", async () => {
    expect(await plainProcesses().selfTest()).toMatchObject({ ok: false });
  });

  test.each(LEAVERS)(
    "X-06, F38: kill leaves no process that was started %s",
    async (_name, script) => {
      const seconds = uniqueSeconds();
      const process = await spawnIn(plainProcesses(), script(seconds));
      process.stdin.end();
      expect(await lineOf(process)).toContain("up");
      expect(processesWith(seconds).length).toBeGreaterThan(0);
      await process.kill();
      expect(processesWith(seconds)).toEqual([]);
    },
  );

  test("ends at the wall-clock limit, and with what it left behind", async () => {
    const seconds = uniqueSeconds();
    const late = await runIn(plainProcesses(), `sleep ${seconds}`, { wallMs: 200 });
    expect(late).toMatchObject({ code: null, timedOut: true });
    const { code } = await runIn(
      plainProcesses(),
      `(setsid sleep ${seconds} >/dev/null 2>&1 &); exit 7`,
    );
    expect(code).toBe(7);
    expect(processesWith(seconds)).toEqual([]);
  });
});
