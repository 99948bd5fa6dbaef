import { describe, expect, test } from "vitest";
import type { Plan } from "../../../../src/domain/plan/plan.ts";
import { nextTasks } from "../../../../src/domain/run/schedule.ts";
import { ANSWERS } from "../../../../src/workflow/people/escalate.ts";
import { RUN_BRANCH, RUN_KEY, runWith } from "../../../helpers/play-run.ts";
import { soundPlan, viewOf } from "../../../helpers/run-facts.ts";
import { reviewed, tests, writes } from "../../../helpers/scripted-acts.ts";
import type { Act, SmallWorld } from "../../../helpers/small-world.ts";

/** A sound plan whose testers declare these files. */
function planWith(files: Readonly<Record<string, string[]>>): Plan {
  const plan = soundPlan();
  for (const task of plan.phases.flatMap((phase) => phase.tasks))
    if (files[task.id]) task.files = files[task.id] ?? [];
  return plan;
}

function answering(option: string): (engine: unknown, world: SmallWorld) => Promise<void> {
  return async (engine, world) => {
    await world.reached("question-asked");
    await (engine as { send(message: object): Promise<void> }).send({
      key: RUN_KEY,
      topic: ANSWERS,
      body: { number: 1, by: "alice", text: option, option },
      idempotencyKey: "a-1",
    });
  };
}

/** Testers by the state of the run branch that they started from: those of one number are at work together. */
async function beginnings(world: SmallWorld): Promise<Record<string, number>> {
  const events = await world.ledger.read((await world.view()).runId);
  const starts = events.flatMap(({ fact }) =>
    fact.type === "dispatch-started" && fact.phase === "testing" ? [fact] : [],
  );
  const bases = [...new Set(starts.map(({ baseSha }) => baseSha))];
  return Object.fromEntries(
    starts.map(({ taskId, baseSha }) => [taskId, bases.indexOf(baseSha) + 1]),
  );
}

async function conflictOf(world: SmallWorld): Promise<string[]> {
  const events = await world.ledger.read((await world.view()).runId);
  return events.flatMap(({ fact }) =>
    fact.type === "integration-conflict" ? [`${fact.taskId}: ${fact.files.join()}`] : [],
  );
}

describe("files beyond a task", () => {
  test("F10: an undeclared file of a task that works alone is taken in and flagged in the report", async () => {
    const { world, end } = await runWith({
      handler: (work) => {
        work.files["src/store.js"] = "store";
        return writes("src/handler.js", "ok")(work);
      },
    });
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.scopeFlags).toMatchObject([
      { taskId: "handler", files: ["src/store.js"], rejected: false },
    ]);
    expect(world.git.files(view.headSha)["src/store.js"]).toBe("store");
    expect(world.comments.get("status")).toContain("`src/store.js`");
  });

  test("F10, G3: two testers that write the same undeclared file are sent back with the reason, and end well without it", async () => {
    function greedy(mode: "unit" | "integration"): Act {
      return (work) => {
        const told = work.prompt.includes(
          "Others work at the same time; leave test/shared.test.js",
        );
        if (!told) work.files["test/shared.test.js"] = mode;
        return tests(mode)(work);
      };
    }
    const { world, end } = await runWith({
      unit: greedy("unit"),
      integration: greedy("integration"),
    });
    expect(end).toBe("complete");
    const view = await world.view();
    expect(world.git.files(view.headSha)["test/shared.test.js"]).toBeUndefined();
    const attempts = ["unit.1", "integration.1", "acceptance.1", "unit.2", "integration.2"];
    expect(world.dispatched.map((id) => id.split(".").slice(1).join("."))).toEqual(
      expect.arrayContaining(attempts),
    );
    expect(view.scopeFlags.map(({ taskId, rejected }) => [taskId, rejected])).toEqual([
      ["unit", true],
      ["integration", true],
    ]);
  });

  test("H3: a tester that changes production code is sent back, and nothing of it was integrated", async () => {
    const { world, end } = await runWith({
      unit: (work) => {
        if (work.attempt === 1) work.files["src/handler.js"] = "bent to the test";
        return tests("unit")(work);
      },
    });
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.errors[0]?.error).toContain("A tester changes no production code");
    const heads = world.git.pushes.filter(({ branch }) => branch === RUN_BRANCH);
    for (const { sha } of heads)
      expect(world.git.files(sha)["src/handler.js"] ?? "").not.toContain("bent");
  });

  test("G4: testers that declare the same file run one after another, which stands in the ledger", async () => {
    const shared = ["test/shared.test.js"];
    const { world, end } = await runWith({
      plan: () => ({ result: planWith({ unit: shared, integration: shared }) }),
      unit: (work) => {
        work.files["test/shared.test.js"] = "unit\n";
        return tests("unit")(work);
      },
      integration: (work) => {
        work.files["test/shared.test.js"] += "integration\n";
        return tests("integration")(work);
      },
    });
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.sequenced).toMatchObject([{ taskId: "integration", after: "unit", files: shared }]);
    expect(world.git.files(view.headSha)["test/shared.test.js"]).toBe("unit\nintegration\n");
    expect(await conflictOf(world)).toEqual([]);
    expect(world.comments.get("status")).toContain("integration waited for unit");
  });

  test("G3: a tester that declares no file is not known to be apart from the others and runs alone", () => {
    // No proposed plan can be like that, but a plan that people supply can.
    const view = viewOf({ type: "plan-accepted", plan: planWith({ unit: [] }) });
    expect(nextTasks(view, "testing")).toMatchObject({
      tasks: [{ task: { id: "unit" } }],
      sequenced: [
        { taskId: "integration", after: "unit" },
        { taskId: "acceptance", after: "unit" },
      ],
    });
  });

  test("G7: where suites share infrastructure no two testers are at work at once", async () => {
    const { world, end } = await runWith(
      {},
      { profile: { version: 1, shared_test_infrastructure: true } },
    );
    expect(end).toBe("complete");
    expect(await beginnings(world)).toEqual({ unit: 1, integration: 2, acceptance: 3 });
    const apart = await runWith({});
    expect(await beginnings(apart.world)).toEqual({ unit: 1, integration: 1, acceptance: 1 });
    const two = await runWith({}, { profile: { version: 1, concurrency: 2 } });
    expect(await beginnings(two.world)).toEqual({ unit: 1, integration: 1, acceptance: 2 });
  });
});

const FINDING = {
  severity: "important",
  file: "src/handler.js",
  line: 1,
  description: "no check",
  fix: "check it",
};

describe("files that only a person may let in", () => {
  function ci(work: Parameters<Act>[0]): ReturnType<Act> {
    if (work.attempt === 1) work.files[".circleci/config.yml"] = "steps";
    return writes("src/handler.js", "ok")(work);
  }

  test("O-07, Q3: a change of CI is asked about before it is integrated, and comes in with the person's name", async () => {
    const { world, end } = await runWith({ handler: ci }, { act: answering("b") });
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.questions[0]?.question.text).toContain(
      ".circleci/config.yml (runs in CI with the repository's own rights)",
    );
    expect(view.scopeApprovals).toMatchObject([
      { taskId: "handler", files: [".circleci/config.yml"], by: "alice" },
    ]);
    expect(world.git.files(view.headSha)[".circleci/config.yml"]).toBe("steps");
    expect(world.comments.get("status")).toContain("approved by alice");
  });

  test("Q3: what a person keeps out is never on the run branch, and the task is done again without it", async () => {
    const { world, end } = await runWith({ handler: ci }, { act: answering("a") });
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.errors[0]?.error).toContain("did not approve the change of .circleci/config.yml");
    for (const { branch, sha } of world.git.pushes)
      if (branch === RUN_BRANCH)
        expect(Object.keys(world.git.files(sha))).not.toContain(".circleci/config.yml");
  });

  test("Q3, P5: without an answer nothing of the commit is integrated and the run is blocked", async () => {
    const { world, end } = await runWith({ handler: ci }, { limits: { questionDays: 0.000_001 } });
    expect(end).toBe("blocked");
    expect((await world.view()).blocked?.issue).toContain("nobody decided whether the files");
    const { headSha } = await world.view();
    expect(world.git.files(headSha)).not.toHaveProperty([".circleci/config.yml"]);
    expect(world.git.branches.get(RUN_BRANCH)).toBe(headSha);
  });

  test("Q3: a protected path of the profile is asked about like CI", async () => {
    const { world, end } = await runWith(
      { handler: writes("src/handler.js", "ok") },
      { profile: { version: 1, protected_paths: ["src/**"] }, act: answering("b") },
    );
    expect(end).toBe("complete");
    expect((await world.view()).scopeApprovals[0]?.files).toEqual(["src/handler.js"]);
  });

  test("I-09: tests that a developer deletes are asked about", async () => {
    const { world, end } = await runWith(
      {
        review: ({ files }) => ({
          result: files["src/handler.js"]?.includes("fixed")
            ? reviewed("approved")
            : reviewed("changes_requested", [FINDING]),
        }),
        fix: (work) => {
          if (!work.prompt.includes("did not approve")) delete work.files["test/unit.test.js"];
          return writes("src/handler.js", "fixed")(work);
        },
      },
      { act: answering("a") },
    );
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.questions[0]?.question.text).toContain(
      "test/unit.test.js (holds tests and is deleted",
    );
    expect(world.git.files(view.headSha)["test/unit.test.js"]).toBeDefined();
  });

  test("Q3: workflow files are set aside, shown as a patch, and the rest of the change comes in", async () => {
    const { world, end } = await runWith({
      handler: (work) => {
        work.files[".github/workflows/ci.yml"] = "on: push";
        return writes("src/handler.js", "ok")(work);
      },
    });
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.setAside).toMatchObject([
      { taskId: "handler", files: [".github/workflows/ci.yml"] },
    ]);
    expect(world.comments.get("status")).toContain("+on: push");
    expect(Object.keys(world.git.files(view.headSha))).not.toContain(".github/workflows/ci.yml");
  });

  test("Q3: a change of nothing but workflow files ends blocked with the reason", async () => {
    const { world, end } = await runWith({
      handler: writes(".github/workflows/ci.yml", "on: push"),
    });
    expect(end).toBe("blocked");
    expect((await world.view()).blocked?.issue).toContain("Only workflow files were changed");
  });
});
