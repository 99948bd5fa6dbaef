import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../../helpers/postgres.ts";
import { AppProcess, effectsIn, testFolder } from "./app-process.ts";

const FROZEN_AFTER_MS = 2_500;

let database: TestDatabase;
let folder: string;
let apps: AppProcess[];

beforeEach(async () => {
  database = await testDatabase();
  folder = testFolder();
  apps = [];
});

afterEach(async () => {
  for (const app of apps) await app.kill("SIGKILL");
  await database.drop();
  rmSync(folder, { recursive: true });
});

async function startReplica(): Promise<AppProcess> {
  const { connection } = database;
  const app = new AppProcess({
    effects: effectsFile(),
    connection,
    frozenAfterMs: FROZEN_AFTER_MS,
  });
  apps.push(app);
  await app.ready;
  return app;
}

function effectsFile(): string {
  return join(folder, "effects");
}

function countOf(effect: string): number {
  return effectsIn(effectsFile()).filter((line) => line === effect).length;
}

test("F27: a replica that was killed in a step loses its run to the other within seconds", async () => {
  const first = await startReplica();
  await first.call("start", "r", "flow");
  await first.saw("r child begun");
  const second = await startReplica();
  const killedAt = performance.now();
  await first.kill();
  await second.saw("r child begun");
  expect(performance.now() - killedAt).toBeLessThan(8_000);
  await second.call("open");
  await second.call("send", "r", "blue", "guid-1");
  expect(await second.call("ended", "r")).toBe("succeeded");
  expect(countOf("r first")).toBe(1);
  expect(countOf("r answered blue")).toBe(1);
  await second.stop();
});

test("F28: a frozen replica loses its runs; what it does after waking up is not recorded", async () => {
  const first = await startReplica();
  await first.call("start", "r", "flow");
  await first.saw("r child begun");
  const second = await startReplica();
  await first.kill("SIGSTOP");
  await second.saw("r child begun");
  await second.call("open");
  await second.saw("r waits");
  await first.kill("SIGCONT");
  await first.call("open");
  await first.call("send", "r", "blue", "guid-1");
  expect(await first.call("ended", "r")).toBe("succeeded");
  expect(countOf("r first")).toBe(1);
  expect(countOf("r got from the child")).toBe(1);
  expect(countOf("r answered blue")).toBe(1);
  await first.call("start", "s", "brief");
  expect(await second.call("ended", "s")).toBe("succeeded");
  await first.stop();
  await second.stop();
});

test("F45: two replicas that are alive leave each other's runs alone", async () => {
  const first = await startReplica();
  await first.call("start", "r", "flow");
  await first.saw("r child begun");
  const second = await startReplica();
  await Promise.all([first, second].map((app) => app.call("start", "t", "brief")));
  expect(await first.call("ended", "t")).toBe("succeeded");
  await new Promise((resolve) => {
    setTimeout(resolve, 2 * FROZEN_AFTER_MS);
  });
  expect(countOf("r child begun")).toBe(1);
  for (let n = 1; n <= 10; n += 1) expect(countOf(`t ${n}`)).toBe(1);
  await first.stop();
  await second.stop();
});

test("cancelling at one replica reaches the step that runs on the other within about a second", async () => {
  const first = await startReplica();
  await first.call("start", "r", "flow");
  await first.saw("r child begun");
  const second = await startReplica();
  const cancelledAt = performance.now();
  await second.call("cancel", "r");
  await first.saw("r child stopped: WorkflowCancelled");
  expect(performance.now() - cancelledAt).toBeLessThan(2_500);
  expect(await first.call("state", "r")).toBe("cancelled");
  expect(await first.call("ended", "r/child")).toBe("cancelled");
  await first.stop();
  await second.stop();
});
