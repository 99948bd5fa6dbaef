import { describe, expect, test } from "vitest";
import type { Steps } from "../../../src/ports/engine.ts";
import { type Context, type EngineWorld, freshContext, Gate, ref } from "./world.ts";

/** What every engine promises about children and their limits. */
export function childrenSuite(name: string, open: () => Promise<EngineWorld>): void {
  describe(`${name}: children and limits`, () => {
    const context = freshContext(open);

    childCases(context);
    limitCases(context);
  });
}

function childCases(context: Context): void {
  test("starts a child once by key and gives its output, before and after a replay", async () => {
    const { world, journal } = context;
    const gate = new Gate();
    const engine = await world.launch({
      async child(steps: Steps, input: { n: number }) {
        return steps.step("work", () => {
          journal.note(`child ${input.n}`);
          return Promise.resolve({ double: input.n * 2 });
        });
      },
      async parent(steps: Steps) {
        const options = { key: "parent/child", input: { n: 21 }, partition: "repo" };
        const first = await steps.startChild(ref("child"), options);
        const second = await steps.startChild(ref("child"), options);
        const results = [await first.result(), await second.result()];
        journal.note(JSON.stringify(results));
        await steps.step("hold", (signal) => gate.pass(signal));
      },
    });
    await engine.start(ref("parent"), { key: "a", input: null });
    await journal.seen('[{"double":42},{"double":42}]');
    const again = await world.restart();
    await journal.seen('[{"double":42},{"double":42}]', 2);
    gate.open();
    expect(await again.ended("a")).toBe("succeeded");
    expect(await again.state("parent/child")).toBe("succeeded");
    expect(journal.count("child 21")).toBe(1);
  });

  test("F26: a restart under running children finishes each of them, finished ones not again", async () => {
    const { world, journal } = context;
    const gate = new Gate();
    const engine = await world.launch(
      {
        async child(steps: Steps, input: string) {
          await steps.step("first", () => Promise.resolve(journal.note(`first ${input}`)));
          await steps.step("second", (signal) => {
            journal.note(`second ${input}`);
            return gate.pass(signal);
          });
          return input;
        },
        async parent(steps: Steps) {
          const children = [];
          for (const input of ["x", "y", "z"]) {
            children.push(
              await steps.startChild(ref("child"), { key: input, input, partition: "repo" }),
            );
          }
          const results = await Promise.all(children.map((child) => child.result()));
          await steps.step("tell", () => Promise.resolve(journal.note(results.join())));
        },
      },
      { perPartition: 3, perWorker: 8 },
    );
    await engine.start(ref("parent"), { key: "a", input: null });
    for (const input of ["x", "y", "z"]) await journal.seen(`second ${input}`);
    const again = await world.restart();
    gate.open();
    await journal.seen("x,y,z");
    expect(await again.ended("a")).toBe("succeeded");
    for (const input of ["x", "y", "z"]) expect(journal.count(`first ${input}`)).toBe(1);
    expect(journal.count("x,y,z")).toBe(1);
  });
}

/** Starts one child per entry of `partitions` and counts how many run at once, in all and per partition. */
async function measureOverlap(
  context: Context,
  partitions: readonly string[],
  limits: { perPartition: number; perWorker: number },
): Promise<{ most: number; mostOf: ReadonlyMap<string, number> }> {
  const { world, journal } = context;
  const running = new Map<string, number>();
  const mostOf = new Map<string, number>();
  let most = 0;
  let total = 0;
  function move(partition: string, by: 1 | -1): void {
    total += by;
    running.set(partition, (running.get(partition) ?? 0) + by);
    most = Math.max(most, total);
    mostOf.set(partition, Math.max(mostOf.get(partition) ?? 0, running.get(partition) ?? 0));
  }
  const engine = await world.launch(
    {
      async child(steps: Steps, input: { partition: string }) {
        await steps.step("work", async () => {
          move(input.partition, 1);
          journal.note("running");
          const full = Math.min(partitions.length, limits.perPartition, limits.perWorker);
          if (journal.count("running") <= full) await journal.seen("running", full);
          move(input.partition, -1);
        });
      },
      async parent(steps: Steps) {
        const children = [];
        for (const [index, partition] of partitions.entries()) {
          const key = `child-${index}`;
          children.push(
            await steps.startChild(ref("child"), { key, input: { partition }, partition }),
          );
        }
        await Promise.all(children.map((child) => child.result()));
      },
    },
    limits,
  );
  await engine.start(ref("parent"), { key: "parent", input: null });
  expect(await engine.ended("parent")).toBe("succeeded");
  return { most, mostOf };
}

function limitCases(context: Context): void {
  test("runs children of one partition side by side up to its limit and never beyond", async () => {
    const limits = { perPartition: 2, perWorker: 8 };
    const { mostOf } = await measureOverlap(context, Array(6).fill("repo"), limits);
    expect(mostOf.get("repo")).toBe(2);
  });

  test("keeps to the worker's limit across partitions", async () => {
    const partitions = ["p", "q", "r", "s", "t", "u"];
    const { most } = await measureOverlap(context, partitions, { perPartition: 4, perWorker: 3 });
    expect(most).toBe(3);
  });

  test("one partition at its limit does not hold back another", async () => {
    const { world, journal } = context;
    const gate = new Gate();
    const engine = await world.launch(
      {
        async child(steps: Steps, input: string) {
          await steps.step("work", async (signal) => {
            journal.note(`running ${input}`);
            if (input === "busy") await gate.pass(signal);
          });
        },
        async parent(steps: Steps) {
          for (const key of ["b1", "b2"]) {
            await steps.startChild(ref("child"), { key, input: "busy", partition: "busy" });
          }
          await steps.startChild(ref("child"), { key: "f", input: "free", partition: "free" });
        },
      },
      { perPartition: 1, perWorker: 8 },
    );
    await engine.start(ref("parent"), { key: "a", input: null });
    await journal.seen("running free");
    await journal.seen("running busy");
    expect(journal.count("running busy")).toBe(1);
    gate.open();
    expect(await engine.ended("b2")).toBe("succeeded");
  });
}
