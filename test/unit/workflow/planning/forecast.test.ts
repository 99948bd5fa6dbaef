import { describe, expect, test } from "vitest";
import type { HistoryRecord } from "../../../../src/domain/budget/estimate.ts";
import { MemoryDurations } from "../../../../src/engine/memory/durations.ts";
import { ANSWERS } from "../../../../src/workflow/people/escalate.ts";
import { RUN_KEY, runWith } from "../../../helpers/play-run.ts";

const WORK = {
  repositoryId: 7,
  specialist: "backend-developer",
  phase: "implementation",
  taskType: "implementation",
} as const;

/** Every small world begins with run 1 of its issue: here each keeps its records as a run of its own. */
class RunByRun extends MemoryDurations {
  run = 0;

  override put(key: string, record: HistoryRecord): Promise<void> {
    return super.put(`${this.run} ${key}`, record);
  }
}

describe("U5, M2: the forecast", () => {
  test("stands in the ledger and in the comment before the first specialist starts", async () => {
    const shown: (string | undefined)[] = [];
    const { world } = await runWith(
      {},
      {
        act: async (_engine, world) => {
          await world.reached("phase-started");
          shown.push(world.comments.get("status"));
        },
      },
    );
    const events = await world.ledger.read((await world.view()).runId);
    const types = events.map(({ fact }) => fact.type);
    const first = events.findIndex(
      ({ fact }) => fact.type === "dispatch-started" && fact.taskId === "handler",
    );
    expect(types.indexOf("plan-accepted")).toBeLessThan(types.indexOf("estimated"));
    expect(types.indexOf("estimated")).toBeLessThan(first);
    expect(shown[0]).toMatch(
      /\*\*Forecast:\*\* about .+ tokens, .+ \(prior, nothing measured yet\)/,
    );
  });

  test("M1, M2, M3: after five runs the same kind of work is measured, and says so", async () => {
    const durations = new RunByRun();
    for (durations.run = 1; durations.run <= 5; durations.run++) {
      const { world } = await runWith({}, { durations });
      expect((await world.view()).forecast?.times["handler"]?.basis).toBe("prior");
    }
    const { world } = await runWith({}, { durations });
    const { forecast } = await world.view();
    expect(forecast).toMatchObject({ basis: "measured", measuredTasks: 6 });
    expect(forecast?.times["handler"]).toMatchObject({ basis: "measured", n: 5, medianMs: 1 });
    // Three testers in each run: all their work is of one kind.
    expect(forecast?.times["unit"]).toMatchObject({ basis: "measured", n: 15 });
    expect(world.comments.get("status")).toContain("(measured, medians of 6 tasks)");
  });

  test("M1: what a run's tasks took is kept by specialist, phase and kind of work when it closes", async () => {
    const durations = new MemoryDurations();
    await runWith({}, { durations });
    expect(await durations.latest([WORK])).toEqual([
      { ...WORK, durationMs: 1, tokens: 15, usd: 0 },
    ]);
  });

  test("U5: an unknown price makes the forecast's cost unknown, never zero", async () => {
    const { world } = await runWith({}, { unpriced: true });
    expect((await world.view()).forecast?.usd).toBeNull();
  });

  test("U5: a plan that comes near the limit is asked about before anybody starts", async () => {
    const { world, end } = await runWith(
      {},
      {
        limits: { maxTokens: 1_500_000 },
        act: async (engine, world) => {
          await world.reached("question-asked");
          expect(world.dispatched).toHaveLength(1);
          const body = { number: 1, by: "bob", text: "a", option: "a" };
          await engine.send({ key: RUN_KEY, topic: ANSWERS, body, idempotencyKey: "a1" });
        },
      },
    );
    expect(end).toBe("complete");
    const [question] = (await world.view()).questions;
    expect(question?.question.text).toMatch(/^The run would use \d+ % of the limit of 1,500,000/);
  });

  test("S3, U5: where large plans are approved, one question stands for both", async () => {
    const { world, end } = await runWith(
      {},
      {
        limits: { maxTokens: 1_500_000 },
        profile: { version: 1, plan_approval: "large" },
        act: (engine) => {
          const body = { number: 1, by: "bob", text: "a", option: "a" };
          return engine.send({ key: RUN_KEY, topic: ANSWERS, body, idempotencyKey: "a1" });
        },
      },
    );
    expect(end).toBe("complete");
    const { questions, budgetAgreed } = await world.view();
    expect(questions).toHaveLength(1);
    expect(questions[0]?.question.text).toMatch(/limit of .+\. Shall this plan be carried out\?$/);
    expect(budgetAgreed).toBe(true);
  });
});
