import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type CgroupPlace, openCgroups } from "../../../src/workspaces/cgroups.ts";

const SHARE = { memoryBytes: 1_000_000, processes: 50 };
const UNUSED_PID = 4_194_305;

/** Folders and files as the kernel shows them; what the kernel would put into a new group is there beforehand. */
function kernel(self: string, files: Readonly<Record<string, string>>): CgroupPlace {
  const dir = mkdtempSync(join(tmpdir(), "cgroups-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const place = { root: join(dir, "fs"), self: join(dir, "self"), mark: "x" };
  writeFileSync(place.self, self);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(place.root, path)), { recursive: true });
    writeFileSync(join(place.root, path), content);
  }
  return place;
}

const FIRST = {
  memory: ["memory.limit_in_bytes", "memory.oom_control"],
  pids: ["pids.max", "pids.events"],
};
const SECOND = ["memory.max", "memory.swap.max", "memory.events", "pids.max", "pids.events"];

function group(folder: string, files: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    [...files, "cgroup.procs"].map((file) => [`${folder}/${NAME}/${file}`, ""]),
  );
}

const NAME = `orchestrator-${process.pid}-x`;

test("X-03, X-04: in version one a jail gets a group in the tree of each controller", async () => {
  const files = [group("memory/service", FIRST.memory), group("pids", FIRST.pids)];
  const place = kernel("4:memory:/service\n3:cpu,pids:/not/here\n", Object.assign({}, ...files));
  const created = await (await openCgroups(SHARE, place))?.create();
  await created?.enter(77);
  const [memory, pids] = ["memory/service", "pids"].map((tree) => join(place.root, tree, NAME));
  expect(readFileSync(join(memory ?? "", "memory.limit_in_bytes"), "utf8")).toBe("1000000");
  expect(readFileSync(join(pids ?? "", "pids.max"), "utf8")).toBe("50");
  for (const folder of [memory, pids])
    expect(readFileSync(join(folder ?? "", "cgroup.procs"), "utf8")).toBe("77");
  expect(await created?.reached()).toEqual([]);
  writeFileSync(join(memory ?? "", "memory.oom_control"), "oom_kill_disable 0\noom_kill 1\n");
  expect(await created?.reached()).toEqual(["memory"]);
});

test.each([
  {
    of: "our own group",
    self: "0::/app.slice/us.service\n",
    parent: "app.slice/us.service",
    more: {},
  },
  {
    of: "the group above ours, which was made for us",
    self: "0::/us.service/app\n",
    parent: "us.service",
    more: { "us.service/cgroup.procs": "", "us.service/app/cgroup.procs": "1\n" },
  },
])("X-03, X-04: in version two a jail gets a group in $of", async ({ self, parent, more }) => {
  const place = kernel(self, {
    "cgroup.controllers": "memory pids",
    [`${parent}/cgroup.subtree_control`]: "",
    ...group(parent, SECOND),
    ...more,
  });
  const created = await (await openCgroups(SHARE, place))?.create();
  await created?.enter(77);
  const folder = join(place.root, parent, NAME);
  expect(readFileSync(join(folder, "memory.max"), "utf8")).toBe("1000000");
  expect(readFileSync(join(folder, "memory.swap.max"), "utf8")).toBe("0");
  expect(readFileSync(join(folder, "pids.max"), "utf8")).toBe("50");
  expect(readFileSync(join(folder, "cgroup.procs"), "utf8")).toBe("77");
  writeFileSync(join(folder, "pids.events"), "max 3\n");
  writeFileSync(join(folder, "memory.events"), "oom 1\noom_kill 2\n");
  expect(await created?.reached()).toEqual(["memory", "processes"]);
});

test("a group that others share is left alone, and where nothing can be made there is nothing", async () => {
  const place = kernel("0::/shared/us\n", {
    "cgroup.controllers": "memory",
    "shared/cgroup.procs": "",
    "shared/us/cgroup.procs": "",
    "shared/others/cgroup.procs": "",
  });
  expect(await openCgroups(SHARE, place)).toBeUndefined();
  expect(readdirSync(join(place.root, "shared")).sort()).toEqual(["cgroup.procs", "others", "us"]);
  expect(await openCgroups(SHARE, { root: "/nonexistent", self: "/nonexistent" })).toBeUndefined();
});

test("F50: empty groups of dead processes are removed, those of living ones stay", async () => {
  const place = kernel("", group("pids", FIRST.pids));
  const [dead, living] = [UNUSED_PID, process.ppid].map((pid) =>
    join(place.root, "pids", `orchestrator-${pid}-1`),
  );
  for (const path of [dead, living]) mkdirSync(path ?? "");
  await openCgroups(SHARE, place);
  expect([existsSync(dead ?? ""), existsSync(living ?? "")]).toEqual([false, true]);
});
