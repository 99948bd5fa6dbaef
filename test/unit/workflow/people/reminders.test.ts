import { describe, expect, test } from "vitest";
import { stretches } from "../../../../src/domain/reminders.ts";
import { ManualClock } from "../../../../src/engine/clock.ts";
import { ControlBench } from "../../../helpers/control-bench.ts";
import { RUN_KEY } from "../../../helpers/play-run.ts";
import { soundPlan } from "../../../helpers/run-facts.ts";
import { writes } from "../../../helpers/scripted-acts.ts";

const DAY = 24 * 3_600_000;
const REMINDER = "12 orchestrate:reminder:7-12-r1:Q1";
const QUESTION = "12 orchestrate:question:7-12-r1:Q1";

const ASKS = {
  question: {
    text: "Which store?",
    options: [
      { key: "a", label: "memory", consequence: "simple" },
      { key: "b", label: "disk", consequence: "durable, and costs more" },
    ],
    recommended: "a",
  },
};

/** A run whose developer asks first; its engine's time moves only when told. */
async function asking(time: ManualClock): Promise<ControlBench> {
  const bench = new ControlBench({
    engine: { clock: time },
    acts: {
      handler: (work) =>
        work.prompt.includes("Which store?:") ? writes("src/handler.js", "x")(work) : ASKS,
    },
  });
  const waiting = bench.world.reached("waiting");
  await bench.start();
  await waiting;
  return bench;
}

describe("F43, P5, S3, X13: silence never approves", () => {
  test("P5: after one, three and seven days the person is reminded, in one comment, and the run stays as it is", async () => {
    const time = new ManualClock();
    await using bench = await asking(time);
    const { world } = bench;
    await time.advance(DAY - 1);
    expect(world.comments.has(REMINDER)).toBe(false);
    const dispatched = world.dispatched.length;
    for (const [days, times] of [
      [1, 1],
      [2, 2],
      [4, 3],
    ] as const) {
      await time.advance(days * DAY);
      const view = await world.view();
      expect(view.questions[0]).toMatchObject({ number: 1, reminders: times });
      expect([view.state, view.wait?.for]).toEqual(["waiting", "person"]);
    }
    expect(world.comments.get(REMINDER)).toMatch(
      /^@alice \[Q1\]\(http\S+\) still waits for an answer, asked .*: Which store\?\n\n.*nothing is decided by waiting\. This is reminder 3\.$/,
    );
    await time.advance(20 * DAY);
    expect((await world.view()).questions[0]?.reminders).toBe(3);
    expect(world.dispatched).toHaveLength(dispatched);
    expect(await bench.says()).toBe("### ❓ Waiting for your answer to Q1");
    expect(await bench.status()).toContain(", reminded 3 times)");
  });

  test("P5: an answer after a reminder counts, and the reminder says that it is settled", async () => {
    const time = new ManualClock();
    await using bench = await asking(time);
    const { world } = bench;
    await time.advance(2 * DAY);
    await bench.order({ kind: "answer", text: "b" });
    await bench.engine.ended(RUN_KEY);
    expect(world.comments.get(REMINDER)).toBe("Q1 is answered by bob; the run goes on.");
    expect((await world.view()).state).toBe("complete");
  });

  test("P5: an answer without a reminder leaves no second comment", async () => {
    const time = new ManualClock();
    await using bench = await asking(time);
    await bench.order({ kind: "answer", text: "b" });
    await bench.engine.ended(RUN_KEY);
    expect(bench.world.comments.has(REMINDER)).toBe(false);
  });

  test("X13: at the end of its time the run is blocked, the question says so and takes no answer any more", async () => {
    const time = new ManualClock();
    await using bench = await asking(time);
    const { world } = bench;
    await time.advance(30 * DAY);
    const view = await world.view();
    expect(view.state).toBe("blocked");
    expect(view.blocked?.issue).toContain("nobody answered");
    expect(view.questions[0]).toMatchObject({ closed: true });
    expect(view.questions[0]?.answer).toBeUndefined();
    expect(world.comments.get(QUESTION)).toContain(
      "Nobody answered within 30 days, so nothing was decided and the run is blocked.",
    );
    expect(await world.questions.open(view.runId)).toEqual([]);
    expect(world.dispatched.filter((id) => id.includes(".unit."))).toEqual([]);
  });

  test("X13: an answer of the last moment, sent but not marked yet, still counts", async () => {
    const time = new ManualClock();
    await using bench = await asking(time);
    const { world, engine } = bench;
    const { runId } = await world.view();
    await time.advance(29 * DAY);
    // The command has marked the question; its message is a moment late.
    await world.questions.answer(runId, 1, { by: "bob", text: "disk" });
    await time.advance(DAY);
    await engine.send({
      key: RUN_KEY,
      topic: "answers",
      body: { number: 1, by: "bob", text: "disk", option: "b" },
      idempotencyKey: "late",
    });
    await engine.ended(RUN_KEY);
    expect((await world.view()).state).toBe("complete");
  });

  test("P5: reminders outlive a crash: none is lost, none is made twice", async () => {
    const time = new ManualClock();
    await using bench = await asking(time);
    const { world, engine } = bench;
    await time.advance(DAY + 1);
    await engine.restart();
    await time.advance(DAY);
    await engine.restart();
    await time.advance(DAY);
    const reminded = (await world.ledger.read((await world.view()).runId)).filter(
      ({ fact }) => fact.type === "reminded",
    );
    expect(reminded.map(({ fact }) => fact)).toMatchObject([{ times: 1 }, { times: 2 }]);
  });
});

describe("S3: what follows a plan that nobody approved", () => {
  test.each([
    { kind: "retry" } as const,
    { kind: "resume" } as const,
    { kind: "skip", phase: "quality", reason: "later" } as const,
    { kind: "budget", usd: 40 } as const,
  ])("%j asks again and carries nothing out", async (command) => {
    const time = new ManualClock();
    await using bench = new ControlBench({
      engine: { clock: time },
      limits: { standbyDays: 30, questionDays: 2 },
    });
    const { world } = bench;
    const asked = world.reached("question-asked");
    await bench.start({ planOnly: true });
    await asked;
    const blocked = world.reached("blocked");
    await time.advance(2 * DAY);
    await blocked;
    const again = world.reached("question-asked");
    await bench.order(command);
    await again;
    expect(await world.questions.open((await world.view()).runId)).toMatchObject([{ number: 2 }]);
    expect(world.dispatched.map((id) => id.split(".")[1])).toEqual(["plan"]);
    await bench.order({ kind: "approve" });
    await world.reached("run-completed");
    expect(world.dispatched.map((id) => id.split(".")[1])).toContain("handler");
  });

  test("an instruction before the approval makes another plan that knows it", async () => {
    const prompts: string[] = [];
    const time = new ManualClock();
    await using bench = new ControlBench({
      engine: { clock: time },
      limits: { standbyDays: 30, questionDays: 2 },
      acts: {
        plan: ({ prompt }) => {
          prompts.push(prompt);
          return { result: soundPlan() };
        },
      },
    });
    const { world, engine } = bench;
    const asked = world.reached("question-asked");
    await bench.start({ planOnly: true });
    await asked;
    const blocked = world.reached("blocked");
    await time.advance(2 * DAY);
    await blocked;
    const again = world.reached("question-asked");
    const body = { kind: "instruct", by: "bob", text: "use Postgres" };
    await engine.send({ key: RUN_KEY, topic: "orders", body, idempotencyKey: "i1" });
    await again;
    expect(prompts.at(-1)).toContain("bob says: use Postgres");
    expect(world.dispatched.map((id) => id.split(".")[1])).toEqual(["plan", "plan"]);
  });
});

test.each([
  [{ reminderDays: [7, 1, 3, 3], questionDays: 30 }, [1, 2, 4, 23], [1, 2, 3, 0]],
  [{ reminderDays: [], questionDays: 2 }, [2], [0]],
  [{ reminderDays: [0, 5], questionDays: 5 }, [5], [0]],
])("the days of a policy %j", (policy, days, reminders) => {
  const made = stretches(policy);
  expect(made.map(({ ms }) => ms / DAY)).toEqual(days);
  expect(made.map(({ reminder }) => reminder)).toEqual(reminders);
});
