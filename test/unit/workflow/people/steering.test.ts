import { describe, expect, test } from "vitest";
import type { LedgerFact } from "../../../../src/domain/run/ledger-event.ts";
import { statusComment } from "../../../../src/reports/status-comment.ts";
import { ControlBench, GRANT } from "../../../helpers/control-bench.ts";
import { RUN_KEY } from "../../../helpers/play-run.ts";
import { REPO } from "../../../helpers/run-facts.ts";
import { goodActs } from "../../../helpers/scripted-acts.ts";
import type { Act } from "../../../helpers/small-world.ts";

type Taken = Extract<LedgerFact, { type: "steering-taken" }>;

/** Everybody does their job and the prompts they had are written down, by task. */
function listening(): { acts: Record<string, Act>; prompts: Map<string, string[]> } {
  const prompts = new Map<string, string[]>();
  const acts = Object.fromEntries(
    Object.entries(goodActs()).map(([task, act]) => [
      task,
      (work: Parameters<Act>[0]) => {
        prompts.set(task, [...(prompts.get(task) ?? []), work.prompt]);
        return act(work);
      },
    ]),
  );
  return { acts, prompts };
}

async function taken(bench: ControlBench): Promise<Taken[]> {
  const { runId } = await bench.world.view();
  return (await bench.world.ledger.read(runId)).flatMap(({ fact }) =>
    fact.type === "steering-taken" ? [fact] : [],
  );
}

function timesIn(prompt: string | undefined, text: string): number {
  return (prompt ?? "").split(text).length - 1;
}

/** Resolves when the developer is at work, and gives what lets it go on. */
async function developing(bench: ControlBench): Promise<() => void> {
  const release = bench.world.hold("handler");
  const begun = bench.world.reached("phase-started");
  await bench.start();
  await begun;
  await bench.world.reached("dispatch-started");
  return release;
}

describe("R5: an instruction to a live run", () => {
  test("R5: it reaches the agent at work in its conversation, once, and everybody after it by the brief", async () => {
    const { acts, prompts } = listening();
    await using bench = new ControlBench({ acts });
    const release = await developing(bench);
    expect(await bench.steer("use tabs")).toEqual({
      kind: "accepted",
      said: "Your instruction is told to the specialist at work, before any result counts, and to everyone who works after.",
    });
    release();
    await bench.engine.ended(RUN_KEY);
    for (const task of ["handler", "unit", "review"])
      expect(timesIn(prompts.get(task)?.[0], "bob says: use tabs"), task).toBe(1);
    expect(timesIn(prompts.get("plan")?.[0], "use tabs")).toBe(0);
    const told = await taken(bench);
    expect(told.filter(({ how }) => how === "conversation")).toMatchObject([
      { id: "500", role: "backend-developer", dispatchId: "7-12-r1.handler.1" },
    ]);
    expect(told.map(({ dispatchId }) => dispatchId.split(".")[1])).toEqual(
      expect.arrayContaining(["handler", "unit", "integration", "acceptance", "review"]),
    );
    // It was heeded while the work went on, so nothing is done again for it.
    expect(bench.world.dispatched.filter((id) => id.includes(".fix-"))).toEqual([]);
    const comment = statusComment(await bench.world.view(), { webUrl: "http://127.0.0.1" });
    expect(comment).toContain("- bob: use tabs (told to `backend-developer`, `backend-tester`,");
  });

  test("R5: the planner at work is told, too", async () => {
    const { acts, prompts } = listening();
    await using bench = new ControlBench({ acts });
    const release = bench.world.hold("plan");
    const begun = bench.world.reached("dispatch-started");
    await bench.start();
    await begun;
    await bench.steer("in one phase");
    release();
    await bench.engine.ended(RUN_KEY);
    expect(timesIn(prompts.get("plan")?.[0], "bob says: in one phase")).toBe(1);
    expect(timesIn(prompts.get("handler")?.[0], "bob says: in one phase")).toBe(1);
  });

  test("R5, R6: the same comment delivered twice is told once; another comment is told, too", async () => {
    const { acts, prompts } = listening();
    await using bench = new ControlBench({ acts });
    const release = await developing(bench);
    await bench.steer("use tabs", 500);
    await bench.steer("use tabs", 500);
    await bench.steer("keep it short", 501);
    release();
    await bench.engine.ended(RUN_KEY);
    const [prompt] = prompts.get("handler") ?? [];
    expect(timesIn(prompt, "bob says: use tabs")).toBe(1);
    expect(timesIn(prompt, "bob says: keep it short")).toBe(1);
    expect((await bench.world.view()).steering.map(({ id }) => id)).toEqual(["500", "501"]);
  });

  test("R5: what the agent did not live to hear is told to the next dispatch", async () => {
    const { acts, prompts } = listening();
    let first = true;
    await using bench = new ControlBench({
      acts: {
        ...acts,
        handler: (work) => {
          if (!first) return (acts["handler"] as Act)(work);
          first = false;
          return { status: "crashed" };
        },
      },
    });
    const release = await developing(bench);
    const ended = bench.world.reached("dispatch-ended");
    release();
    await ended;
    await bench.steer("use tabs");
    await bench.engine.ended(RUN_KEY);
    expect(timesIn(prompts.get("handler")?.[0], "bob says: use tabs")).toBe(1);
    expect((await taken(bench))[0]).toMatchObject({
      dispatchId: "7-12-r1.handler.2",
      how: "brief",
    });
  });

  test("R5: what only a reviewer heard becomes one more round before the end, reviewed again", async () => {
    const { acts, prompts } = listening();
    await using bench = new ControlBench({ acts });
    const { world } = bench;
    const release = world.hold("security");
    const reviewing = reachedTask(bench, "security");
    await bench.start();
    await reviewing;
    await bench.steer("rename the handler");
    release();
    await bench.engine.ended(RUN_KEY);
    const view = await world.view();
    expect(view.state).toBe("complete");
    expect(prompts.get("fix")).toHaveLength(1);
    expect(timesIn(prompts.get("fix")?.[0], "rename the handler")).toBeGreaterThan(0);
    expect(view.tasks.find(({ task }) => task.id === "review")?.sha).toBe(view.headSha);
    const types = (await world.ledger.read(view.runId)).map(({ fact }) => fact.type);
    expect(types.filter((type) => type === "run-completed")).toHaveLength(1);
  });

  test("R5: after a crash the agent starts again and is told again; the instruction stands once in the record", async () => {
    const { acts, prompts } = listening();
    await using bench = new ControlBench({ acts });
    const { world, engine } = bench;
    const release = await developing(bench);
    await bench.steer("use tabs");
    release();
    engine.crash();
    await engine.restart();
    await engine.ended(RUN_KEY);
    expect((await world.view()).state).toBe("complete");
    for (const prompt of prompts.get("handler") ?? [])
      expect(timesIn(prompt, "bob says: use tabs")).toBe(1);
    const steered = (await world.ledger.read((await world.view()).runId)).filter(
      ({ fact }) => fact.type === "steered",
    );
    expect(steered).toHaveLength(1);
  });

  test("R5: after the end it is the next round; the person is told so", async () => {
    const { acts, prompts } = listening();
    await using bench = new ControlBench({ acts, limits: { standbyDays: 30 } });
    const { world } = bench;
    const done = world.reached("run-completed");
    await bench.start();
    await done;
    const again = world.reached("run-completed");
    const run = { ...(await bench.live()), standsBy: true };
    const outcome = await bench.control.steer(GRANT, {
      repo: REPO,
      run,
      text: "rename the handler",
      commentId: 500,
      deliveryId: "d",
    });
    await again;
    expect(outcome.said).toBe("Your instruction begins another round of work on the same branch.");
    expect(prompts.get("fix")).toHaveLength(1);
    await bench.engine.cancel(RUN_KEY);
  });
});

/** Resolves when a dispatch of that task has begun. */
function reachedTask(bench: ControlBench, task: string): Promise<void> {
  return bench.world.reachedFact(
    (fact) => fact.type === "dispatch-started" && fact.taskId === task,
  );
}
