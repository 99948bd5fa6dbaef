import { describe, expect, test } from "vitest";
import type { MemoryEngine } from "../../../../src/engine/memory/engine.ts";
import { ANSWERS } from "../../../../src/workflow/people/escalate.ts";
import { RUN_KEY, runWith } from "../../../helpers/play-run.ts";
import { plannedTask, soundPlan } from "../../../helpers/run-facts.ts";
import { writes } from "../../../helpers/scripted-acts.ts";
import type { Act } from "../../../helpers/small-world.ts";

const MEMORY = { name: "In memory", summary: "fast, and lost at a restart" };
const DISK = { name: "On disk", summary: "survives a restart, and costs a volume" };

function designed(change: object = {}, more: object = {}): { result: unknown } {
  const decision = {
    recommendation: "Keep assets on disk.",
    alternatives_considered: [MEMORY, DISK],
    trade_offs: { gains: ["no loss"], loses: ["a volume to run"] },
    rationale: "assets are worth it",
    boundaries: ["the handler calls the store"],
    schema: [],
    contracts: ["POST /api/assets -> 201"],
    major_trade_off: true,
    ...change,
  };
  return { result: { status: "complete", summary: "decided", decision, ...more } };
}

function acts(design: Act, prompts: string[] = []): Record<string, Act> {
  const plan = soundPlan();
  plan.phases[0] = {
    phase: "architecture",
    tasks: [plannedTask("design", { specialist: "backend-lead", mode: "architecture" })],
  };
  return {
    plan: () => ({ result: plan }),
    design,
    handler: (work) => {
      prompts.push(work.prompt);
      return writes("src/handler.js", "ok")(work);
    },
  };
}

function answers(given: {
  text: string;
  option?: string;
}): (engine: MemoryEngine) => Promise<void> {
  const body = { number: 1, by: "bob", ...given };
  return (engine) => engine.send({ key: RUN_KEY, topic: ANSWERS, body, idempotencyKey: "a1" });
}

describe("designs", () => {
  test("E3: one without a second alternative, or without boundaries, is made again", async () => {
    for (const lacking of [{ alternatives_considered: [DISK] }, { boundaries: [] }]) {
      const { world, end } = await runWith(
        acts(({ attempt }) =>
          designed({ major_trade_off: false, ...(attempt === 1 ? lacking : {}) }),
        ),
      );
      expect(end).toBe("complete");
      expect(world.dispatched.filter((id) => id.includes(".design."))).toHaveLength(2);
    }
  });

  test("E3: what was decided reaches the developer", async () => {
    const prompts: string[] = [];
    await runWith(acts(() => designed({ major_trade_off: false }), prompts));
    expect(prompts[0]).toContain("Architecture, boundaries: the handler calls the store");
    expect(prompts[0]).toContain("Architecture, contracts: POST /api/assets -> 201");
  });
});

describe("E9, P2: a major trade-off", () => {
  test("is asked with its options, consequences and the recommended one before anything is built", async () => {
    const prompts: string[] = [];
    const { world, end } = await runWith(
      acts(() => designed(), prompts),
      {
        act: async (engine, world) => {
          await world.reached("waiting");
          expect(world.dispatched.some((id) => id.includes(".handler."))).toBe(false);
          await answers({ text: "On disk", option: "b" })(engine);
        },
      },
    );
    expect(end).toBe("complete");
    const asked = world.comments.get("12 orchestrate:question:7-12-r1:Q1");
    expect(asked).toContain("**a** In memory");
    expect(asked).toContain("**b** On disk **(recommended)**");
    expect(asked).toContain("survives a restart, and costs a volume");
    expect(prompts[0]).toContain("bob decided the trade-off of design: On disk");
    expect(world.dispatched.filter((id) => id.includes(".design."))).toHaveLength(1);
  });

  test("P4: another choice goes back to the lead, and is asked only once", async () => {
    const told: string[] = [];
    const { world, end } = await runWith(
      acts(({ prompt }) => {
        told.push(prompt);
        return designed();
      }),
      { act: answers({ text: "In memory", option: "a" }) },
    );
    expect(end).toBe("complete");
    expect(told).toHaveLength(2);
    expect(told[1]).toContain("Which one shall be built?: In memory");
    const view = await world.view();
    expect(view.questions).toHaveLength(1);
    expect(view.tradeOffs).toMatchObject([{ by: "bob", choice: "In memory", redesign: true }]);
  });

  test("P4: words of one's own are a choice, too", async () => {
    const { world } = await runWith(
      acts(() => designed()),
      { act: answers({ text: "Use the object store that we have." }) },
    );
    expect((await world.view()).tradeOffs).toMatchObject([
      { choice: "Use the object store that we have.", redesign: true },
    ]);
  });

  test("the lead's own question is asked in the place of one made from its alternatives", async () => {
    const question = {
      text: "May assets be lost at a restart?",
      options: [
        { key: "a", label: "Yes", consequence: "they stay in memory" },
        { key: "b", label: "No", consequence: "they go to disk" },
      ],
      recommended: "b",
    };
    const { world } = await runWith(
      acts(() => designed({}, { questions: [question] })),
      { act: answers({ text: "No", option: "b" }) },
    );
    expect((await world.view()).questions[0]?.question).toEqual(question);
  });

  test("P5: silence builds nothing", async () => {
    const { world, end } = await runWith(
      acts(() => designed()),
      { limits: { questionDays: 0.000_001 } },
    );
    expect(end).toBe("blocked");
    expect((await world.view()).blocked?.issue).toContain("nobody decided");
    expect(world.dispatched.some((id) => id.includes(".handler."))).toBe(false);
  });
});
