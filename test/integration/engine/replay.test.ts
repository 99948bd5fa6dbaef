import { expect, test } from "vitest";
import { type Database, openDatabase } from "../../../src/engine/database.ts";
import { DbosEngine } from "../../../src/engine/dbos/engine.ts";
import type { Engine, Steps } from "../../../src/ports/engine.ts";
import { RUN } from "../../../src/workflow/orchestrate.ts";
import { silent, testDatabase } from "../../helpers/postgres.ts";
import { goodActs, reviewed } from "../../helpers/scripted-acts.ts";
import { type Act, SmallWorld } from "../../helpers/small-world.ts";

const KEY = "7-12-r1";
const POINTS = process.env["FULL"] === "1" ? 80 : 20;
const SEED = 20_261_123;
const FINDING = {
  severity: "important",
  file: "src/handler.js",
  line: 1,
  description: "no check",
  fix: "check it",
};

/** The review asks for changes until the developer has fixed the handler: every part of a run, and a loop. */
const LOOP: Record<string, Act> = {
  review: ({ files }) => ({
    result: files["src/handler.js"]?.includes("fixed")
      ? reviewed("approved")
      : reviewed("changes_requested", [FINDING]),
  }),
};

/** The life of one process: from the point of its death on, nothing of it happens any more. */
class Life {
  readonly points: string[] = [];
  readonly died = Promise.withResolvers<void>();
  readonly #diesAt: string | undefined;
  #dead = false;

  constructor(diesAt: string | undefined) {
    this.#diesAt = diesAt;
  }

  /** Registers the bodies so that each of their steps is a point at which this life can end: before it, and after. */
  engine(of: DbosEngine): Engine {
    return new Proxy<Engine>(of, {
      get: (target, name) => {
        if (name === "register")
          return (
            ref: { name: string },
            body: (steps: Steps, input: unknown) => Promise<unknown>,
          ) => target.register(ref, (steps, input) => body(this.#mortal(steps, ref.name), input));
        const member = Reflect.get(target, name) as unknown;
        return typeof member === "function" ? (member.bind(target) as unknown) : member;
      },
    });
  }

  #mortal(steps: Steps, workflow: string): Steps {
    return {
      step: (name, fn) =>
        steps.step(name, async (signal) => {
          await this.#pass(`before ${workflow} ${name}`, signal);
          const result = await fn(signal);
          await this.#pass(`after ${workflow} ${name}`, signal);
          return result;
        }),
      waitFor: (topic, options) => steps.waitFor(topic, options),
      sleep: (ms) => steps.sleep(ms),
      startChild: (child, options) => steps.startChild(child, options),
    };
  }

  #pass(point: string, signal: AbortSignal): Promise<void> {
    this.points.push(point);
    if (!this.#dead && point !== this.#diesAt) return Promise.resolve();
    this.#dead = true;
    this.died.resolve();
    const { promise, reject } = Promise.withResolvers<void>();
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason));
    return promise;
  }
}

async function launch(database: Database, world: SmallWorld, life: Life): Promise<DbosEngine> {
  const engine = new DbosEngine({ database, log: silent, exclusive: true });
  world.register(life.engine(engine));
  await engine.launch();
  return engine;
}

/** One whole run on a database of its own, whose process dies at `diesAt` and is followed by another. */
async function play(diesAt?: string) {
  const { connection, drop } = await testDatabase();
  const database = await openDatabase({ connection, log: silent });
  const world = new SmallWorld({ ...goodActs(), ...LOOP });
  const life = new Life(diesAt);
  let engine = await launch(database, world, life);
  await engine.start(RUN, { key: KEY, input: await world.begin() });
  if (diesAt !== undefined) {
    await life.died.promise;
    await engine.close();
    engine = await launch(database, world, new Life(undefined));
  }
  const state = await engine.ended(KEY);
  await engine.close();
  await database.close();
  await drop();
  const view = await world.view();
  const end = {
    engine: state,
    state: view.state,
    branches: [...world.git.branches].toSorted(([a], [b]) => a.localeCompare(b)),
    comments: [...world.comments.keys()].toSorted(),
    pulls: world.pulls,
    gates: view.gates.map((fact) => `${fact.type} ${fact.gate}`),
  };
  return { end, points: [...new Set(life.points)], dispatched: world.dispatched };
}

/** `many` of them, the same ones on every machine, spread over the whole run. */
function sample(points: readonly string[], many: number): string[] {
  const width = points.length / many;
  return Array.from({ length: many }, (_, at) => {
    const offset = ((SEED * (at + 1)) % 997) / 997;
    return points[Math.floor((at + offset) * width)] ?? "";
  });
}

test(`K3, RI6: a run with a review loop on DBOS, killed at ${POINTS} points and resumed, ends as if it had not been`, {
  timeout: 900_000,
}, async () => {
  const whole = await play();
  expect(whole.end).toMatchObject({ engine: "succeeded", state: "complete" });
  expect(whole.points.length).toBeGreaterThan(100);
  for (const point of sample(whole.points, POINTS)) {
    const again = await play(point);
    expect(again.end, point).toEqual(whole.end);
    expect(new Set(again.dispatched), point).toEqual(new Set(whole.dispatched));
    // Only what was under way may run again: at most the three testers, who work together.
    expect(again.dispatched.length - whole.dispatched.length, point).toBeLessThanOrEqual(3);
  }
});
