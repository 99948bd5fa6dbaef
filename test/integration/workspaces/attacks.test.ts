import { execFile } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { dispatchId } from "../../../src/domain/ids.ts";
import { plainProcesses } from "./jail-run.ts";
import { VECTORS } from "./vectors.ts";
import {
  bareOf,
  commitTo,
  DISPATCH,
  makeWorld,
  PATH,
  RUN,
  temporaryDirectory,
  type World,
} from "./world.ts";

const FILES = { "file.txt": "one\ntwo\n", "src/a.js": "export {};\n" };

/** A program that leaves a trace when anything runs it. */
function tripwire(): { program: string; tripped: () => boolean; reset: () => void } {
  const dir = temporaryDirectory("trip");
  const trace = join(dir, "tripped");
  const program = join(dir, "trip.sh");
  writeFileSync(
    program,
    `#!/bin/sh\necho ran >> ${trace}\ncat >/dev/null 2>&1 </dev/null\nexit 1\n`,
  );
  chmodSync(program, 0o755);
  return { program, tripped: () => existsSync(trace), reset: () => rmSync(trace, { force: true }) };
}

/** A server that answers everything with 401 and remembers who asked. */
async function passwordServer(): Promise<{ url: string; requests: () => number }> {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return { url: `http://127.0.0.1:${port}`, requests: () => requests };
}

/** A shell as an ordinary program of ours would have it: whatever it exits with is no matter. */
function shell(cwd: string, script: string, env: Readonly<Record<string, string>>): Promise<void> {
  const identity = {
    GIT_AUTHOR_NAME: "x",
    GIT_AUTHOR_EMAIL: "x",
    GIT_COMMITTER_NAME: "x",
    GIT_COMMITTER_EMAIL: "x",
  };
  // Without this git refuses another user's repository, which only helps where we are root.
  const owner = {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "safe.directory",
    GIT_CONFIG_VALUE_0: "*",
  };
  return new Promise((resolve) => {
    const options = {
      cwd,
      env: { PATH, HOME: "/nonexistent", ...identity, ...owner, ...env },
      timeout: 20_000,
    };
    execFile("sh", ["-c", script], options, () => resolve());
  });
}

/** Everything the app does with a clone after its agent has ended. */
async function ourWholePath(
  world: World,
  clone: Parameters<World["workspaces"]["collect"]>[1],
): Promise<string> {
  const { workspaces, repo } = world;
  const collected = await workspaces.collect(repo, clone, { message: "Change" });
  if (collected.kind === "commit") {
    const range = { base: clone.baseSha, head: collected.sha };
    await workspaces.diff(repo, { ...range, maxBytes: 100_000 });
    await workspaces.changedFiles(repo, range);
    const branch = "orchestrate/12-x-r1/implementation-api";
    const pushed = await workspaces.push(repo, { branch, sha: collected.sha, expected: undefined });
    expect(pushed).toEqual({ kind: "pushed" });
    const other = commitTo(bareOf(world), "main", { "other.txt": "x\n" });
    await workspaces.merge(repo, { onto: other, head: collected.sha, message: "Merge" });
    await workspaces.commands(repo, collected.sha);
    const commands = [
      {
        kind: "test" as const,
        command: "true",
        cwd: ".",
        source: "detected" as const,
        timeoutMs: 10_000,
      },
    ];
    const signal = new AbortController().signal;
    await workspaces.run(repo, { runId: RUN, sha: collected.sha, commands, signal });
  }
  await workspaces.removeClone(clone);
  return collected.kind;
}

describe("planted git configuration", () => {
  // Without a jail on purpose: what keeps these silent must not depend on it.
  test.each(VECTORS)("$id: $name runs for an unguarded git and not for ours", async (vector) => {
    const world = await makeWorld(FILES, { jail: plainProcesses() });
    const trip = tripwire();
    const sink = await passwordServer();
    const sha = await world.workspaces.fetchBranch(world.repo, "main");
    if (sha === undefined) throw new Error("The remote has no main");
    const clone = await world.workspaces.openClone(world.repo, {
      dispatchId: DISPATCH,
      sha,
      writable: true,
    });
    const remoteRoot = `file://${world.remotes}`;
    const env = {
      TRIP: trip.program,
      SINK: sink.url,
      REMOTE_ROOT: remoteRoot,
      REMOTE: `${remoteRoot}/octo/service.git`,
    };
    await shell(clone.dir, vector.plant, env);
    const copy = join(temporaryDirectory("copy"), "tree");
    cpSync(clone.dir, copy, { recursive: true, verbatimSymlinks: true });
    trip.reset();
    await shell(copy, vector.unguarded, env);
    expect(trip.tripped(), "the attack works where nothing guards").toBe(true);
    trip.reset();
    const before = sink.requests();
    const kind = await ourWholePath(world, clone);
    expect(trip.tripped(), "our path ran the planted program").toBe(false);
    expect(sink.requests()).toBe(before);
    expect(kind).toBe("commit");
  });

  test("G-15: attributes and links that the repository itself brings run nothing at checkout", async () => {
    const trip = tripwire();
    const world = await makeWorld(
      {
        ".gitattributes": "* filter=lfs diff=x merge=x\n",
        ".lfsconfig": "[lfs]\n\turl = http://127.0.0.1:9/\n",
        ".gitconfig": `[core]\n\tfsmonitor = ${trip.program}\n`,
        "big.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n",
      },
      { jail: plainProcesses() },
    );
    const sha = await world.workspaces.fetchBranch(world.repo, "main");
    if (sha === undefined) throw new Error("The remote has no main");
    await world.workspaces.openClone(world.repo, { dispatchId: DISPATCH, sha, writable: true });
    expect(trip.tripped()).toBe(false);
  });
});

describe("planted links", () => {
  test.each(["mirrors", "dispatches", "homes"])(
    "G-10: a link in the place of our %s folder is refused",
    async (name) => {
      const world = await makeWorld(FILES, { jail: plainProcesses() });
      const elsewhere = temporaryDirectory("elsewhere");
      mkdirSync(world.dataDir, { recursive: true });
      rmSync(join(world.dataDir, name), { recursive: true, force: true });
      symlinkSync(elsewhere, join(world.dataDir, name));
      const sha = commitTo(bareOf(world), "main", { "x.txt": "x" });
      const opening = world.workspaces.openClone(world.repo, {
        dispatchId: DISPATCH,
        sha,
        writable: true,
      });
      await expect(opening).rejects.toThrow("a directory was expected");
    },
  );

  test("X-11: removing a clone never follows a link out of it", async () => {
    const world = await makeWorld(FILES, { jail: plainProcesses() });
    const precious = temporaryDirectory("precious");
    writeFileSync(join(precious, "keep"), "me");
    const sha = await world.workspaces.fetchBranch(world.repo, "main");
    if (sha === undefined) throw new Error("The remote has no main");
    const id = dispatchId(RUN, "api", 3);
    const clone = await world.workspaces.openClone(world.repo, {
      dispatchId: id,
      sha,
      writable: true,
    });
    symlinkSync(precious, join(clone.dir, "link"));
    mkdirSync(join(clone.dir, "closed/inner"), { recursive: true });
    chmodSync(join(clone.dir, "closed/inner"), 0o000);
    chmodSync(join(clone.dir, "closed"), 0o500);
    await world.workspaces.removeClone(clone);
    expect(existsSync(clone.dir)).toBe(false);
    expect(existsSync(join(precious, "keep"))).toBe(true);
  });
});
