import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AppProcess, effectsIn, processesNaming, testFolder, until } from "./app-process.ts";

const FULL = process.env["FULL"] === "1";
const ROUNDS = FULL ? 30 : 4;
const RUNS_PER_ROUND = 5;
const STEPS = 10;
const SEED = 20_261_123;

/** A small generator of numbers in [0, 1), the same on every machine (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test(`F26: ${ROUNDS} kills at random times, every second with its PostgreSQL: no accepted run is lost`, {
  timeout: FULL ? 600_000 : 60_000,
}, async () => {
  const random = randomFrom(SEED);
  const folder = testFolder();
  const options = { dataDir: join(folder, "data"), effects: join(folder, "effects") };
  const accepted: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const app = new AppProcess(options);
    await app.ready;
    const starting = Array.from({ length: RUNS_PER_ROUND }, async (_, index) => {
      const key = `run-${round}-${index}`;
      await app.call("start", key, "brief");
      accepted.push(key);
    });
    const all = Promise.allSettled(starting);
    await new Promise((resolve) => {
      setTimeout(resolve, random() * 250);
    });
    if (round % 2 === 1) process.kill(postmasterOf(options.dataDir), "SIGKILL");
    await app.kill();
    await all;
  }
  const last = new AppProcess(options);
  await last.ready;
  for (const key of accepted)
    expect([key, await last.call("ended", key)]).toEqual([key, "succeeded"]);
  await last.stop();
  const effects = effectsIn(options.effects);
  let repeated = 0;
  for (const key of accepted) {
    for (let n = 1; n <= STEPS; n += 1) {
      const times = effects.filter((line) => line === `${key} ${n}`).length;
      expect([key, n, times > 0]).toEqual([key, n, true]);
      repeated += times - 1;
    }
  }
  expect(accepted.length).toBeGreaterThan(ROUNDS);
  expect(repeated).toBeLessThanOrEqual(ROUNDS * RUNS_PER_ROUND);
  await until(
    () => processesNaming(folder).length === 0,
    () => "processes are left",
  );
  rmSync(folder, { recursive: true });
});

function postmasterOf(dataDir: string): number {
  return Number(readFileSync(join(dataDir, "cluster", "postmaster.pid"), "utf8").split("\n")[0]);
}
