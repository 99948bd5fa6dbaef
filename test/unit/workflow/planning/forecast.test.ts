import { describe, expect, test } from "vitest";
import type { HistoryRecord } from "../../../../src/domain/budget/estimate.ts";
import type { Limits } from "../../../../src/domain/limits.ts";
import { ManualClock } from "../../../../src/engine/clock.ts";
import { MemoryDurations } from "../../../../src/engine/memory/durations.ts";
import { ANSWERS } from "../../../../src/workflow/people/escalate.ts";
import { RUN_KEY, runWith } from "../../../helpers/play-run.ts";
import { soundPlan } from "../../../helpers/run-facts.ts";
import type { Act } from "../../../helpers/small-world.ts";

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

/** A design that took five runs of this repository so long. */
function designsTook(ms: number): MemoryDurations {
  const durations = new MemoryDurations();
  for (let n = 1; n <= 5; n++)
    void durations.put(`design ${n}`, {
      repositoryId: 7,
      specialist: "backend-lead",
      phase: "architecture",
      taskType: "research",
      durationMs: ms,
      tokens: 1,
      usd: 0,
    });
  return durations;
}

/** Plans without a design for want of time; told that this is no reason, with another reason. */
function cuts({ attempt }: Parameters<Act>[0]): ReturnType<Act> {
  const plan = soundPlan();
  const reason = attempt === 1 ? "Skipped, no time for a design" : "One endpoint in a known place";
  plan.phases[0] = { phase: "architecture", tasks: [], skip_reason: reason };
  return { result: plan };
}

const HOUR = 3_600_000;

describe("M4, D5: a phase that a plan leaves out for want of time", () => {
  async function played(
    durations: MemoryDurations,
    limits: Partial<Limits>,
  ): Promise<{ refused: string; notes: string }> {
    const { world, end } = await runWith(
      { plan: cuts },
      {
        durations,
        limits,
        answering: () => ({ option: "a", text: "a" }),
        made: (small) => {
          small.clock = new ManualClock();
        },
      },
    );
    expect(end).toBe("complete");
    const events = await world.ledger.read((await world.view()).runId);
    const problems = events.flatMap(({ fact }) =>
      fact.type === "plan-refused" ? fact.problems : [],
    );
    return { refused: problems.join("\n"), notes: (await world.view()).notes.join("\n") };
  }

  test("M4: is planned after all while nothing was measured, and the planner is told", async () => {
    const { refused, notes } = await played(new MemoryDurations(), { maxMinutes: 500 });
    expect(refused).toContain('"no time" is no reason to leave work out');
    expect(refused).toContain("no measured duration");
    expect(notes).not.toContain("want of time");
  });

  test("M4: is refused where the measured time fits, or the run has no limit of time", async () => {
    const fits = await played(designsTook(HOUR), { maxMinutes: 500 });
    expect(fits.refused).toMatch(/takes about 1 h .*measured, n = 5.* 8 h 20 min left/);
    const unlimited = await played(designsTook(HOUR), {});
    expect(unlimited.refused).toContain("this run has no limit of time");
  });

  test("M4: stands where the measured time does not fit, and the record says what backs it", async () => {
    const { refused, notes } = await played(designsTook(9 * HOUR), { maxMinutes: 500 });
    expect(refused).toBe("");
    expect(notes).toMatch(
      /Phase architecture is left out for want of time: such work takes about 9 h .*measured, n = 5.* 8 h 20 min left/,
    );
  });
});
