import { describe, expect, test } from "vitest";
import type { Steps } from "../../../src/ports/engine.ts";
import { type Context, type EngineWorld, freshContext, Gate, ref } from "./world.ts";

/** What every engine promises about messages and time. */
export function waitingSuite(name: string, open: () => Promise<EngineWorld>): void {
  describe(`${name}: messages and time`, () => {
    const context = freshContext(open);

    messageCases(context);
    timeCases(context);
  });
}

function messageCases(context: Context): void {
  test("buffers messages that come before the wait, in order of sending, apart by topic", async () => {
    const { world, journal } = context;
    const gate = new Gate();
    const engine = await world.launch({
      async reader(steps: Steps) {
        await steps.step("hold", (signal) => gate.pass(signal));
        const got = [
          await steps.waitFor("answers", { timeoutMs: 60_000 }),
          await steps.waitFor("answers", { timeoutMs: 60_000 }),
          await steps.waitFor("other", { timeoutMs: 60_000 }),
        ];
        await steps.step("tell", () => Promise.resolve(journal.note(JSON.stringify(got))));
      },
    });
    await engine.start(ref("reader"), { key: "a", input: null });
    await engine.send({ key: "a", topic: "other", body: "o", idempotencyKey: "3" });
    await engine.send({ key: "a", topic: "answers", body: { n: 1 }, idempotencyKey: "1" });
    await engine.send({ key: "a", topic: "answers", body: { n: 2 }, idempotencyKey: "2" });
    gate.open();
    expect(await engine.ended("a")).toBe("succeeded");
    expect(journal.lines).toEqual(['[{"n":1},{"n":2},"o"]']);
  });

  test("delivers a message once per idempotency key", async () => {
    const { world, journal } = context;
    const engine = await world.launch({
      async reader(steps: Steps) {
        for (let taken = 0; taken < 2; taken += 1) {
          const body = await steps.waitFor<string>("answers", { timeoutMs: 60_000 });
          await steps.step("tell", () => Promise.resolve(journal.note(String(body))));
        }
      },
    });
    await engine.start(ref("reader"), { key: "a", input: null });
    const first = { key: "a", topic: "answers", body: "first", idempotencyKey: "guid-1" };
    await Promise.all([engine.send(first), engine.send(first), engine.send(first)]);
    await journal.seen("first");
    await engine.send(first);
    await engine.send({ ...first, body: "second", idempotencyKey: "guid-2" });
    expect(await engine.ended("a")).toBe("succeeded");
    expect(journal.lines).toEqual(["first", "second"]);
  });

  test("refuses a message to a workflow that nobody started", async () => {
    const engine = await context.world.launch({});
    const message = { key: "nobody", topic: "t", body: 1, idempotencyKey: "x" };
    await expect(engine.send(message)).rejects.toThrow("No workflow has the key nobody");
  });

  test("keeps a message that was sent while the process was down for the wait after the restart", async () => {
    const { world, journal } = context;
    const engine = await world.launch({
      async reader(steps: Steps) {
        await steps.step("begin", () => Promise.resolve(journal.note("begun")));
        journal.note("waiting");
        const body = await steps.waitFor<string>("answers", { timeoutMs: 60_000 });
        await steps.step("tell", () => Promise.resolve(journal.note(String(body))));
      },
    });
    await engine.start(ref("reader"), { key: "a", input: null });
    await journal.seen("waiting");
    const again = await world.restart();
    await again.send({ key: "a", topic: "answers", body: "late", idempotencyKey: "1" });
    expect(await again.ended("a")).toBe("succeeded");
    expect(journal.lines).toEqual(["begun", "waiting", "waiting", "late"]);
  });
}

function timeCases(context: Context): void {
  test("gives undefined when no message came in time", async () => {
    const { world, journal } = context;
    const engine = await world.launch({
      async patient(steps: Steps) {
        const body = await steps.waitFor("answers", { timeoutMs: 300 });
        await steps.step("tell", () => Promise.resolve(journal.note(String(body))));
      },
    });
    await engine.start(ref("patient"), { key: "a", input: null });
    await world.elapse(300);
    expect(await engine.ended("a")).toBe("succeeded");
    expect(journal.lines).toEqual(["undefined"]);
  });

  test("sleeps durably: a restart does not begin the time again", async () => {
    const { world, journal } = context;
    const engine = await world.launch({
      async sleeper(steps: Steps) {
        await steps.step("begin", () => Promise.resolve(journal.note("begun")));
        journal.note("sleeping");
        await steps.sleep(1_500);
        await steps.step("end", () => Promise.resolve(journal.note("woke")));
      },
    });
    await engine.start(ref("sleeper"), { key: "a", input: null });
    await journal.seen("sleeping");
    await world.elapse(1_000);
    expect(await engine.state("a")).toBe("running");
    const again = await world.restart();
    const restartedAt = Date.now();
    await world.elapse(500);
    expect(await again.ended("a")).toBe("succeeded");
    expect(Date.now() - restartedAt).toBeLessThan(1_450);
    expect(journal.lines).toEqual(["begun", "sleeping", "sleeping", "woke"]);
  });
}
