import { describe, expect, test } from "vitest";
import { type Evidence, passed, type RepoCommand } from "../../../src/domain/gate/evidence.ts";
import type { Sha } from "../../../src/domain/ids.ts";
import { processesWith } from "./jail-run.ts";
import { hasBubblewrap, makeWorld, RUN, type World } from "./world.ts";

const SERVER = `import { createServer } from "node:net";
console.log("store begins");
createServer((socket) => socket.end("stored")).listen(4100, "127.0.0.1", () => console.log("store listens"));
`;
const ASK = `import { connect } from "node:net";
connect(4100, "127.0.0.1").on("data", (data) => console.log(String(data))).on("error", (error) => { console.log(error.code); process.exitCode = 1; });
`;
const FILES = {
  "package.json": JSON.stringify({ type: "module" }),
  "store.js": SERVER,
  "ask.js": ASK,
};

function profile(services: string, commands = "  test: node ask.js"): Record<string, string> {
  return {
    ...FILES,
    ".github/orchestrator.yml": `version: 1\ncommands:\n${commands}\nservices:\n${services}`,
  };
}

function service(change: Record<string, string | number> = {}): string {
  const fields = { name: "store", command: "node store.js", ready: "node ask.js", ...change };
  const lines = Object.entries(fields).map(
    ([key, value]) => `    ${key}: ${JSON.stringify(value)}`,
  );
  return `  -${lines.join("\n").slice(3)}\n`;
}

async function play(world: World): Promise<{ commands: RepoCommand[]; all: Evidence[] }> {
  const sha = (await world.workspaces.fetchBranch(world.repo, "main")) as Sha;
  const commands = await world.workspaces.commands(world.repo, sha);
  const { signal } = new AbortController();
  const request = { runId: RUN, sha, commands, signal };
  return { commands, all: await world.workspaces.run(world.repo, request) };
}

describe.skipIf(!hasBubblewrap())("services beside the tests (need bubblewrap)", () => {
  test("a service is ready before the tests, reached on the loopback, and gone with them; its log is kept", async () => {
    const world = await makeWorld(profile(service()));
    const { all } = await play(world);
    const [evidence] = all;
    expect(evidence).toMatchObject({ exitCode: 0, outputTail: "stored" });
    expect(evidence?.services).toMatchObject([
      { name: "store", exitCode: null, logTail: "store begins\nstore listens" },
    ]);
    expect(evidence?.services?.[0]?.readyMs).toBeGreaterThan(0);
    expect(processesWith("node store.js")).toEqual([]);
  });

  test("a second service starts when the first is ready, and may use it", async () => {
    const second = service({
      name: "second",
      command: "node ask.js && touch asked && exec sleep 607",
      ready: "test -f asked",
    });
    const world = await makeWorld(profile(service() + second));
    const { all } = await play(world);
    expect(all[0]?.services?.map(({ name, exitCode }) => [name, exitCode])).toEqual([
      ["store", null],
      ["second", null],
    ]);
    expect(all[0]?.services?.[1]?.logTail).toBe("stored");
    expect(processesWith("sleep 607")).toEqual([]);
  });

  test("one that is not ready in time fails the command before it runs, with the end of its log", async () => {
    const world = await makeWorld(
      profile(service({ ready: "false", ready_seconds: 1 }), "  test: echo the tests ran"),
    );
    const { all } = await play(world);
    expect(all[0] && passed(all[0])).toBe(false);
    expect(all[0]?.exitCode).toBe(69);
    expect(all[0]?.outputTail).toContain(
      "The service store was not ready within 1 s: `false` did not end with 0. The end of its log:\nstore begins",
    );
    expect(all[0]?.outputTail).not.toContain("the tests ran");
    expect(all[0]?.services).toMatchObject([{ name: "store", readyMs: null }]);
  });

  test("one that ends before it is ready is told at once, not when its time is over", async () => {
    const world = await makeWorld(
      profile(service({ command: "echo no disk; exit 3", ready_seconds: 600 })),
    );
    const { all } = await play(world);
    expect(all[0]?.outputTail).toContain("The service store ended with 3 before it was ready");
    expect(all[0]?.outputTail).toContain("no disk");
    expect(all[0]?.durationMs).toBeLessThan(60_000);
  });

  test("H7: one that dies while the tests run is told, and the tests decide by their own exit code", async () => {
    const dies = service({ command: "node store.js & read -r line < ring; kill $!; exit 5" });
    const world = await makeWorld(
      profile(
        dies.replace("node store.js &", "mkfifo ring; node store.js &"),
        '  test: "echo > ring; until ! node ask.js; do :; done; exit 1"',
      ),
    );
    const { all } = await play(world);
    expect(all[0]?.exitCode).toBe(1);
    expect(all[0]?.outputTail).toContain("The service store ended with 5 meanwhile.");
    expect(all[0]?.services).toMatchObject([{ name: "store", exitCode: 5 }]);
  });

  test("one whose child has left its group does not outlast the tests: the command ends, and the child with the jail", async () => {
    const world = await makeWorld(
      profile(service({ command: "setsid sleep 603 & exec node store.js" })),
    );
    const { all } = await play(world);
    expect(all[0]).toMatchObject({ exitCode: 0, outputTail: "stored", timedOut: false });
    expect(all[0]?.services).toMatchObject([{ name: "store", exitCode: null }]);
    expect(processesWith("sleep 603")).toEqual([]);
  });

  test("a ready check that hangs is ended with the time of the service", async () => {
    const world = await makeWorld(
      profile(service({ ready: "exec sleep 601", ready_seconds: 0.5 })),
    );
    const { all } = await play(world);
    expect(all[0]?.exitCode).toBe(69);
    expect(processesWith("sleep 601")).toEqual([]);
  });

  test("setup and build do without services; detected tests have those of the profile", async () => {
    const world = await makeWorld({
      ...FILES,
      "package.json": JSON.stringify({ type: "module", scripts: { test: "node ask.js" } }),
      ".github/orchestrator.yml": `version: 1\nservices:\n${service()}`,
    });
    const { commands, all } = await play(world);
    expect(commands.map(({ kind, source, services }) => [kind, source, services?.length])).toEqual([
      ["test", "detected", 1],
    ]);
    expect(all[0]?.exitCode).toBe(0);
    const built = await makeWorld(
      profile(service(), "  setup: node ask.js; true\n  build: 'true'\n  test: node ask.js"),
    );
    const { all: both } = await play(built);
    expect(both.map(({ kind, outputTail }) => [kind, outputTail])).toEqual([
      ["setup", "ECONNREFUSED"],
      ["build", ""],
      ["test", "stored"],
    ]);
  });

  test("a flood of a service's log is counted whole and kept at its end; what it prints takes no effect", async () => {
    const world = await makeWorld(
      profile(
        service({ command: "seq 1 200000; printf '\\033[2K\\033[1Aend\\n'; exec node store.js" }),
      ),
    );
    const { all } = await play(world);
    expect(all[0]?.exitCode).toBe(0);
    const [log] = all[0]?.services ?? [];
    expect(log?.logTail).toContain("200000\n\u241b[2K\u241b[1Aend");
    expect(log?.logTail.length).toBeLessThan(5_000);
  });

  test("an abort while services run leaves nothing of them", async () => {
    const world = await makeWorld(profile(service(), "  test: exec sleep 602"));
    const sha = (await world.workspaces.fetchBranch(world.repo, "main")) as Sha;
    const commands = await world.workspaces.commands(world.repo, sha);
    const controller = new AbortController();
    const { signal } = controller;
    const running = world.workspaces.run(world.repo, { runId: RUN, sha, commands, signal });
    await expect
      .poll(() => processesWith("sleep 602").length, { timeout: 30_000 })
      .toBeGreaterThan(0);
    controller.abort(new Error("cancelled by a person"));
    await expect(running).rejects.toThrow("cancelled by a person");
    expect(processesWith("sleep 602")).toEqual([]);
    expect(processesWith("node store.js")).toEqual([]);
  });
});
