import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ManualClock } from "../../../src/engine/clock.ts";
import { MemoryEngine } from "../../../src/engine/memory/engine.ts";
import type { Steps, WorkflowRef } from "../../../src/ports/engine.ts";

const RUN: WorkflowRef<null, unknown> = { name: "run" };
const DISPATCH: WorkflowRef<number, string> = { name: "dispatch" };

/** One world: effects and their counts outlive every crash. */
interface Trial {
  readonly engine: MemoryEngine;
  readonly clock: ManualClock;
  readonly effects: string[];
}

function newTrial(crashAt: (point: string) => boolean): Trial {
  const clock = new ManualClock();
  const effects: string[] = [];
  const engine = new MemoryEngine({ clock, crashAt, limits: { perPartition: 2, perWorker: 4 } });
  function effect(name: string, result: unknown): () => Promise<unknown> {
    return () => {
      effects.push(name);
      return Promise.resolve(result);
    };
  }
  engine.register(DISPATCH, async (steps, n) => {
    await steps.step("prepare", effect(`prepare ${n}`, null));
    return String(await steps.step("work", effect(`work ${n}`, `result ${n}`)));
  });
  engine.register(RUN, (steps) => body(steps, effect));
  return { engine, clock, effects };
}

async function body(
  steps: Steps,
  effect: (name: string, result: unknown) => () => Promise<unknown>,
): Promise<unknown> {
  const plan = await steps.step("plan", effect("plan", [1, 2, 3]));
  const children = [];
  for (const n of plan as number[]) {
    const options = { key: `run/${n}`, input: n, partition: "repository" };
    children.push(await steps.startChild(DISPATCH, options));
  }
  const results = await Promise.all(children.map((child) => child.result()));
  const answer = await steps.waitFor<string>("answers", { timeoutMs: 60_000 });
  await steps.sleep(1_000);
  const late = await steps.waitFor<string>("nobody", { timeoutMs: 5_000 });
  await steps.step("report", effect("report", null));
  return { results, answer, late: late ?? "timed out" };
}

/** Runs to the end as an operator would: start again after each crash, send the message again until it is taken. */
async function finish({ engine, clock }: Trial): Promise<void> {
  await engine.launch();
  for (let turn = 0; turn < 60; turn += 1) {
    try {
      await engine.start(RUN, { key: "run", input: null });
      const message = { key: "run", topic: "answers", body: "blue", idempotencyKey: "guid-1" };
      await engine.send(message);
      await clock.advance(1_000);
      if ((await engine.state("run")) !== "running") return;
    } catch {
      // The process is down: start it again.
    }
    if (await isDown(engine)) await engine.restart();
  }
  throw new Error(`The run does not end: ${engine.history("run").join(" | ")}`);
}

async function isDown(engine: MemoryEngine): Promise<boolean> {
  return Promise.race([engine.crashed.then(() => true), Promise.resolve().then(() => false)]);
}

async function crashFree(): Promise<Trial> {
  const trial = newTrial(() => false);
  await finish(trial);
  return trial;
}

const EXPECTED = {
  ok: true,
  value: { results: ["result 1", "result 2", "result 3"], answer: "blue", late: "timed out" },
};

/** Crashes once at each of the chosen points, and holds the end against the crash-free one. */
async function crashAt(chosen: readonly string[]): Promise<void> {
  const left = new Set(chosen);
  const trial = newTrial((point) => left.delete(point));
  await finish(trial);
  expect(trial.engine.outcome("run")).toEqual(EXPECTED);
  // With several crashes, one can take the boundary away at which another was due.
  expect(left.size).toBeLessThan(chosen.length);
  const effects = new Map<string, number>();
  for (const effect of trial.effects) effects.set(effect, (effects.get(effect) ?? 0) + 1);
  expect([...effects.keys()].toSorted()).toEqual(ALL_EFFECTS);
  const repeated = [...effects.values()].reduce((sum, times) => sum + times - 1, 0);
  // A crash can only repeat what was under way unrecorded: one step of the run and of each dispatch that may overlap.
  expect(repeated).toBeLessThanOrEqual(3 * chosen.length);
  const recordedBefore = chosen.filter((point) => point.endsWith("@recorded"));
  for (const point of recordedBefore) {
    const step = /^run#\d+ step (\w+)/.exec(point)?.[1];
    if (step && chosen.length === 1) expect(effects.get(step)).toBe(1);
  }
}

const reference = await crashFree();
const POINTS = [...new Set(reference.engine.points)];
const ALL_EFFECTS = [...new Set(reference.effects)].toSorted();

test("the crash-free run passes every boundary once and does every effect once", () => {
  expect(reference.engine.outcome("run")).toEqual(EXPECTED);
  expect(reference.effects).toHaveLength(ALL_EFFECTS.length);
  expect(POINTS).toHaveLength(reference.engine.points.length);
  expect(POINTS.length).toBeGreaterThan(50);
});

test.each(POINTS)("F26: a crash at %s changes nothing about the end", async (point) => {
  await crashAt([point]);
});

test("F26: several crashes, anywhere, change nothing about the end", async () => {
  const runs = process.env["FULL"] === "1" ? 2_000 : 150;
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.constantFrom(...POINTS), { minLength: 2, maxLength: 5 }),
      crashAt,
    ),
    { numRuns: runs },
  );
});

test("a body that does something else on replay is caught, with both operations named", async () => {
  let replays = 0;
  const engine = new MemoryEngine({
    crashAt: (point) => point === "r#1 step one @recorded" && replays === 1,
  });
  engine.register({ name: "unsteady" }, async (steps) => {
    replays += 1;
    await steps.step(replays === 1 ? "one" : "two", () => Promise.resolve(null));
  });
  await engine.launch();
  await engine.start({ name: "unsteady" }, { key: "r", input: null });
  await engine.crashed;
  await engine.restart();
  expect(await engine.ended("r")).toBe("failed");
  expect(engine.outcome("r")).toMatchObject({
    error: { message: 'Replay of r diverged at 1: it did "step two" where "step one" is recorded' },
  });
});
