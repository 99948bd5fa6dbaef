import { describe, expect, test } from "vitest";
import { MemoryEngine } from "../../../../src/engine/memory/engine.ts";
import { RUN } from "../../../../src/workflow/orchestrate.ts";
import { ANSWERS } from "../../../../src/workflow/people/escalate.ts";
import { send } from "../../../helpers/follow-up.ts";
import { RUN_BRANCH, RUN_KEY, runWith } from "../../../helpers/play-run.ts";
import { sha, soundPlan } from "../../../helpers/run-facts.ts";
import { goodActs, tests, writes } from "../../../helpers/scripted-acts.ts";
import { SmallWorld } from "../../../helpers/small-world.ts";

function answer(
  engine: MemoryEngine,
  given: { number: number; option: string; text: string },
): Promise<void> {
  const body = { by: "bob", ...given };
  return engine.send({
    key: RUN_KEY,
    topic: ANSWERS,
    body,
    idempotencyKey: `answer ${given.number}`,
  });
}

describe("people and a run", () => {
  test("P4: a specialist's question is asked on the issue; the answer reaches the same task and nothing earlier repeats", async () => {
    const question = {
      text: "Which store?",
      options: [
        { key: "a", label: "memory", consequence: "simple" },
        { key: "b", label: "disk", consequence: "durable, and costs more" },
      ],
      recommended: "a",
    };
    const { world, end } = await runWith(
      {
        handler: (work) =>
          work.prompt.includes("Which store?: disk")
            ? writes("src/handler.js", "disk")(work)
            : { question },
      },
      {
        act: (engine) =>
          engine.send({
            key: RUN_KEY,
            topic: ANSWERS,
            body: { number: 1, by: "bob", text: "disk", option: "b" },
            idempotencyKey: "a1",
          }),
      },
    );
    expect(end).toBe("complete");
    expect(world.comments.get("12 orchestrate:question:7-12-r1:Q1")).toContain(
      "**a** memory **(recommended)**",
    );
    expect(world.dispatched.filter((id) => id.includes(".plan."))).toHaveLength(1);
    expect((await world.view()).questions[0]?.answer).toEqual({
      by: "bob",
      text: "disk",
      option: "b",
    });
  });

  test("S3: a plan that waits for approval is carried out only on the option that approves; a rejection re-plans with the reason", async () => {
    const prompts: string[] = [];
    const { world, end } = await runWith(
      {
        plan: ({ prompt }) => {
          prompts.push(prompt);
          return { result: soundPlan() };
        },
      },
      {
        request: { planOnly: true },
        act: async (engine) => {
          await answer(engine, { number: 1, option: "b", text: "keep the old endpoint" });
          await answer(engine, { number: 2, option: "a", text: "approve" });
        },
      },
    );
    expect(end).toBe("complete");
    expect(prompts).toHaveLength(2);
    expect(prompts[1]).toContain("bob rejected the plan: keep the old endpoint");
    expect(world.comments.get("12 orchestrate:question:7-12-r1:Q2")).toContain(
      "Shall this plan be carried out?",
    );
  });

  test("S3: a rejection re-plans however much was said to the run before", async () => {
    const { world, end } = await runWith(
      {},
      {
        request: { planOnly: true },
        act: async (engine) => {
          for (let said = 1; said <= 12; said++)
            await send(engine, { kind: "instruct", by: "alice", text: `word ${said}` });
          await answer(engine, { number: 1, option: "b", text: "keep the old endpoint" });
          await answer(engine, { number: 2, option: "a", text: "approve" });
        },
      },
    );
    expect(end).toBe("complete");
    expect((await world.view()).questions).toHaveLength(2);
  });

  test("G-14, F19: a branch that was moved to leave the run's commits out is never overwritten", async () => {
    const world = new SmallWorld({
      ...goodActs(),
      unit: (work) => {
        world.git.branches.set(
          RUN_BRANCH,
          world.git.commit([world.git.branches.get("main") ?? sha("0")], { "human.txt": "mine" }),
        );
        return tests("unit")(work);
      },
    });
    const engine = new MemoryEngine();
    world.register(engine);
    await engine.launch();
    await engine.start(RUN, { key: RUN_KEY, input: await world.begin() });
    await engine.ended(RUN_KEY);
    await engine.close();
    expect(world.git.files(world.git.branches.get(RUN_BRANCH) ?? sha("0"))).toEqual({
      "human.txt": "mine",
    });
    expect((await world.view()).blocked?.issue).toContain("without the commits of this run");
  });
});
