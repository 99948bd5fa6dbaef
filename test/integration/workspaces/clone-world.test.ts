import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { dispatchId, type Sha } from "../../../src/domain/ids.ts";
import { bash, role, submit } from "../../../src/playground/scripted-model/script.ts";
import type { AgentOutcome } from "../../../src/ports/agents.ts";
import type { Clone } from "../../../src/ports/workspaces.ts";
import { openStage, recordingHooks } from "../agents/harness.ts";
import { processesWith } from "./jail-run.ts";
import { hasBubblewrap, makeWorld, plainGit, RUN, type World } from "./world.ts";

/** Answers with every folder that has ever called; the port is fixed, and what was called is kept in a file. */
const SERVER = `import { createServer } from "node:net";
import { appendFileSync, readFileSync } from "node:fs";
console.log("keeper begins");
createServer((socket) => socket.once("data", (who) => {
  appendFileSync("called.txt", String(who) + "\\n");
  socket.end([...new Set(readFileSync("called.txt", "utf8").trim().split("\\n"))].join(" "));
})).listen(4100, "127.0.0.1");
`;
const ASK = `import { connect } from "node:net";
const socket = connect(4100, "127.0.0.1", () => socket.write(process.cwd()));
socket.on("data", (data) => console.log("callers:", String(data))).on("error", () => { process.exitCode = 1; });
`;
const FILES = {
  "package.json": JSON.stringify({ type: "module" }),
  ".gitignore": "called.txt\n",
  "keeper.js": SERVER,
  "ask.js": ASK,
  "both.txt": "one\n",
  "tracked.txt": "one\n",
  ".github/orchestrator.yml": `version: 1
commands:
  setup: echo made > made.txt; echo setup >> tracked.txt; echo setup >> both.txt; echo "$HOME" > "$HOME/setup"
  test: node ask.js
services:
  - name: keeper
    command: node keeper.js
    ready: node ask.js
`,
};
const UNTIL_READY = "until node ask.js; do :; done";

async function prepared(world: World, task: string, signal = new AbortController().signal) {
  const sha = (await world.workspaces.fetchBranch(world.repo, "main")) as Sha;
  const commands = await world.workspaces.commands(world.repo, sha);
  return await world.workspaces.openClone(world.repo, {
    dispatchId: dispatchId(RUN, task, 1),
    sha,
    writable: true,
    prepare: { runId: RUN, commands, signal },
  });
}

/** A real agent in the clone's jail; gives what its command printed. */
async function agentIn(
  world: World,
  clone: Clone,
  command: string,
): Promise<{ outcome: AgentOutcome; said: string }> {
  const stage = await openStage(role("backend-developer", [bash(command), submit({ ok: true })]), {
    jail: world.jail,
  });
  try {
    const limits = { wallMs: 300_000, idleMs: 300_000, maxTurns: 5, maxTokens: 1_000_000 };
    const request = stage.request({ clone, limits });
    const outcome = await stage.agents.run(request, recordingHooks(), new AbortController().signal);
    return { outcome, said: stage.model.journal()[1]?.turn.results.join() ?? "" };
  } finally {
    await stage.close();
  }
}

describe.skipIf(!hasBubblewrap())("the world of a clone (needs bubblewrap)", () => {
  test("G7: dispatches side by side find setup's results and the service on one port, each its own; they end with it", async () => {
    const world = await makeWorld(FILES);
    const clones = await Promise.all(["api", "ui"].map((task) => prepared(world, task)));
    const done = await Promise.all(
      clones.map((clone) =>
        agentIn(
          world,
          clone,
          `${UNTIL_READY}; cat made.txt "$HOME/setup" /tmp/services/keeper.log; pwd`,
        ),
      ),
    );
    for (const [index, { outcome, said }] of done.entries()) {
      const clone = clones[index];
      expect(outcome).toMatchObject({ status: "submitted" });
      expect(said).toContain(`callers: ${clone?.dir}\n`);
      expect(said).not.toContain(`callers: ${clones[1 - index]?.dir}`);
      expect(said).toContain(`made\n${clone?.stateDir}\nkeeper begins`);
      expect(clone?.world?.setup).toMatchObject([{ exitCode: 0, timedOut: false }]);
    }
    expect(processesWith("node keeper.js")).toEqual([]);
  }, 300_000);

  test("what setup left is no part of a change, unless the agent worked on it", async () => {
    const world = await makeWorld(FILES);
    const untouched = await prepared(world, "api");
    expect(await world.workspaces.collect(world.repo, untouched, { message: "x" })).toEqual({
      kind: "unchanged",
    });
    const clone = await prepared(world, "ui");
    await agentIn(world, clone, "echo agent >> both.txt; echo agent > new.txt; rm ask.js");
    const collected = await world.workspaces.collect(world.repo, clone, { message: "x" });
    expect(collected).toMatchObject({ kind: "commit", files: ["ask.js", "both.txt", "new.txt"] });
    const sha = collected.kind === "commit" ? collected.sha : clone.baseSha;
    const mirror = join(world.dataDir, "mirrors", `${world.repo.id}.git`);
    expect(plainGit(mirror, "show", `${sha}:both.txt`)).toBe("one\nsetup\nagent");
    expect(plainGit(mirror, "show", `${sha}:tracked.txt`)).toBe("one");
  }, 300_000);

  test("a setup that fails is told and does not keep the agent from its work; services start all the same", async () => {
    const world = await makeWorld({
      ...FILES,
      ".github/orchestrator.yml": FILES[".github/orchestrator.yml"].replace(
        /setup: .*/,
        "setup: exit 3",
      ),
    });
    const clone = await prepared(world, "api");
    expect(clone.world?.setup).toEqual([{ command: "exit 3", exitCode: 3, timedOut: false }]);
    const { said } = await agentIn(world, clone, UNTIL_READY);
    expect(said).toContain(`callers: ${clone.dir}`);
  }, 300_000);

  test("R8: an abort while setup runs ends it and leaves no clone", async () => {
    const world = await makeWorld({
      ".github/orchestrator.yml":
        "version: 1\ncommands:\n  setup: exec sleep 605\n  test: 'true'\n",
    });
    const controller = new AbortController();
    const opening = prepared(world, "api", controller.signal);
    opening.catch(() => undefined);
    await expect
      .poll(() => processesWith("sleep 605").length, { timeout: 60_000 })
      .toBeGreaterThan(0);
    controller.abort(new Error("cancelled by a person"));
    await expect(opening).rejects.toThrow("cancelled by a person");
    expect(processesWith("sleep 605")).toEqual([]);
    expect(existsSync(join(world.dataDir, "dispatches", dispatchId(RUN, "api", 1)))).toBe(false);
  }, 120_000);
});
