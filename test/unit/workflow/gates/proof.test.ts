import { describe, expect, test } from "vitest";
import { runWith } from "../../../helpers/play-run.ts";
import { soundPlan } from "../../../helpers/run-facts.ts";
import { tests, writes } from "../../../helpers/scripted-acts.ts";

describe("what new tests show", () => {
  test("H5: tests that fail without the change are proven, which stands in the matrix", async () => {
    const { world, end } = await runWith({});
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.proofs.map(({ taskId, kind }) => [taskId, kind])).toEqual([
      ["unit", "proven"],
      ["integration", "proven"],
      ["acceptance", "proven"],
    ]);
    expect(view.proofs[0]).toMatchObject({ baseSha: view.started.baseSha });
    expect(world.comments.get("status")).toContain("(fail without the change)");
  });

  test("H5: tests that pass at once without the change send the tester back, and never reach the run branch", async () => {
    const { world, end } = await runWith({
      unit: (work) => {
        const told = work.prompt.includes("pass on the base commit too, without the change");
        return tests("unit", told ? "test()" : "VACUOUS")(work);
      },
    });
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.tasks.find(({ task }) => task.id === "unit")?.dispatches).toHaveLength(2);
    const proofs = (await world.ledger.read(view.runId)).flatMap(({ fact }) =>
      fact.type === "test-proof" && fact.taskId === "unit" ? [fact.kind] : [],
    );
    expect(proofs).toEqual(["passes-without", "proven"]);
    for (const sha of world.git.verified)
      expect(Object.values(world.git.files(sha))).not.toContain("VACUOUS");
  });

  test("H5: a tester whose tests never show anything is escalated", async () => {
    const { world, end } = await runWith({ unit: tests("unit", "VACUOUS") });
    expect(end).toBe("blocked");
    expect((await world.view()).blocked?.issue).toContain("pass on the base commit too");
  });

  test("H5: where the base is red already nothing can be shown, and the report says so", async () => {
    const { world, end } = await runWith(
      {
        handler: (work) => {
          work.files["README.md"] = "mended";
          return writes("src/handler.js", "ok")(work);
        },
      },
      { base: { "README.md": "BROKEN" } },
    );
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.proofs[0]).toMatchObject({
      kind: "not-feasible",
      detail: "the base is red already: `npm test` exited with 1",
    });
    expect(world.comments.get("status")).toContain("(not tried without the change)");
  });

  test("H4: tests of something that does not exist send the tester back with what is missing", async () => {
    const { world, end } = await runWith({
      unit: (work) => {
        const told = work.prompt.includes("refers to what does not exist: ../src/hander.js");
        return tests("unit", `import "../src/${told ? "handler" : "hander"}.js";`)(work);
      },
    });
    expect(end).toBe("complete");
    expect((await world.view()).errors[0]?.error).toContain(
      "test/unit.test.js refers to what does not exist: ../src/hander.js",
    );
  });

  test("H5: tests that developers bring are proven, too, all in one run at the end; who brings empty ones is named, not sent back", async () => {
    for (const [text, kind, said] of [
      ["test()", "proven", "Without the change the developer's tests of `handler` fail"],
      [
        "VACUOUS",
        "passes-without",
        "Without the change the developer's tests of `handler` pass, too",
      ],
    ] as const) {
      const { world, end } = await runWith({
        handler: (work) => {
          work.files["test/handler.test.js"] = text;
          return writes("src/handler.js", "ok")(work);
        },
      });
      expect(end).toBe("complete");
      const view = await world.view();
      const proof = view.proofs.find(({ taskId }) => taskId === "handler");
      expect([proof?.kind, proof?.sha]).toEqual([kind, view.headSha]);
      expect(view.tasks.find(({ task }) => task.id === "handler")?.dispatches).toHaveLength(1);
      expect(world.comments.get("status")).toContain(said);
    }
  });

  test("H5: the suite of the base is run once, whatever number of testers there are", async () => {
    const { world } = await runWith({});
    const view = await world.view();
    expect(world.git.verified.filter((sha) => sha === view.started.baseSha)).toHaveLength(1);
  });

  test("H5: a planned run that only brings tests has nothing to leave out but its plan document", async () => {
    const plan = soundPlan();
    for (const phase of plan.phases)
      if (phase.phase !== "testing")
        Object.assign(phase, { tasks: [], skip_reason: "only tests are asked for" });
    const only = Object.fromEntries(
      (["unit", "integration", "acceptance"] as const).map((mode) => [
        mode,
        tests(mode, "VACUOUS"),
      ]),
    );
    const { world, end } = await runWith({ plan: () => ({ result: plan }), ...only });
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.planDocument).toBeDefined();
    expect(view.proofs.map(({ detail }) => detail)).toEqual(
      Array.from({ length: 3 }, () => "the run changed nothing but tests"),
    );
  });
});
