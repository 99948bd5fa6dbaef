import { describe, expect, test } from "vitest";
import type { Plan } from "../../../../src/domain/plan/plan.ts";
import { allTasks } from "../../../../src/domain/plan/soundness.ts";
import { ANSWERS } from "../../../../src/workflow/people/escalate.ts";
import { RUN_BRANCH, RUN_KEY, runWith } from "../../../helpers/play-run.ts";
import { soundPlan } from "../../../helpers/run-facts.ts";
import type { Act, SmallWorld } from "../../../helpers/small-world.ts";

/** An orchestrator whose first plan is `first`; told what is wrong with it, it proposes a good one. */
function mends(first: Plan): { act: Act; told: string[] } {
  const told: string[] = [];
  return {
    told,
    act: ({ attempt, prompt }) => {
      told.push(prompt);
      return { result: attempt === 1 ? first : soundPlan() };
    },
  };
}

function changed(change: (plan: Plan) => void): Plan {
  const plan = soundPlan();
  change(plan);
  return plan;
}

function handlerOf(plan: Plan): Plan["phases"][number]["tasks"][number] {
  const task = allTasks(plan).find(({ id }) => id === "handler");
  if (!task) throw new Error("The plan has no handler.");
  return task;
}

async function refusals(world: SmallWorld): Promise<string[]> {
  return (await world.view()).errors.map(({ error }) => error);
}

/** Every commit that the run branch has and the base has not. */
function commitsOf(world: SmallWorld): { message: string; parents: readonly string[] }[] {
  const { git } = world;
  const [base, head] = [git.branches.get("main"), git.branches.get(RUN_BRANCH)];
  if (!base || !head) throw new Error("There is no run branch.");
  const before = git.ancestors(base);
  const own = [...git.ancestors(head)].filter((sha) => !before.has(sha));
  return own.flatMap((sha) => git.commits.get(sha) ?? []);
}

describe("the plan as proposed", () => {
  test("E7: one that is sound but vague is refused with every fault at once, and mended", async () => {
    const { act, told } = mends(
      changed((plan) => {
        const task = handlerOf(plan);
        task.files = ["src/*.js"];
        task.objective = "Handle edge cases gracefully.";
        task.requirements = ["R1", "R7"];
      }),
    );
    const { world, end } = await runWith({ plan: act });
    expect(end).toBe("complete");
    const faults = [
      '"src/*.js" is a pattern: name each file by its exact path.',
      "Task handler works on R7, which is not a requirement of the plan.",
      'Task handler leaves work open with "Handle edge cases gracefully"',
    ];
    for (const fault of faults) {
      expect((await refusals(world)).join()).toContain(fault);
      expect(told[1]).toContain(fault);
    }
  });

  test("E7, N6: a demand of the issue that no task works on sends the plan back", async () => {
    const { act, told } = mends(soundPlan());
    const issueBody = "Store assets and test it.\n\n- [ ] Deleting an asset answers 204";
    const { world } = await runWith(
      {
        plan: ({ attempt, ...work }) => {
          if (attempt === 1) return act({ attempt, ...work });
          told.push(work.prompt);
          return {
            result: changed((plan) => {
              plan.requirements.push({ id: "R2", text: "Deleting an asset answers 204" });
              handlerOf(plan).requirements = ["R1", "R2"];
            }),
          };
        },
      },
      { request: { issueBody } },
    );
    expect(told[0]).toContain("R1: Deleting an asset answers 204");
    expect(told[1]).toContain("R2 (Deleting an asset answers 204) is worked on by no task");
    expect((await world.view()).state).toBe("complete");
  });

  test("E8: a plan that asks which approach to take is refused; people are asked by questions only", async () => {
    const { act } = mends(
      changed((plan) => {
        handlerOf(plan).objective = "Store it. Which approach would you prefer, memory or a file?";
      }),
    );
    const { world, end } = await runWith({ plan: act });
    expect(end).toBe("complete");
    expect((await refusals(world)).join()).toContain("a plan asks nobody");
    expect((await world.view()).questions).toEqual([]);
  });

  test("E5, E10: the orchestrator is told the commands that the host will run", async () => {
    const { act, told } = mends(soundPlan());
    await runWith({ plan: act });
    expect(told[0]).toContain("the test command `npm test`");
  });
});

describe("the plan document", () => {
  test("E7: it is the run branch's first commit, before any specialist starts from it", async () => {
    const { world } = await runWith({});
    const view = await world.view();
    const day = view.startedAt.slice(0, 10);
    expect(view.planDocument?.path).toBe(`docs/plans/${day}-add-an-endpoint.md`);
    expect(world.git.pushes[0]).toEqual({ branch: RUN_BRANCH, sha: view.planDocument?.sha });
    const text = world.git.files(view.headSha)[view.planDocument?.path ?? ""];
    expect(text).toContain("**Goal:** Add POST /api/assets");
    expect(text).toContain("### Task 1: Do handler");
    expect(text).toContain("- Requirements: R1");
    expect(text).toContain("```sh\nnpm test\n```\n\nExpected: exit code 0 and 0 failed tests");
    expect(world.comments.get("status")).toContain(view.planDocument?.path);
  });

  test("E7: it is written once the plan is approved, not before", async () => {
    const { world, end } = await runWith(
      {},
      {
        request: { planOnly: true },
        act: async (engine, world) => {
          await world.reached("waiting");
          expect(world.git.pushes).toEqual([]);
          const body = { number: 1, by: "bob", text: "yes", option: "a" };
          await engine.send({ key: RUN_KEY, topic: ANSWERS, body, idempotencyKey: "a1" });
        },
      },
    );
    expect(end).toBe("complete");
    expect((await world.view()).planDocument).toBeDefined();
  });

  test("E7: a plan of an earlier run of the same day and title stays as it is", async () => {
    const { world } = await runWith({});
    const { planDocument } = await world.view();
    const again = await runWith({}, { base: { [planDocument?.path ?? ""]: "the plan before" } });
    const view = await again.world.view();
    expect(view.planDocument?.path).toBe(planDocument?.path.replace(".md", "-r1.md"));
    expect(again.world.git.files(view.headSha)[planDocument?.path ?? ""]).toBe("the plan before");
  });

  test("E7: where it cannot stand the run says so and goes on", async () => {
    const { world, end } = await runWith({}, { base: { docs: "a file, not a folder" } });
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.planDocument).toBeUndefined();
    expect(view.notes.join()).toContain("The plan document was not committed");
  });

  test("A6: one specialist's run has none", async () => {
    const { world } = await runWith(
      { "do-it": () => ({ status: "no-result" }) },
      {
        limits: { taskAttempts: 1 },
        request: { issueTitle: "Fix the nil check in handler.go", issueBody: "It crashes." },
      },
    );
    expect((await world.view()).planDocument).toBeUndefined();
  });
});

test("U6: every commit of a run names the run, and its dispatch where there was one", async () => {
  const { world } = await runWith({});
  const commits = commitsOf(world);
  expect(commits.length).toBeGreaterThan(5);
  for (const { message } of commits) expect(message).toMatch(/\nOrchestrate-Run: 7-12-r1\n/);
  const dispatched = commits.filter(({ message }) => message.includes("Orchestrate-Dispatch: "));
  expect(dispatched.map(({ message }) => /Dispatch: (.*)/.exec(message)?.[1])).toEqual(
    expect.arrayContaining(["7-12-r1.handler.1", "7-12-r1.unit.1"]),
  );
});
