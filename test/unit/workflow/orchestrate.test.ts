import { describe, expect, test } from "vitest";
import { statusReport } from "../../../src/domain/status-schema.ts";
import { RUN_BRANCH, runWith } from "../../helpers/play-run.ts";

describe("a run, from command to report", () => {
  test("A1: it ends complete with every phase, its branches pushed and a ready pull request on a verified head", async () => {
    const { world, end } = await runWith({});
    expect(end).toBe("complete");
    const view = await world.view();
    const report = statusReport(view);
    expect(report).toMatchObject({
      status: "complete",
      phases_completed: ["implementation", "testing", "quality"],
      agents_spawned: [
        "backend-developer",
        "backend-tester",
        "backend-lead",
        "backend-security-reviewer",
      ],
      verification: { all_tests_passed: true, build_success: null },
    });
    expect(world.pulls).toEqual([{ number: 100, head: RUN_BRANCH, draft: false }]);
    expect(world.git.branches.get(RUN_BRANCH)).toBe(view.headSha);
    expect(Object.keys(world.git.files(view.headSha))).toEqual(
      expect.arrayContaining([
        "src/handler.js",
        "test/unit.test.js",
        "test/integration.test.js",
        "test/acceptance.test.js",
      ]),
    );
  });

  test("E4, G2: phases and reviews come in order", async () => {
    const { world } = await runWith({});
    const order = world.dispatched.map((id) => id.split(".")[1]);
    expect(order).toEqual([
      "plan",
      "handler",
      "unit",
      "integration",
      "acceptance",
      "review",
      "security",
    ]);
  });

  test("F6: every writer's commit stands on a branch of its own under the run", async () => {
    const { world } = await runWith({});
    expect([...world.git.branches.keys()].sort()).toEqual(
      [
        "main",
        RUN_BRANCH,
        ...[
          "implementation-handler",
          "testing-acceptance",
          "testing-integration",
          "testing-unit",
        ].map((leaf) => RUN_BRANCH.replace("main", leaf)),
      ].sort(),
    );
  });

  test("G5: the whole suite runs after each integration and once more on the final commit", async () => {
    const { world } = await runWith({});
    const purposes = (await world.view()).evidence.map((e) => e.purpose);
    expect(purposes).toEqual([
      "handler attempt 1",
      "base",
      "unit attempt 1",
      "integration attempt 1",
      "acceptance attempt 1",
      "final",
    ]);
    expect(new Set(world.git.verified).size).toBe(5);
  });

  test("C1, C3, C7, C8: the skills stand in the ledger in the protocol's order", async () => {
    const { world } = await runWith({});
    const names = (await world.view()).loads
      .filter((l) => l.scope === "run" && l.kind === "core-skill")
      .map((l) => l.name);
    expect(names.slice(0, 3)).toEqual([
      "calibrating-time-estimates",
      "orchestrating-multi-agent-workflows",
      "gateway-backend",
    ]);
    expect(names.at(-1)).toBe("verifying-before-completion");
  });
});
