import { describe, expect, test } from "vitest";
import type { Steps } from "../../../src/ports/engine.ts";
import {
  type Context,
  caught,
  type EngineWorld,
  freshContext,
  Gate,
  isCancelled,
  ref,
} from "./world.ts";

/** What every engine promises about cancelling. */
export function cancellingSuite(name: string, open: () => Promise<EngineWorld>): void {
  describe(`${name}: cancelling`, () => {
    const context = freshContext(open);

    cancelCases(context);
  });
}

function cancelCases(context: Context): void {
  test("cancelling reaches the running step and its children within a second, and nothing new starts", async () => {
    const { world, journal } = context;
    const gate = new Gate();
    const engine = await world.launch({
      async child(steps: Steps) {
        await steps.step("work", async (signal) => {
          journal.note("child running");
          const error = await caught(gate.pass(signal));
          journal.note(`child told: ${isCancelled(error)}`);
        });
        await steps.step("more", () => Promise.resolve(journal.note("child went on")));
      },
      async parent(steps: Steps) {
        const child = await steps.startChild(ref("child"), {
          key: "child",
          input: null,
          partition: "repo",
        });
        await steps.step("work", async (signal) => {
          journal.note("parent running");
          const error = await caught(gate.pass(signal));
          journal.note(`parent told: ${isCancelled(error)}`);
        });
        await child.result();
        await steps.step("more", () => Promise.resolve(journal.note("parent went on")));
      },
    });
    await engine.start(ref("parent"), { key: "a", input: null });
    await journal.seen("child running");
    await journal.seen("parent running");
    const cancelledAt = performance.now();
    await engine.cancel("a");
    await journal.seen("child told: true");
    await journal.seen("parent told: true");
    expect(performance.now() - cancelledAt).toBeLessThan(1_000);
    expect(await engine.ended("a")).toBe("cancelled");
    expect(await engine.ended("child")).toBe("cancelled");
    const again = await world.restart();
    await world.elapse(300);
    expect(await again.state("a")).toBe("cancelled");
    expect(journal.lines.filter((line) => line.includes("went on"))).toEqual([]);
  });

  test("cancelling ends a wait, a sleep and the wait for a child", async () => {
    const { world, journal } = context;
    const engine = await world.launch({
      async waits(steps: Steps) {
        journal.note("waiting");
        const error = await caught(steps.waitFor("never", { timeoutMs: 600_000 }));
        journal.note(`wait: ${isCancelled(error)}`);
        throw error;
      },
      async parent(steps: Steps) {
        const child = await steps.startChild(ref("waits"), { key: "child", input: null });
        const error = await caught(child.result());
        journal.note(`result: ${isCancelled(error)}`);
        throw error;
      },
      async sleeps(steps: Steps) {
        journal.note("sleeping");
        const error = await caught(steps.sleep(600_000));
        journal.note(`sleep: ${isCancelled(error)}`);
        throw error;
      },
    });
    await engine.start(ref("parent"), { key: "a", input: null });
    await engine.start(ref("sleeps"), { key: "b", input: null });
    await journal.seen("waiting");
    await journal.seen("sleeping");
    await Promise.all([engine.cancel("a"), engine.cancel("b")]);
    for (const what of ["wait", "result", "sleep"]) await journal.seen(`${what}: true`);
    expect(await engine.ended("a")).toBe("cancelled");
    expect(await engine.ended("b")).toBe("cancelled");
  });

  test("a child cancelled alone is told to its parent, which goes on", async () => {
    const { world, journal } = context;
    const engine = await world.launch({
      async child(steps: Steps) {
        await steps.waitFor("never", { timeoutMs: 600_000 });
      },
      async parent(steps: Steps) {
        const child = await steps.startChild(ref("child"), { key: "child", input: null });
        await steps.step("ready", () => Promise.resolve(journal.note("ready")));
        const error = await caught(child.result());
        await steps.step("tell", () => Promise.resolve(journal.note(String(isCancelled(error)))));
      },
    });
    await engine.start(ref("parent"), { key: "a", input: null });
    await journal.seen("ready");
    await engine.cancel("child");
    expect(await engine.ended("a")).toBe("succeeded");
    expect(journal.lines).toEqual(["ready", "true"]);
  });

  test("a queued child that was cancelled never starts", async () => {
    const { world, journal } = context;
    const gate = new Gate();
    const engine = await world.launch(
      {
        async child(steps: Steps, input: string) {
          await steps.step("work", (signal) => {
            journal.note(`running ${input}`);
            return gate.pass(signal);
          });
        },
        async parent(steps: Steps) {
          for (const key of ["one", "two"]) {
            await steps.startChild(ref("child"), { key, input: key, partition: "repo" });
          }
          await steps.step("ready", () => Promise.resolve(journal.note("both started")));
        },
      },
      { perPartition: 1, perWorker: 8 },
    );
    await engine.start(ref("parent"), { key: "a", input: null });
    await journal.seen("running one");
    await journal.seen("both started");
    await engine.cancel("two");
    gate.open();
    expect(await engine.ended("one")).toBe("succeeded");
    expect(await engine.state("two")).toBe("cancelled");
    expect(journal.count("running two")).toBe(0);
  });
}
