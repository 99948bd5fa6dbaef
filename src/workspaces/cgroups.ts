import { randomUUID } from "node:crypto";
import { access, mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { JailLimit } from "../ports/jail.ts";

/** What everything in one jail may use together. */
export interface JailShare {
  readonly memoryBytes: number;
  readonly processes: number;
}

/** One jail's control group. */
export interface Cgroup {
  /** Puts a process in it; what that process starts from then on is in it, too. */
  enter(pid: number): Promise<void>;
  /** Which limits were reached so far. */
  reached(): Promise<JailLimit[]>;
  /** Removes it. Only for one in which nothing runs any more. */
  remove(): Promise<void>;
}

export interface Cgroups {
  /** What is limited. */
  readonly limits: readonly JailLimit[];
  create(): Promise<Cgroup>;
}

/** Where the kernel shows control groups, and which one we are in. */
export interface CgroupPlace {
  readonly root: string;
  readonly self: string;
  /** What a new group's name ends with; random unless given. */
  readonly mark?: string;
}

const KERNEL: CgroupPlace = { root: "/sys/fs/cgroup", self: "/proc/self/cgroup" };

/** How one resource is limited in one version of control groups. */
interface Controller {
  readonly limit: JailLimit;
  /** The folder in which a group for each jail is made. */
  readonly parent: string;
  /** Files and what is written to them; those after the first may be missing. */
  readonly settings: readonly (readonly [file: string, value: string])[];
  readonly counter: readonly [file: string, line: RegExp];
}

/**
 * Control groups for jails, where this user may make them: in either version, below our own group, or beside it when
 * the service was given a group of its own (`Delegate=` with `DelegateSubgroup=`). Undefined where that is not so;
 * then memory is bounded only by the machine. Removes empty groups that a killed process left.
 */
export async function openCgroups(
  share: JailShare,
  place: CgroupPlace = KERNEL,
): Promise<Cgroups | undefined> {
  const usable: Controller[] = [];
  for (const controller of await controllers(share, place)) {
    if (await works(controller, nameIn(place))) usable.push(controller);
  }
  if (usable.length === 0) return undefined;
  const folders = [...new Set(usable.map(({ parent }) => parent))];
  for (const folder of folders) await removeLeftovers(folder);
  const limits = usable.map(({ limit }) => limit);
  return { limits, create: () => createGroup(usable, nameIn(place)) };
}

const PREFIX = "orchestrator-";

async function controllers(share: JailShare, place: CgroupPlace): Promise<Controller[]> {
  const own = await readFile(place.self, "utf8").catch(() => "");
  if (await exists(join(place.root, "cgroup.controllers"))) return second(share, place, own);
  const memory = await firstPlace(place, own, "memory");
  const pids = await firstPlace(place, own, "pids");
  const bytes = String(share.memoryBytes);
  return [
    {
      limit: "memory",
      parent: memory,
      settings: [
        ["memory.limit_in_bytes", bytes],
        ["memory.memsw.limit_in_bytes", bytes],
      ],
      counter: ["memory.oom_control", /^oom_kill (\d+)/m],
    },
    processesIn(pids, share),
  ];
}

function processesIn(parent: string, share: JailShare): Controller {
  return {
    limit: "processes",
    parent,
    settings: [["pids.max", String(share.processes)]],
    counter: ["pids.events", /^max (\d+)/m],
  };
}

/** Version one has a tree for each controller; inside a container our own path may not exist there. */
async function firstPlace(place: CgroupPlace, own: string, name: string): Promise<string> {
  const tree = join(place.root, name);
  const line = own.split("\n").find((each) => each.split(":")[1]?.split(",").includes(name));
  const path = join(tree, line?.split(":").slice(2).join(":") ?? "");
  return (await exists(path)) ? path : tree;
}

/** Version two has one tree; a group that gives its controllers to its children may hold no process itself. */
async function second(share: JailShare, place: CgroupPlace, own: string): Promise<Controller[]> {
  const line = own.split("\n").find((each) => each.startsWith("0::"));
  const ours = join(place.root, line?.slice(3) ?? "");
  const parent = (await isAlone(ours)) ? dirname(ours) : ours;
  for (const name of ["memory", "pids"]) {
    await writeFile(join(parent, "cgroup.subtree_control"), `+${name}`).catch(() => undefined);
  }
  const memory: Controller = {
    limit: "memory",
    parent,
    settings: [
      ["memory.max", String(share.memoryBytes)],
      ["memory.swap.max", "0"],
    ],
    counter: ["memory.events", /^oom_kill (\d+)/m],
  };
  return [memory, processesIn(parent, share)];
}

/** Whether the group above ours was made for us: nobody but us is in it. */
async function isAlone(ours: string): Promise<boolean> {
  const above = dirname(ours);
  const processes = await readFile(join(above, "cgroup.procs"), "utf8").catch(() => "unknown");
  if (processes !== "") return false;
  const entries = await readdir(above, { withFileTypes: true });
  return entries.every(
    (entry) =>
      !entry.isDirectory() || entry.name === basename(ours) || entry.name.startsWith(PREFIX),
  );
}

function nameIn(place: CgroupPlace): string {
  return `${PREFIX}${process.pid}-${place.mark ?? randomUUID().slice(0, 13)}`;
}

async function works(controller: Controller, name: string): Promise<boolean> {
  try {
    const group = await createGroup([controller], name);
    await group.remove();
    return true;
  } catch {
    return false;
  }
}

async function createGroup(used: readonly Controller[], name: string): Promise<Cgroup> {
  const folders = [...new Set(used.map(({ parent }) => join(parent, name)))];
  for (const folder of folders) {
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
  try {
    for (const { parent, settings } of used) {
      for (const [index, [file, value]] of settings.entries()) {
        const path = join(parent, name, file);
        if (index === 0 || (await exists(path))) await writeFile(path, value, { flag: "r+" });
      }
    }
  } catch (error) {
    for (const folder of folders) await rmdir(folder).catch(() => undefined);
    throw error;
  }
  return {
    async enter(pid) {
      for (const folder of folders) await writeFile(join(folder, "cgroup.procs"), String(pid));
    },
    async reached() {
      const counts = await Promise.all(
        used.map(async ({ parent, counter: [file, line] }) => {
          const text = await readFile(join(parent, name, file), "utf8").catch(() => "");
          return Number(line.exec(text)?.[1] ?? 0);
        }),
      );
      return used.filter((_, index) => (counts[index] ?? 0) > 0).map(({ limit }) => limit);
    },
    async remove() {
      for (const folder of folders) await removeGroup(folder);
    },
  };
}

const REMOVE_TRIES = 100;

/** A group is busy until the kernel has taken the last dead process away. What stays is removed by a later start. */
async function removeGroup(folder: string): Promise<void> {
  for (let tries = 0; tries < REMOVE_TRIES; tries += 1) {
    try {
      return await rmdir(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EBUSY") return;
      await delay(10);
    }
  }
}

async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || (await exists(`/proc/${pid}`))) continue;
    await rmdir(join(folder, name)).catch(() => undefined);
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
