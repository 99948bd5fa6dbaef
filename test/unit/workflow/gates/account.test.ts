import { describe, expect, test } from "vitest";
import { runWith } from "../../../helpers/play-run.ts";
import { soundPlan } from "../../../helpers/run-facts.ts";
import { tests, writes } from "../../../helpers/scripted-acts.ts";
import type { Act, SmallWorld } from "../../../helpers/small-world.ts";

const BASE = { "README.md": "sample", "test/old.test.js": "test() test()" };

function status(world: SmallWorld): string {
  return world.comments.get("status") ?? "";
}

describe("what the change came to, in the report", () => {
  test("B-04: tests before and after as the host counts them, and what was done to test files", async () => {
    const { world, end } = await runWith({}, { base: BASE });
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.tests).toMatchObject({
      sha: view.headSha,
      before: { passed: 2, failed: 0, skipped: 0 },
      after: { passed: 5, failed: 0, skipped: 0 },
      added: ["test/acceptance.test.js", "test/integration.test.js", "test/unit.test.js"],
      changed: [],
      deleted: [],
    });
    expect(status(world)).toContain(
      "**Tests:** 2 before the change, 5 after · **test files:** 3 added",
    );
    expect(status(world)).not.toContain("⚠️");
  });

  test("H6: a tester's count is held against the host's", async () => {
    const { world } = await runWith(
      {
        unit: (work) => {
          const done = tests("unit")(work) as { result: object };
          return { result: { ...done.result, test_count: 40 } };
        },
      },
      { base: BASE },
    );
    expect(status(world)).toContain("The testers say 42 new tests, the host counts 3.");
  });

  test("B-04: tests that a developer weakens are seen: fewer of them, more skipped", async () => {
    const { world, end } = await runWith(
      {
        handler: (work) => {
          work.files["test/old.test.js"] = "skip()";
          return writes("src/handler.js", "ok")(work);
        },
        ...Object.fromEntries(
          (["unit", "integration", "acceptance"] as const).map((mode) => [mode, tests(mode, "x")]),
        ),
      },
      { base: BASE },
    );
    expect(end).toBe("complete");
    expect(status(world)).toContain("There are fewer tests than before: 1 instead of 2.");
    expect(status(world)).toContain("More tests are skipped than before: 1 instead of 0.");
    expect(status(world)).toContain("**test files:** 3 added, 1 changed");
  });

  test("B-05: dependencies and dot-files of the change are named", async () => {
    const { world } = await runWith({
      handler: (work) => {
        work.files["package.json"] = "{}";
        work.files[".env.example"] = "KEY=";
        return writes("src/handler.js", "ok")(work);
      },
    });
    expect(status(world)).toContain(
      "Worth a look, dependencies and dot-files: `.env.example`, `package.json`",
    );
  });
});

describe("N5: what is asked for by number", () => {
  const plan = soundPlan();
  plan.requirements = [
    { id: "R1", text: "three endpoints for assets", count: { n: 3, unit: "endpoint" } },
  ];

  function claims(items: readonly string[]): Act {
    return (work) => {
      work.files["src/handler.js"] = 'app.get("/a"); app.post("/a"); app.delete("/a/:id");';
      const counted = [{ requirement: "R1", unit: "endpoints", items }];
      return {
        result: {
          status: "complete",
          summary: "made them",
          files_modified: [],
          notes: [],
          counted,
        },
      };
    };
  }

  test("it is counted in its own unit in the change, and shown with what was counted", async () => {
    const { world } = await runWith({
      plan: () => ({ result: plan }),
      handler: claims(["GET /a", "POST /a", "DELETE /a/{id}"]),
    });
    expect(status(world)).toContain(
      "(counted: 3 of 3 endpoints: `GET /a`, `POST /a`, `DELETE /a/{id}`)",
    );
  });

  test("what is claimed and not in the change does not count, and is a gap", async () => {
    const { world } = await runWith({
      plan: () => ({ result: plan }),
      handler: claims(["GET /a", "GET /a", "PUT /b"]),
    });
    expect(status(world)).toContain("gap: 1 of 3 endpoints were found");
  });

  test("N5: what only the run's own plan document says is not in the change", async () => {
    const promising = structuredClone(plan);
    promising.summary = "GET /only-planned for assets";
    const { world } = await runWith({
      plan: () => ({ result: promising }),
      handler: claims(["GET /a", "GET /only-planned"]),
    });
    expect(status(world)).toContain("gap: 1 of 3 endpoints were found");
  });

  test("what nobody counted is a gap, and the specialist was asked to count", async () => {
    let asked = "";
    const { world } = await runWith({
      plan: () => ({ result: plan }),
      handler: (work) => {
        asked = work.prompt;
        return writes("src/handler.js", "ok")(work);
      },
    });
    expect(asked).toContain('R1 asks for 3 of the unit "endpoint"');
    expect(status(world)).toContain("3 endpoints are asked for and were not counted");
  });
});
