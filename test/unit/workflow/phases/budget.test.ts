import { describe, expect, test } from "vitest";
import { taskTypeOf } from "../../../../src/domain/budget/estimate.ts";
import { statusReport } from "../../../../src/domain/status-schema.ts";
import { systemClock } from "../../../../src/engine/clock.ts";
import { MemoryDurations } from "../../../../src/engine/memory/durations.ts";
import type { MemoryEngine } from "../../../../src/engine/memory/engine.ts";
import { ANSWERS } from "../../../../src/workflow/people/escalate.ts";
import { send } from "../../../helpers/follow-up.ts";
import { RUN_KEY, runWith } from "../../../helpers/play-run.ts";
import { soundPlan, viewOf } from "../../../helpers/run-facts.ts";
import { writes } from "../../../helpers/scripted-acts.ts";
import type { SmallWorld } from "../../../helpers/small-world.ts";

/** Each scripted dispatch uses 15 tokens; a whole good run has seven: the plan and six tasks. */
const EACH = 15;

function answer(engine: MemoryEngine, option: string): Promise<void> {
  const body = { number: 1, by: "bob", text: option, option };
  return engine.send({ key: RUN_KEY, topic: ANSWERS, body, idempotencyKey: `a1 ${option}` });
}

/** Earlier runs, whose tasks used next to nothing: the forecast stays far from every limit. */
function cheapHistory(): MemoryDurations {
  const durations = new MemoryDurations();
  for (const { task, phase } of viewOf({ type: "plan-accepted", plan: soundPlan() }).tasks)
    for (let n = 1; n <= 5; n++)
      void durations.put(`${task.id} ${n}`, {
        repositoryId: 7,
        specialist: task.specialist,
        phase,
        taskType: taskTypeOf(task),
        durationMs: 1,
        tokens: 1,
        usd: 0,
      });
  return durations;
}

/** Attempts at work when the run first came to this fact. */
async function dispatchedBefore(world: SmallWorld, type: string): Promise<number> {
  const events = await world.ledger.read((await world.view()).runId);
  const at = events.findIndex(({ fact }) => fact.type === type);
  return events.slice(0, at).filter(({ fact }) => fact.type === "dispatch-started").length;
}

describe("U5: the budget", () => {
  test("U5: people are asked once before it is overspent, and their yes goes up to the limit", async () => {
    const { world, end } = await runWith(
      {},
      {
        limits: { maxTokens: 7 * EACH },
        durations: cheapHistory(),
        act: (engine) => answer(engine, "a"),
      },
    );
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.questions).toHaveLength(1);
    expect(view.questions[0]?.question.text).toMatch(
      /^The run has used 8\d % of the limit of 105 tokens/,
    );
    expect(view.budgetAgreed).toBe(true);
  });

  test("U5: whoever says no stops it; its branches and its report stay", async () => {
    const { world, end } = await runWith(
      {},
      {
        limits: { maxTokens: 7 * EACH },
        durations: cheapHistory(),
        act: (engine) => answer(engine, "b"),
      },
    );
    expect(end).toBe("blocked");
    const view = await world.view();
    expect(view.blocked?.issue).toContain("bob stopped the run: the run has used 8");
    expect(view.phases.filter(({ state }) => state === "running")).toEqual([]);
    expect(world.pulls).toHaveLength(1);
  });

  test("U5, K8: a used-up budget is a state of its own: nobody is dispatched until somebody allows more", async () => {
    const { world, end } = await runWith(
      {},
      {
        limits: { maxTokens: 4 * EACH, questionDays: 30 },
        act: async (engine, world) => {
          const spent = world.reached("waiting");
          await answer(engine, "a");
          await spent;
          while ((await world.view()).wait?.for !== "budget") await world.reached("waiting");
          const view = await world.view();
          expect(view.wait?.detail).toContain("limit of 60 tokens is used up");
          expect(statusReport(view)).toMatchObject({ status: "blocked" });
          expect(world.dispatched).toHaveLength(5);
          await send(engine, { kind: "budget", by: "bob", usd: 5 });
        },
      },
    );
    expect(end).toBe("complete");
    expect((await world.view()).budgetSet).toBe(5);
  });

  test("K8: when nobody allows more the run is given up", async () => {
    const { world, end } = await runWith(
      {},
      { limits: { maxTokens: EACH, questionDays: 0.000_001 } },
    );
    expect(end).toBe("blocked");
    expect((await world.view()).blocked?.issue).toBe(
      "the run was given up: the limit of 15 tokens is used up",
    );
    expect(world.dispatched).toHaveLength(1);
  });

  test("K8, Q5: a run's time is limited, too: beyond it nobody is dispatched, and it is given up when nobody allows more", async () => {
    let now = Date.UTC(2026, 0, 1);
    const { world, end } = await runWith(
      {
        handler: (work) => {
          now += 61 * 60_000;
          return writes("src/handler.js", "ok")(work);
        },
      },
      {
        limits: { maxMinutes: 60, questionDays: 0.000_001 },
        durations: cheapHistory(),
        made: (small) => {
          small.clock = { ...systemClock, now: () => now };
        },
      },
    );
    expect(end).toBe("blocked");
    expect((await world.view()).blocked?.issue).toBe(
      "the run was given up: the limit of 60 minutes is used up",
    );
    expect(world.dispatched.map((id) => id.split(".")[1])).toEqual(["plan", "handler"]);
  });

  test("Q5: half of it is a note, once", async () => {
    const { world, end } = await runWith(
      {},
      { limits: { maxTokens: 10 * EACH }, durations: cheapHistory() },
    );
    expect(end).toBe("complete");
    const notes = (await world.view()).notes.filter((note) => note.includes("of the limit of"));
    expect(notes).toEqual([expect.stringMatching(/^\d\d % of the limit of 150 tokens is used$/)]);
  });

  test("Q5: the repository's profile narrows what the operator allows", async () => {
    const { world } = await runWith(
      {},
      {
        profile: { version: 1, budget: { tokens: EACH } },
        limits: { questionDays: 0.000_001 },
      },
    );
    expect((await world.view()).blocked?.issue).toContain("limit of 15 tokens");
  });

  test("U5: an unknown cost is not zero: with a limit in money people are asked", async () => {
    const { world, end } = await runWith(
      {},
      {
        request: { options: { budgetUsd: 5 } },
        unpriced: true,
        act: (engine) => answer(engine, "a"),
      },
    );
    expect(end).toBe("complete");
    expect((await world.view()).questions[0]?.question.text).toContain(
      "The cost so far is unknown, so nothing shows that the limit of $5.00 is kept",
    );
    expect(await dispatchedBefore(world, "question-asked")).toBe(1);
  });
});
