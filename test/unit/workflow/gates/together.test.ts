import { describe, expect, test } from "vitest";
import { RUN_BRANCH, runWith } from "../../../helpers/play-run.ts";
import { tests, writes } from "../../../helpers/scripted-acts.ts";
import type { SmallWorld } from "../../../helpers/small-world.ts";

/** Somebody pushes a change of these files onto the run branch, as it is at this moment. */
function push(world: SmallWorld, files: Readonly<Record<string, string>>): void {
  const head = world.git.branches.get(RUN_BRANCH);
  if (!head) throw new Error("The run branch is not there yet.");
  world.git.branches.set(
    RUN_BRANCH,
    world.git.commit([head], { ...world.git.files(head), ...files }),
  );
}

function attempts(world: SmallWorld, task: string): number {
  return world.dispatched.filter((id) => id.includes(`.${task}.`)).length;
}

describe("work that comes together", () => {
  test("G5: a commit that conflicts is not pushed; the task is run again on top of what came in", async () => {
    const { world, end } = await runWith(
      {
        unit: (work) => {
          if (work.attempt === 1) push(MADE.world, { "test/unit.test.js": "carol's" });
          return tests("unit", `${work.files["test/unit.test.js"] ?? ""} test()`)(work);
        },
      },
      { made: (made) => Object.assign(MADE, { world: made }) },
    );
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.errors.map(({ error }) => error)).toContain(
      "task unit conflicts in test/unit.test.js",
    );
    expect(attempts(world, "unit")).toBe(2);
    expect(world.git.files(view.headSha)["test/unit.test.js"]).toBe("carol's test()");
  });

  test("G5: a second conflict of one task goes to a person", async () => {
    const { world, end } = await runWith(
      {
        unit: (work) => {
          push(MADE.world, { "test/unit.test.js": `carol's ${work.attempt}` });
          return tests("unit", `mine ${work.attempt}`)(work);
        },
      },
      { made: (made) => Object.assign(MADE, { world: made }) },
    );
    expect(end).toBe("blocked");
    expect(attempts(world, "unit")).toBe(2);
    const view = await world.view();
    expect(view.blocked?.issue).toContain("conflicts with the run branch for the second time");
    expect(view.escalations.at(-1)?.taskId).toBe("unit");
  });

  test("G5: when the suite is red on the final commit, halving finds the integration, and its specialist mends it", async () => {
    const { world, end } = await runWith(
      { integration: tests("integration", "test() LATE"), fix: tests("integration", "test()") },
      {
        made: (made) => {
          // Red from the moment at which the security review is over: as a test that depends on the time of day.
          made.git.failing = (files) =>
            made.dispatched.some((id) => id.includes(".security.")) &&
            Object.values(files).some((text) => text.includes("LATE"));
        },
      },
    );
    expect(end).toBe("complete");
    const view = await world.view();
    const [broken] = view.brokenBy;
    expect(broken?.taskId).toBe("integration");
    expect(broken?.runs).toBeLessThanOrEqual(4);
    expect(view.evidence.filter(({ purpose }) => purpose === "bisect")).toHaveLength(
      broken?.runs ?? -1,
    );
    const mending = view.tasks.find(({ task }) => task.id === "fix-1");
    expect(mending?.task).toMatchObject({ specialist: "backend-tester", mode: "integration" });
    expect(mending?.addedBecause).toContain("red since the integration of integration");
    expect(world.comments.get("status")).toContain("the integration of `integration`");
  });

  test("G5: where the base is red by then, nobody of the run is blamed and a person is asked", async () => {
    const { world, end } = await runWith(
      {},
      {
        made: (made) => {
          made.git.failing = () => made.dispatched.some((id) => id.includes(".security."));
        },
      },
    );
    expect(end).toBe("blocked");
    const view = await world.view();
    expect(view.brokenBy).toEqual([]);
    expect(view.blocked?.attempted.at(-1)).toContain("the base commit: it is red there, too");
  });

  test("T4, G5: when somebody's push broke the suite, the task that came after it is not sent back", async () => {
    const { world, end } = await runWith(
      {
        unit: (work) => {
          push(MADE.world, { "src/carol.js": "BROKEN" });
          return tests("unit")(work);
        },
        fix: (work) => {
          work.files["src/carol.js"] = "mended";
          return writes("src/handler.js", "ok")(work);
        },
      },
      { made: (made) => Object.assign(MADE, { world: made }) },
    );
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.brokenBy[0]).toMatchObject({ by: "somebody", runs: 1 });
    expect(attempts(world, "unit")).toBe(1);
  });

  test("H7: a suite that ends differently on one commit is flaky; it counts as a failure and is told to whoever mends it", async () => {
    let told = "";
    const { world, end } = await runWith(
      {
        integration: tests("integration", "test() DICE"),
        fix: (work) => {
          told = work.prompt;
          return tests("integration", "test()")(work);
        },
      },
      {
        made: (made) => {
          made.git.failing = (files, time) =>
            Object.values(files).some((text) => text.includes("DICE")) && time === 2;
        },
      },
    );
    expect(end).toBe("complete");
    expect(told).toContain("`npm test` is flaky: on the same commit");
    const view = await world.view();
    const reds = view.evidence.filter(({ evidence }) => evidence.exitCode !== 0);
    for (const { evidence } of reds) expect(evidence.sha).not.toBe(view.headSha);
  });
});

const MADE: { world: SmallWorld } = { world: undefined as unknown as SmallWorld };
