import { describe, expect, test } from "vitest";
import { RunId } from "../../../src/domain/ids.ts";
import { placeOf, turnOf } from "../../../src/domain/run/queue.ts";
import type { Engine, Steps } from "../../../src/ports/engine.ts";
import { type Bodies, type Context, type EngineWorld, freshContext, Gate, ref } from "./world.ts";

/** What every engine promises about who starts when, and about telling it. */
export function queueSuite(name: string, open: () => Promise<EngineWorld>): void {
  describe(`${name}: the queue`, () => {
    const context = freshContext(open);

    orderCases(context);
    tellingCases(context);
  });
}

interface Asked {
  readonly key: string;
  readonly priority: number;
  readonly children?: number;
}

const ONE = { perPartition: 1, perWorker: 8 };

/** Runs that start their children in the partition `repo`, one after another, each of which waits for `gate` first. */
function bodies({ journal }: Context, gate: Gate): Bodies {
  return {
    async child(steps: Steps, input: string) {
      await steps.step("work", async (signal) => {
        journal.note(`begun ${input}`);
        await gate.pass(signal);
      });
    },
    async run(steps: Steps, { key, priority, children = 1 }: Asked) {
      for (let n = 1; n <= children; n += 1) {
        const options = { key: `${key}.t.${n}`, input: `${key} ${n}`, partition: "repo", priority };
        await (await steps.startChild(ref("child"), options)).result();
      }
    },
  };
}

/** Starts one run after another, each when the one before is in the queue. */
async function ask(engine: Engine, asked: readonly Asked[]): Promise<void> {
  for (const one of asked) {
    await engine.start(ref("run"), { key: one.key, input: one });
    await expect.poll(() => known(engine), { timeout: 30_000 }).toContain(`${one.key}.t.1`);
  }
}

async function known(engine: Engine): Promise<string[]> {
  const { atWork, waiting } = await engine.queue("repo");
  return [...atWork, ...waiting];
}

function atWork(engine: Engine): Promise<readonly string[]> {
  return engine.queue("repo").then((queue) => queue.atWork);
}

function orderCases(context: Context): void {
  test("starts the smallest priority first, and of the same the one that came first", async () => {
    const { world, journal } = context;
    const gate = new Gate();
    const engine = await world.launch(bodies(context, gate), ONE);
    await ask(engine, [{ key: "a", priority: 3 }]);
    await journal.seen("begun a 1");
    const later = [
      { key: "b", priority: 7 },
      { key: "c", priority: 2_000_000_000 },
      { key: "d", priority: 5 },
      { key: "e", priority: 7 },
      { key: "f", priority: 0 },
    ];
    await ask(engine, later);
    gate.open();
    for (const { key } of later) expect(await engine.ended(key)).toBe("succeeded");
    expect(journal.lines).toEqual(["a", "f", "d", "b", "e", "c"].map((key) => `begun ${key} 1`));
  });

  test("G6: of one person's five runs and another's one, the other's starts second, and none is lost", async () => {
    const { world, journal } = context;
    const gate = new Gate();
    const engine = await world.launch(bodies(context, gate), ONE);
    const requests = ["anna", "anna", "anna", "anna", "anna", "ben"].map((requestedBy, index) => ({
      runId: RunId.parse(`7-${index + 1}-r1`),
      repo: { id: 7 },
      requestedBy,
      createdAt: new Date(Date.UTC(2026, 0, 1, 12, 0, index)).toISOString(),
    }));
    const asked = requests.map((request) => ({
      key: request.runId as string,
      priority: turnOf(request, requests),
      children: 2,
    }));
    await ask(engine, asked);
    gate.open();
    for (const { key } of asked) expect(await engine.ended(key)).toBe("succeeded");
    const order = [...new Set(journal.lines.map((line) => line.split(" ")[1]))];
    expect(order).toEqual(["7-1-r1", "7-6-r1", "7-2-r1", "7-3-r1", "7-4-r1", "7-5-r1"]);
    expect(journal.lines).toHaveLength(12);
  });
}

function tellingCases(context: Context): void {
  test("G6: tells who is at work and who waits in which order, also after a restart; who is cancelled leaves at once", async () => {
    const { world, journal } = context;
    const gate = new Gate();
    const first = await world.launch(bodies(context, gate), ONE);
    const asked = [
      { key: "7-1-r1", priority: 1 },
      { key: "7-2-r1", priority: 4 },
      { key: "7-3-r1", priority: 2 },
      { key: "7-4-r1", priority: 3 },
    ];
    await ask(first, asked);
    await journal.seen("begun 7-1-r1 1");
    const full = {
      atWork: ["7-1-r1.t.1"],
      waiting: ["7-3-r1.t.1", "7-4-r1.t.1", "7-2-r1.t.1"],
      room: 0,
    };
    await expect.poll(() => first.queue("repo"), { timeout: 30_000 }).toEqual(full);
    expect(await first.queue("another")).toMatchObject({ atWork: [], waiting: [] });
    const engine = await world.restart();
    await journal.seen("begun 7-1-r1 1", 2);
    await expect.poll(() => engine.queue("repo"), { timeout: 30_000 }).toEqual(full);
    const place = placeOf(RunId.parse("7-4-r1"), await engine.queue("repo"));
    expect(place).toEqual({ place: 2, of: 3, before: [3], atWork: [1] });
    await engine.cancel("7-3-r1");
    expect((await engine.queue("repo")).waiting).toEqual(["7-4-r1.t.1", "7-2-r1.t.1"]);
    expect(await engine.ended("7-3-r1")).toBe("cancelled");
    gate.open();
    for (const key of ["7-1-r1", "7-2-r1", "7-4-r1"])
      expect(await engine.ended(key)).toBe("succeeded");
    expect(await engine.queue("repo")).toMatchObject({ atWork: [], waiting: [] });
    expect(journal.count("begun 7-3-r1 1")).toBe(0);
  });

  test("says that there is no room where the worker has none left, although the partition is empty", async () => {
    const { world } = context;
    const gate = new Gate();
    const own = bodies(context, gate);
    const engine = await world.launch(
      {
        ...own,
        async elsewhere(steps: Steps) {
          const options = { key: "busy", input: "busy", partition: "another" };
          await (await steps.startChild(ref("child"), options)).result();
        },
      },
      { perPartition: 1, perWorker: 1 },
    );
    await engine.start(ref("elsewhere"), { key: "other", input: null });
    await context.journal.seen("begun busy");
    await ask(engine, [{ key: "7-1-r1", priority: 1 }]);
    expect(await engine.queue("repo")).toEqual({ atWork: [], waiting: ["7-1-r1.t.1"], room: 0 });
    gate.open();
    expect(await engine.ended("7-1-r1")).toBe("succeeded");
    expect(await atWork(engine)).toEqual([]);
  });
}
