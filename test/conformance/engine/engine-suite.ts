import { describe, expect, test } from "vitest";
import { UserError, WorldError } from "../../../src/domain/failure.ts";
import type { Steps } from "../../../src/ports/engine.ts";
import { cancellingSuite } from "./cancelling-suite.ts";
import { childrenSuite } from "./children-suite.ts";
import { queueSuite } from "./queue-suite.ts";
import { waitingSuite } from "./waiting-suite.ts";
import { type Context, caught, type EngineWorld, freshContext, Gate, ref } from "./world.ts";

/** What every engine promises. `open` gives a fresh durable state. */
export function engineSuite(name: string, open: () => Promise<EngineWorld>): void {
  describe(`${name}: starting and replaying`, () => {
    const context = freshContext(open);

    startCases(context);
    stepCases(context);
    replayCases(context);
    forgettingCases(context);
  });
  waitingSuite(name, open);
  childrenSuite(name, open);
  cancellingSuite(name, open);
  queueSuite(name, open);
}

function startCases(context: Context): void {
  test("starts once by key, also concurrently and after it ended", async () => {
    const { world, journal } = context;
    const engine = await world.launch({
      async once(steps: Steps) {
        await steps.step("work", () => Promise.resolve(journal.note("worked")));
      },
    });
    const request = { key: "a", input: null };
    await Promise.all([1, 2, 3, 4, 5].map(() => engine.start(ref("once"), request)));
    expect(await engine.ended("a")).toBe("succeeded");
    await engine.start(ref("once"), request);
    const again = await world.restart();
    await again.start(ref("once"), request);
    expect(await again.state("a")).toBe("succeeded");
    expect(journal.lines).toEqual(["worked"]);
  });

  test("gives the body the input it was started with", async () => {
    const { world, journal } = context;
    const engine = await world.launch({
      async echo(steps: Steps, input: { list: number[]; text: string }) {
        await steps.step("look", () => Promise.resolve(journal.note(JSON.stringify(input))));
      },
    });
    await engine.start(ref("echo"), { key: "a", input: { list: [1, 2], text: "Ä" } });
    await engine.ended("a");
    expect(journal.lines).toEqual(['{"list":[1,2],"text":"Ä"}']);
  });

  test("knows no state of a key that nobody started, and refuses to wait for it", async () => {
    const engine = await context.world.launch({});
    expect(await engine.state("nobody")).toBeUndefined();
    await expect(engine.ended("nobody")).rejects.toThrow("No workflow has the key nobody");
  });
}

function stepCases(context: Context): void {
  test("returns a step's result as JSON, the same before and after a replay", async () => {
    const { world, journal } = context;
    const gate = new Gate();
    const engine = await world.launch({
      async results(steps: Steps) {
        const value = await steps.step("make", () =>
          Promise.resolve({ at: new Date(0), gone: undefined, list: [1] }),
        );
        const nothing = await steps.step("nothing", () => Promise.resolve(undefined));
        journal.note(`${JSON.stringify(value)} ${typeof value.at} ${"gone" in value} ${nothing}`);
        await steps.step("hold", (signal) => gate.pass(signal));
      },
    });
    const expected = '{"at":"1970-01-01T00:00:00.000Z","list":[1]} string false undefined';
    await engine.start(ref("results"), { key: "a", input: null });
    await journal.seen(expected);
    const again = await world.restart();
    await journal.seen(expected, 2);
    gate.open();
    expect(await again.ended("a")).toBe("succeeded");
  });

  test("fails the workflow with the message of a step that throws", async () => {
    const { world, journal } = context;
    const engine = await world.launch({
      async failing(steps: Steps) {
        await steps.step("break", () => Promise.reject(new Error("the disk is full")));
      },
      async parent(steps: Steps) {
        const child = await steps.startChild(ref("failing"), { key: "child", input: null });
        const message = await child.result().catch((error: Error) => error.message);
        await steps.step("tell", () => Promise.resolve(journal.note(String(message))));
      },
    });
    await engine.start(ref("parent"), { key: "a", input: null });
    expect(await engine.ended("a")).toBe("succeeded");
    expect(await engine.state("child")).toBe("failed");
    expect(journal.lines).toEqual(["the disk is full"]);
  });

  test("throws a step's error as the same class before and after a replay", async () => {
    const { world, journal } = context;
    const gate = new Gate();
    const engine = await world.launch({
      async classes(steps: Steps) {
        const user = await caught(
          steps.step("user", () => Promise.reject(new UserError("wrong command"))),
        );
        const outside = await caught(
          steps.step("world", () => Promise.reject(new WorldError("no network", "retry"))),
        );
        journal.note(
          [
            user instanceof UserError && user.message,
            outside instanceof WorldError && outside.failureClass,
          ].join(),
        );
        await steps.step("hold", (signal) => gate.pass(signal));
      },
    });
    await engine.start(ref("classes"), { key: "a", input: null });
    await journal.seen("wrong command,retry");
    const again = await world.restart();
    await journal.seen("wrong command,retry", 2);
    gate.open();
    expect(await again.ended("a")).toBe("succeeded");
  });

  test("runs steps side by side that were started together", async () => {
    const { world, journal } = context;
    const gate = new Gate();
    const engine = await world.launch({
      async together(steps: Steps) {
        const names = ["one", "two", "three"];
        const results = await Promise.all(
          names.map((name) =>
            steps.step(name, async (signal) => {
              journal.note("begun");
              await gate.pass(signal);
              return name;
            }),
          ),
        );
        await steps.step("tell", () => Promise.resolve(journal.note(results.join())));
      },
    });
    await engine.start(ref("together"), { key: "a", input: null });
    await journal.seen("begun", 3);
    gate.open();
    await journal.seen("one,two,three");
    expect(await engine.ended("a")).toBe("succeeded");
  });
}

function replayCases(context: Context): void {
  test("F26: a replay does not run finished steps again and runs the interrupted one again", async () => {
    const { world, journal } = context;
    const gate = new Gate();
    const engine = await world.launch({
      async steady(steps: Steps) {
        const made = await steps.step("first", () => {
          journal.note("first");
          return Promise.resolve("made once");
        });
        await steps.step("second", (signal) => {
          journal.note(`second after ${made}`);
          return gate.pass(signal);
        });
      },
    });
    await engine.start(ref("steady"), { key: "a", input: null });
    await journal.seen("second after made once");
    const again = await world.restart();
    await journal.seen("second after made once", 2);
    gate.open();
    expect(await again.ended("a")).toBe("succeeded");
    expect(journal.count("first")).toBe(1);
  });

  test("F41: a new version of a body continues what the old one began", async () => {
    const { world, journal } = context;
    const engine = await world.launch({
      async versioned(steps: Steps) {
        await steps.step("first", () => Promise.resolve(journal.note("old first")));
        journal.note("old waits");
        await steps.waitFor("answers", { timeoutMs: 600_000 });
      },
    });
    await engine.start(ref("versioned"), { key: "a", input: null });
    await journal.seen("old waits");
    const again = await world.restart({
      async versioned(steps: Steps) {
        await steps.step("first", () => Promise.resolve(journal.note("new first")));
        const answer = await steps.waitFor<string>("answers", { timeoutMs: 600_000 });
        await steps.step("added", () => Promise.resolve(journal.note(`new ${answer}`)));
      },
    });
    await again.send({ key: "a", topic: "answers", body: "answer", idempotencyKey: "1" });
    expect(await again.ended("a")).toBe("succeeded");
    expect(journal.lines).toEqual(["old first", "old waits", "new answer"]);
  });

  test("finds the ended and the cancelled as they were after a restart", async () => {
    const { world, journal } = context;
    const engine = await world.launch({
      async waits(steps: Steps) {
        await steps.waitFor("never", { timeoutMs: 60_000 });
      },
      async breaks(steps: Steps) {
        await steps.step("break", () => Promise.reject(new Error("broken")));
      },
    });
    await engine.start(ref("waits"), { key: "cancelled", input: null });
    await engine.start(ref("breaks"), { key: "failed", input: null });
    await engine.cancel("cancelled");
    expect(await engine.ended("failed")).toBe("failed");
    const again = await world.restart();
    expect(await again.ended("cancelled")).toBe("cancelled");
    expect(await again.state("failed")).toBe("failed");
    expect(journal.lines).toEqual([]);
  });
}

function forgettingCases(context: Context): void {
  test("K7: forgets a workflow that has ended with its children, never one that runs, and their keys are free", async () => {
    const { world, journal } = context;
    const gate = new Gate();
    const bodies = {
      async child(steps: Steps) {
        await steps.step("work", () => Promise.resolve(journal.note("child")));
      },
      async parent(steps: Steps) {
        const child = await steps.startChild(ref("child"), { key: "a.child", input: null });
        await child.result();
        await steps.step("hold", () => {
          journal.note("held");
          return gate.pass();
        });
      },
    };
    const engine = await world.launch(bodies);
    await engine.start(ref("parent"), { key: "a", input: null });
    await engine.start(ref("child"), { key: "b", input: null });
    await journal.seen("held");
    expect(await engine.forget("a")).toBe(false);
    expect(await engine.state("a.child")).toBe("succeeded");
    gate.open();
    expect(await engine.ended("a")).toBe("succeeded");
    expect(await engine.ended("b")).toBe("succeeded");
    expect(await engine.forget("a")).toBe(true);
    expect(await engine.forget("a")).toBe(true);
    const later = await world.restart();
    expect(await later.state("a")).toBeUndefined();
    expect(await later.state("a.child")).toBeUndefined();
    expect(await later.state("b")).toBe("succeeded");
    expect(journal.count("child")).toBe(2);
    await later.start(ref("child"), { key: "a", input: null });
    expect(await later.ended("a")).toBe("succeeded");
    expect(journal.count("child")).toBe(3);
  });
}
