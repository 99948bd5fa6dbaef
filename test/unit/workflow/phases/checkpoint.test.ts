import { describe, expect, test } from "vitest";
import { ORDERS, type Order } from "../../../../src/workflow/people/orders.ts";
import { dispatchOrder } from "../../../helpers/loop-acts.ts";
import { RUN_KEY, runWith } from "../../../helpers/play-run.ts";
import { tests, writes } from "../../../helpers/scripted-acts.ts";
import type { Act, SmallWorld } from "../../../helpers/small-world.ts";
import {
  answersInOrder,
  baseWith,
  editPlan,
  LINKING,
  listActs,
  listsPlan,
} from "../../../helpers/supplied-plan.ts";

/** A run of a supplied plan in a world where people are asked. */
function played(
  build: number,
  options: Parameters<typeof runWith>[1] & {
    acts?: Record<string, Act>;
    /** What the plan is edited to as soon as people are asked. */
    reading?: string;
  } = {},
): ReturnType<typeof runWith> {
  const { acts, reading, ...rest } = options;
  let made: SmallWorld | undefined;
  return runWith(
    { ...listActs(build), ...acts },
    {
      base: baseWith(listsPlan(build)),
      request: LINKING,
      ...rest,
      made: (world) => {
        world.planApproval = "large";
        world.hub.body = LINKING.issueBody;
        made = world;
        rest.made?.(world);
      },
      answering: (question) => {
        if (made && reading !== undefined) editPlan(made, reading);
        return rest.answering?.(question);
      },
    },
  );
}

const GO_ON = { option: "a", text: "Go on" };

describe("C4: batches of a supplied plan", () => {
  test("C4: after three tasks people are told what was done and verified, and nothing starts before they let it go on", async () => {
    const { answering, asked } = answersInOrder(GO_ON);
    const { world, end } = await played(4, { answering });
    expect(end).toBe("complete");
    expect(asked).toEqual([
      expect.stringMatching(
        /^Batch 1 of 2 of the supplied plan is done: Add list 1 \([0-9a-f]{7}\); .*npm test: exit 0 \([0-9a-f]{7}\)\. Ready for feedback\.$/,
      ),
    ]);
    const facts = (await world.ledger.read((await world.view()).runId)).map(({ fact }) => fact);
    const passed = facts.findIndex((fact) => fact.type === "checkpoint-passed");
    const fourth = facts.findIndex(
      (fact) => fact.type === "dispatch-started" && fact.taskId === "task-4",
    );
    expect(passed).toBeGreaterThan(0);
    expect(fourth).toBeGreaterThan(passed);
    const { checkpoints } = await world.view();
    expect(checkpoints).toMatchObject([
      { batch: 1, of: 2, by: "bob", verified: [{ command: "npm test", exitCode: 0 }] },
      { batch: 2, of: 2, verified: [{ command: "npm test", exitCode: 0 }] },
    ]);
    expect(checkpoints[1]?.by).toBeUndefined();
    const status = world.comments.get("status") ?? "";
    expect(status).toMatch(
      /- \[x\] Checkpoint 1 of 2: npm test: exit 0.* on `[0-9a-f]{7}`, let on by bob/,
    );
    expect(status).toMatch(/- \[x\] Checkpoint 2 of 2: npm test: exit 0/);
  });

  test("C4: a plan of one batch asks nobody, nor does one where plans need no approval; the facts stand", async () => {
    const one = answersInOrder();
    const small = await played(3, { answering: one.answering });
    expect([small.end, one.asked]).toEqual(["complete", []]);
    const never = answersInOrder();
    const unasked = await played(4, {
      answering: never.answering,
      made: (world) => void Object.assign(world, { planApproval: "never" }),
    });
    expect([unasked.end, never.asked]).toEqual(["complete", []]);
    expect((await unasked.world.view()).checkpoints.map(({ batch }) => batch)).toEqual([1, 2]);
  });
});

describe("C4: what a person may decide at a checkpoint", () => {
  const CHANGED = [
    listsPlan(3).split("### Task 4")[0],
    "### Task 4: Add list 4\n\nAs a map.\n",
    "### Task 5: Add another list\n",
    "### Task 6: Write unit tests for the lists\n",
  ].join("\n");
  const REST = {
    "task-4-v2": writes("src/list4.js", "export const list4 = new Map();"),
    "task-5-v2": writes("src/list5.js", "export const list5 = [];"),
    "task-6": tests("unit"),
  };

  test("C4: who changes the plan has it read anew; what is done stays, what is left is as it says now", async () => {
    const { answering, asked } = answersInOrder(
      { option: "b", text: "Change the plan: use a map" },
      { option: "a", text: "Approve" },
    );
    let told = "";
    const { world, end } = await played(4, {
      acts: {
        ...REST,
        "task-4-v2": (work) => {
          told = work.prompt;
          return REST["task-4-v2"](work);
        },
      },
      answering,
      reading: CHANGED,
    });
    expect(end).toBe("complete");
    // S5: seven tasks are a large plan, also when they come later.
    expect(asked).toEqual([
      expect.stringMatching(/^Batch 1 of 2/),
      "Shall this plan be carried out?",
    ]);
    expect(dispatchOrder(world)).toEqual([
      "task-1.1",
      "task-2.1",
      "task-3.1",
      "task-4-v2.1",
      "task-5-v2.1",
      "task-6.1",
      "review-the-plan.1",
    ]);
    expect(told).toContain("bob says: Change the plan: use a map");
    expect(told).toContain("This task in the supplied plan: As a map.");
    const view = await world.view();
    expect(view.supplied?.batches).toEqual([
      ["task-1", "task-2", "task-3"],
      ["task-4-v2", "task-5-v2"],
    ]);
    expect(view.supplied?.source).toMatchObject({ sha: world.git.branches.get("main") });
    expect(view.notes.join()).toContain("The plan was read anew from");
    const document = world.git.files(view.headSha)[view.planDocument?.path ?? ""];
    expect(document).toContain("Add another list");
  });

  test("S5: a changed plan that is rejected is not carried out before it is approved", async () => {
    const { answering, asked } = answersInOrder(
      { option: "b", text: "Change the plan" },
      { option: "b", text: "Reject" },
      { option: "a", text: "Approve" },
    );
    const { world, end } = await played(4, { acts: REST, answering, reading: CHANGED });
    expect(end).toBe("complete");
    expect(asked).toHaveLength(3);
    expect(dispatchOrder(world).filter((id) => id === "task-4-v2.1")).toHaveLength(1);
  });

  test("C4: read anew and found as it was, it goes on with what is left and with what was said", async () => {
    const { answering } = answersInOrder({ text: "Keep the names short." });
    let told = "";
    const { world, end } = await played(4, {
      acts: {
        "task-4": (work) => {
          told = work.prompt;
          return writes("src/list4.js", "export const list4 = [];")(work);
        },
      },
      answering,
    });
    expect(end).toBe("complete");
    expect(told).toContain("bob says: Keep the names short.");
    expect((await world.view()).notes.join()).toContain(
      "and is as it was: 1 task of the build left",
    );
  });

  test("C4: a change that cannot be carried out is asked about; the plan as it was can go on", async () => {
    const { answering, asked } = answersInOrder(
      { option: "b", text: "Change the plan" },
      { option: "b", text: "Go on as before" },
    );
    const reading = listsPlan(4, { 4: "### Task 4: Add list 4\n\nTBD\n" });
    const { world, end } = await played(4, { answering, reading });
    expect(end).toBe("complete");
    expect(asked[1]).toContain('leaves work open: "TBD"');
    expect(dispatchOrder(world)).toContain("task-4.1");
  });

  test("C4: design that the changed plan wants is too late; the run says so and is stopped", async () => {
    const { answering, asked } = answersInOrder({ option: "b", text: "Change the plan" });
    const reading = listsPlan(4, { 4: "### Task 4: Design the architecture of lists\n" });
    const { end } = await played(4, { answering, reading });
    expect(end).toBe("blocked");
    expect(asked[1]).toContain("is work of phase architecture, which is over");
  });

  test("C4, K3: who stops it ends the run; a retry asks again and repeats nothing that is done", async () => {
    const { answering } = answersInOrder({ option: "c", text: "Stop here" }, GO_ON);
    const { world, end } = await played(4, {
      answering,
      limits: { standbyDays: 30 },
      act: async (engine, made) => {
        async function send(body: Order): Promise<void> {
          await engine.send({ key: RUN_KEY, topic: ORDERS, body, idempotencyKey: body.kind });
        }
        await made.reached("blocked");
        const completed = made.reached("run-completed");
        await send({ kind: "retry", by: "bob" });
        await completed;
        await send({ kind: "closed", by: "alice", merged: true });
      },
    });
    expect(end).toBe("complete");
    expect(dispatchOrder(world).slice(0, 4)).toEqual([
      "task-1.1",
      "task-2.1",
      "task-3.1",
      "task-4.1",
    ]);
    expect((await world.view()).questions).toHaveLength(2);
  });
});
