import { describe, expect, test } from "vitest";
import type { MemoryEngine } from "../../../../src/engine/memory/engine.ts";
import { ORDERS, type Order } from "../../../../src/workflow/people/orders.ts";
import { send } from "../../../helpers/follow-up.ts";
import { RUN_KEY, runWith } from "../../../helpers/play-run.ts";
import { writes } from "../../../helpers/scripted-acts.ts";

const STAY = { standbyDays: 30 };

/** Sends orders in this order; they are buffered until the run looks. */
function orders(...bodies: Order[]): (engine: MemoryEngine) => Promise<void> {
  return async (engine) => {
    for (const [index, body] of bodies.entries())
      await engine.send({ key: RUN_KEY, topic: ORDERS, body, idempotencyKey: `o${index}` });
  };
}

function close(engine: MemoryEngine): Promise<void> {
  const body: Order = { kind: "closed", by: "alice", merged: true };
  return engine.send({ key: RUN_KEY, topic: ORDERS, body, idempotencyKey: "closed" });
}

describe("orders of people to a run", () => {
  test("K4, R1: a paused run starts nothing until it is resumed, then ends as it would have", async () => {
    const { world, end } = await runWith(
      {},
      { act: orders({ kind: "pause", by: "bob" }, { kind: "resume", by: "bob" }) },
    );
    expect(end).toBe("complete");
    const types = (await world.ledger.read((await world.view()).runId)).map(
      (event) => event.fact.type,
    );
    expect(types.indexOf("waiting")).toBeLessThan(types.indexOf("resumed"));
    expect(types.indexOf("resumed")).toBeLessThan(types.lastIndexOf("dispatch-started"));
  });

  test("R1: a skipped phase is skipped with the person's reason in the record", async () => {
    const skip: Order = { kind: "skip", by: "bob", phase: "quality", reason: "reviewed by hand" };
    const { world, end } = await runWith({}, { act: orders(skip) });
    expect(end).toBe("complete");
    const quality = (await world.view()).phases.find((p) => p.phase === "quality");
    expect(quality).toMatchObject({ state: "skipped", reason: "reviewed by hand, says bob" });
    expect(world.dispatched.some((id) => id.includes(".review."))).toBe(false);
  });

  test("R1, R8: after the end a skip and a budget are noted like before it, and a retry by name undoes the skip", async () => {
    let before = 0;
    const { world, end } = await runWith(
      { handler: () => ({ status: "no-result" }) },
      {
        limits: { ...STAY, taskAttempts: 1 },
        act: async (engine, world) => {
          await world.reached("blocked");
          let again = world.reached("blocked");
          await send(engine, { kind: "budget", by: "bob", usd: 5 });
          await again;
          const done = world.reached("run-completed");
          const skip = { phase: "implementation", reason: "done by hand" } as const;
          await send(engine, { kind: "skip", by: "bob", ...skip });
          await done;
          before = world.dispatched.length;
          again = world.reached("blocked");
          await send(engine, { kind: "retry", by: "bob", phase: "implementation" });
          await again;
          await close(engine);
        },
      },
    );
    expect(end).toBe("blocked");
    expect((await world.view()).notes).toEqual(
      expect.arrayContaining([
        "bob set the budget of this run to $5.",
        "bob left out phase implementation: done by hand",
      ]),
    );
    expect(world.dispatched.slice(before).join()).toContain(".handler.");
  });

  test("R5: an instruction to a live run reaches every later dispatch", async () => {
    const seen: string[] = [];
    const handler = writes("src/handler.js", "ok");
    await runWith(
      {
        handler: (work) => {
          seen.push(work.prompt);
          return handler(work);
        },
      },
      { act: orders({ kind: "instruct", by: "bob", text: "use tabs" }) },
    );
    expect(seen[0]).toContain("bob says: use tabs");
  });

  test("R8: retry of a blocked run carries out what is not done and keeps earlier work", async () => {
    let broken = true;
    const { world, end } = await runWith(
      {
        review: () => {
          if (broken) return { status: "no-result" };
          return {
            result: {
              status: "complete",
              summary: "fine",
              spec: { verdict: "compliant", missing: [], extra: [], deviations: [] },
              quality: { verdict: "approved", issues: [] },
            },
          };
        },
      },
      {
        limits: STAY,
        act: async (engine, world) => {
          await world.reached("blocked");
          broken = false;
          const done = world.reached("run-completed");
          await orders({ kind: "retry", by: "bob" })(engine);
          await done;
          await close(engine);
        },
      },
    );
    expect(end).toBe("complete");
    expect(world.dispatched.filter((id) => id.includes(".handler."))).toHaveLength(1);
    expect(world.dispatched.filter((id) => id.includes(".review."))).toHaveLength(4);
    expect((await world.view()).blocked).toBeUndefined();
  });

  test("T2: an instruction after the end is the next round on the same branch, reviewed and verified again", async () => {
    const { world, end } = await runWith(
      {},
      {
        limits: STAY,
        act: async (engine, world) => {
          await world.reached("run-completed");
          const done = world.reached("run-completed");
          await orders({ kind: "instruct", by: "bob", text: "rename the handler" })(engine);
          await done;
          await close(engine);
        },
      },
    );
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.tasks.find((t) => t.task.id === "fix-1")).toMatchObject({ state: "accepted" });
    expect(view.tasks.find((t) => t.task.id === "review")?.sha).toBe(view.headSha);
    expect(world.pulls).toHaveLength(1);
  });
});
