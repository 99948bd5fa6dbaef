import { lchown, lstat } from "node:fs/promises";
import { totalmem } from "node:os";
import { isAbsolute, normalize } from "node:path";
import { WorldError } from "../domain/failure.ts";
import type { Jail, JailExit, JailedProcess, JailSpec } from "../ports/jail.ts";
import { type Bubblewrap, startBubblewrap } from "./bubblewrap.ts";
import { type Cgroup, type Cgroups, openCgroups } from "./cgroups.ts";
import { DiskWatch } from "./disk-watch.ts";
import { type JailView, jailCommand, jailOptions } from "./jail-arguments.ts";
import { detectPower, etcFiles, shownEtc, systemEntries } from "./jail-host.ts";
import { testJail } from "./jail-self-test.ts";
import { type Owner, ownDirectory } from "./own-directory.ts";
import { openPipes } from "./pipes.ts";
import { hasEnded } from "./processes.ts";
import { seccompFilter } from "./seccomp.ts";
import type { Toolchains } from "./toolchains.ts";

export interface JailSettings {
  readonly dataDir: string;
  readonly toolchains: Toolchains;
  /** Program to run; default `bwrap`, found by `path`. */
  readonly binary?: string;
  /** The operator's PATH. */
  readonly path: string;
  /** Whom jailed processes are when we are root; ignored for an ordinary user. Default 60800:60800. */
  readonly unprivileged?: Owner;
  /** Environment of every jailed process beside PATH, HOME and the toolchains', for example certificate paths. */
  readonly env?: Readonly<Record<string, string>>;
  readonly scratchBytes?: number;
  readonly maxFileBytes?: number;
  readonly maxProcesses?: number;
  /** Memory of everything in one jail, its memory folders included; half of the machine's unless told. */
  readonly memoryBytes?: number;
  /** Bytes of the data directory's disk that jails leave free; 1 GiB unless told. */
  readonly keepFreeBytes?: number;
  /** Free bytes of that disk; asked of the system unless given. */
  readonly freeBytes?: (path: string) => Promise<number>;
}

const GIB = 1024 ** 3;
const UNPRIVILEGED: Owner = { uid: 60_800, gid: 60_800 };
const GONE_WITHIN_MS = 10_000;

/** The jail of this machine: bubblewrap, nothing visible that is not named, no network, its own process ids. */
export async function createJail(settings: JailSettings): Promise<Jail> {
  const { toolchains } = settings;
  const owner = settings.unprivileged ?? UNPRIVILEGED;
  const processes = settings.maxProcesses ?? 4_096;
  const memoryBytes = settings.memoryBytes ?? Math.floor(totalmem() / 2);
  const cgroups = await openCgroups({ memoryBytes, processes });
  const power = await detectPower(settings.binary ?? "bwrap", settings.path, owner);
  const view: JailView = {
    power,
    system: await systemEntries(),
    hostEtc: await shownEtc(),
    etc: await etcFiles(await ownDirectory(settings.dataDir, "jail"), power),
    readable: toolchains.readable,
    env: baseEnvironment(settings),
    scratchBytes: settings.scratchBytes ?? 2 * GIB,
    maxFileBytes: settings.maxFileBytes ?? 8 * GIB,
    maxProcesses: cgroups?.limits.includes("processes") ? undefined : processes,
  };
  const disk = new DiskWatch({
    path: settings.dataDir,
    keepFreeBytes: settings.keepFreeBytes ?? GIB,
    ...(settings.freeBytes === undefined ? {} : { free: settings.freeBytes }),
  });
  return new BubblewrapJail(settings, view, { cgroups, disk });
}

interface Bounds {
  readonly cgroups: Cgroups | undefined;
  readonly disk: DiskWatch;
}

class BubblewrapJail implements Jail {
  readonly owner?: Owner;
  readonly ownTemporary = true;
  readonly #settings: JailSettings;
  readonly #view: JailView;
  readonly #bounds: Bounds;

  constructor(settings: JailSettings, view: JailView, bounds: Bounds) {
    this.#settings = settings;
    this.#view = view;
    this.#bounds = bounds;
    if (view.power.kind === "root") this.owner = { uid: view.power.uid, gid: view.power.gid };
  }

  async selfTest(): Promise<{ ok: true } | { ok: false; reason: string }> {
    return await testJail(this, this.#settings.dataDir);
  }

  async spawn(spec: JailSpec): Promise<JailedProcess> {
    await checkSpec(spec, this.owner);
    await this.#bounds.disk.admit();
    const group = await this.#bounds.cgroups?.create();
    try {
      return await this.#start(spec, group);
    } catch (error) {
      await group?.remove();
      throw error;
    }
  }

  async #start(spec: JailSpec, group: Cgroup | undefined): Promise<JailedProcess> {
    const { dataDir, path } = this.#settings;
    const pipes = await openPipes(await ownDirectory(dataDir, "jail"), { PATH: path }, this.owner);
    try {
      const jail = await startBubblewrap({
        binary: this.#settings.binary ?? "bwrap",
        options: jailOptions(this.#view, spec),
        command: jailCommand(this.#view, spec),
        filter: seccompFilter(process.arch),
        pipes,
        path,
        cwd: dataDir,
        started: async (pid) => await group?.enter(pid),
      });
      const { stdin, stdout, stderr } = pipes;
      return {
        stdin,
        stdout,
        stderr,
        ...control(jail, spec.wallMs, {
          group,
          watch: (end) => this.#bounds.disk.watch(spec.writable, end),
        }),
      };
    } catch (error) {
      for (const stream of [pipes.stdin, pipes.stdout, pipes.stderr]) stream.destroy();
      throw error;
    } finally {
      pipes.closeChildEnds();
    }
  }
}

/** Watches a jail to its end: `exited` resolves only when no process of it is left. */
function control(
  jail: Bubblewrap,
  wallMs: number,
  bounds: { group: Cgroup | undefined; watch: (end: () => void) => () => void },
): Pick<JailedProcess, "exited" | "kill"> {
  const { child, init } = jail;
  const { group } = bounds;
  let timedOut = false;
  let full = false;
  const unwatch = bounds.watch(() => {
    full = true;
    void kill();
  });
  const wall = setTimeout(() => {
    timedOut = true;
    void kill();
  }, wallMs);
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
  child.once("exit", (code) => resolve(code));
  child.once("error", reject);
  const exited = promise.then(async (code): Promise<JailExit> => {
    clearTimeout(wall);
    unwatch();
    if (init !== undefined && !(await hasEnded(init, GONE_WITHIN_MS))) {
      throw new WorldError("End a jail: a process in it does not die", "escalate");
    }
    const reached = [...((await group?.reached()) ?? []), ...(full ? ["disk" as const] : [])];
    await group?.remove();
    const signal = child.signalCode;
    const ended = { code: signal === null ? (jail.commandCode() ?? code) : null, signal, timedOut };
    return reached.length === 0 ? ended : { ...ended, reached };
  });
  exited.catch(() => undefined);
  async function kill(): Promise<void> {
    // The first process inside takes every other with it; without it, bubblewrap's own death does.
    if (init !== undefined && child.exitCode === null && child.signalCode === null) {
      killQuietly(init.pid);
    }
    child.kill("SIGKILL");
    await exited;
  }
  return { exited, kill };
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself in this moment.
  }
}

async function checkSpec(spec: JailSpec, owner: Owner | undefined): Promise<void> {
  for (const path of [...spec.readable, ...spec.writable, spec.cwd]) {
    if (!isAbsolute(path) || normalize(path) !== path || path === "/") {
      throw new Error(`Jail ${JSON.stringify(path)}: expected a plain absolute path`);
    }
  }
  for (const path of spec.writable) {
    const stats = await lstat(path);
    if (!stats.isDirectory()) {
      throw new WorldError(`Jail ${path}: a directory was expected to be written to`, "stop");
    }
    if (owner !== undefined && stats.uid === 0) await lchown(path, owner.uid, owner.gid);
  }
  if (spec.socket === undefined) return;
  const stats = await lstat(spec.socket);
  if (!stats.isSocket()) throw new WorldError(`Jail ${spec.socket}: no socket is there`, "stop");
  if (owner !== undefined && stats.uid === 0) await lchown(spec.socket, owner.uid, owner.gid);
}

function baseEnvironment(settings: JailSettings): Record<string, string> {
  return {
    ...settings.toolchains.env,
    ...settings.env,
    PATH: settings.toolchains.path.join(":"),
    HOME: "/home/agent",
    TMPDIR: "/tmp",
    USER: "agent",
    LOGNAME: "agent",
    SHELL: "/bin/sh",
    LANG: "C.UTF-8",
    TERM: "dumb",
  };
}
