import { describe, expect, test } from "vitest";
import type { Plan } from "../../../../src/domain/plan/plan.ts";
import { clarifications, decision, STORE } from "../../../helpers/consulting.ts";
import { dispatchOrder } from "../../../helpers/loop-acts.ts";
import { runWith } from "../../../helpers/play-run.ts";
import { plannedTask, soundPlan } from "../../../helpers/run-facts.ts";
import { writes } from "../../../helpers/scripted-acts.ts";
import type { Act } from "../../../helpers/small-world.ts";

/** One that asks people by its tool, in the middle of its work. */
function asksPeople(answer: string, question = STORE): Act {
  return (work) =>
    work.prompt.includes(answer) ? writes("src/handler.js", "ok")(work) : { question };
}

function planWithDesign(): Plan {
  const plan = soundPlan();
  const task = plannedTask("design", { specialist: "backend-lead", mode: "architecture" });
  plan.phases[0] = { phase: "architecture", tasks: [task] };
  return plan;
}

describe("P7: a question to people by `ask_human` reaches them only where nobody else can answer", () => {
  test("the repository's own words answer it, and nobody is asked", async () => {
    const { world, end } = await runWith(
      { handler: asksPeople("Which store should assets use?: memory") },
      { base: { "README.md": "The assets store is kept in memory. It is small." } },
    );
    expect(end).toBe("complete");
    expect(await clarifications(world)).toEqual([expect.stringMatching(/^research: memory/)]);
    expect((await world.view()).questions).toEqual([]);
    expect(dispatchOrder(world).slice(0, 3)).toEqual(["plan.1", "handler.1", "handler.2"]);
  });

  test("the lead answers it, and nobody is asked", async () => {
    const { world, end } = await runWith({
      handler: asksPeople("Use the disk."),
      clarify: () => ({ result: decision("Use the disk.") }),
    });
    expect(end).toBe("complete");
    expect(dispatchOrder(world).slice(1, 4)).toEqual(["handler.1", "clarify-1.1", "handler.2"]);
    expect((await world.view()).questions).toEqual([]);
  });

  test("P3: people answer what the lead leaves to them, and at once what only they decide or the lead itself asks", async () => {
    const people = { answering: () => ({ option: "b", text: "disk" }) };
    const left = await runWith(
      { handler: asksPeople("disk"), clarify: () => ({ result: decision("It depends.", true) }) },
      people,
    );
    expect(left.end).toBe("complete");
    expect(await clarifications(left.world)).toEqual(["user: disk"]);
    expect(dispatchOrder(left.world).filter((id) => id.startsWith("clarify"))).toHaveLength(1);
    const costly = { ...STORE, text: "Which store may assets use within the budget?" };
    const theirs = await runWith({ handler: asksPeople("disk", costly) }, people);
    expect(theirs.end).toBe("complete");
    expect(dispatchOrder(theirs.world)).not.toContain("clarify-1.1");
    const designed = await runWith(
      {
        plan: () => ({ result: planWithDesign() }),
        design: ({ prompt }) =>
          prompt.includes(`${STORE.text}: disk`)
            ? { result: decision("Use the disk.") }
            : { question: STORE },
      },
      people,
    );
    expect(designed.end).toBe("complete");
    expect(await clarifications(designed.world)).toEqual(["user: disk"]);
    expect(dispatchOrder(designed.world)).not.toContain("clarify-1.1");
  });
});
