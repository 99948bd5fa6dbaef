import { describe, expect, test } from "vitest";
import { statusReport } from "../../../../src/domain/status-schema.ts";
import { runWith } from "../../../helpers/play-run.ts";
import { soundPlan } from "../../../helpers/run-facts.ts";
import { reviewed, securityReviewed, tests, writes } from "../../../helpers/scripted-acts.ts";

describe("gates and loops of a run", () => {
  test("E6: an unsound plan is refused with its problems and asked for again", async () => {
    const bad = soundPlan();
    bad.phases.reverse();
    const { world, end } = await runWith({
      plan: ({ attempt, prompt }) => ({
        result: attempt === 1 ? bad : prompt.includes("out of order") ? soundPlan() : bad,
      }),
    });
    expect(end).toBe("complete");
    expect((await world.view()).errors[0]?.error).toContain("The phases are out of order");
  });

  test("E6: without a sound plan nobody is dispatched and the run is blocked", async () => {
    const bad = soundPlan();
    bad.phases.reverse();
    const { world, end } = await runWith({ plan: () => ({ result: bad }) });
    expect(end).toBe("blocked");
    expect(world.dispatched.every((id) => id.includes(".plan."))).toBe(true);
    expect(world.pulls).toEqual([]);
  });

  test("F8: a claim without a diff is refused, dispatched again and then escalated", async () => {
    const { world, end } = await runWith({
      handler: () => ({
        result: { status: "complete", summary: "did it", files_modified: ["x"], notes: [] },
      }),
    });
    expect(end).toBe("blocked");
    expect(world.dispatched.filter((id) => id.includes(".handler."))).toHaveLength(3);
    expect((await world.view()).blocked?.issue).toContain("git shows no change");
    expect(world.comments.get("12 orchestrate:blocked:7-12-r1")).toMatch(
      /Blocked: .+\. Attempted: .+\. Recommend: user for .+\.$/,
    );
  });

  test("F7: a specialist that never submits is asked once more, then the next attempt counts", async () => {
    const { end, world } = await runWith({
      handler: (work) =>
        work.attempt === 1 ? { status: "no-result" } : writes("src/handler.js", "ok")(work),
    });
    expect(end).toBe("complete");
    expect((await world.view()).tasks[0]?.dispatches.map((d) => d.status)).toEqual([
      "no-result",
      "submitted",
    ]);
  });

  test("D7: a reviewer that edits is refused", async () => {
    const { world, end } = await runWith({
      review: ({ files, attempt }) => {
        if (attempt === 1) files["src/handler.js"] = "improved";
        return { result: reviewed("approved") };
      },
    });
    expect(end).toBe("complete");
    expect((await world.view()).errors[0]?.error).toContain("read-only");
  });

  test("I3: a blocking finding goes to the developer, and the review is repeated on the new head", async () => {
    const finding = {
      severity: "important",
      file: "src/handler.js",
      line: 1,
      description: "no check",
      fix: "check it",
    };
    const { world, end } = await runWith({
      review: ({ files }) => ({
        result: files["src/handler.js"]?.includes("fixed")
          ? reviewed("approved")
          : reviewed("changes_requested", [finding]),
      }),
    });
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.tasks.find((t) => t.task.id === "fix-1")).toMatchObject({
      state: "accepted",
      phase: "quality",
    });
    expect(view.tasks.find((t) => t.task.id === "review")?.sha).toBe(view.headSha);
  });

  test("I12: a fix after the security review makes the earlier code review stale; it is repeated", async () => {
    const finding = {
      severity: "HIGH",
      title: "t",
      file: "src/handler.js",
      line: 1,
      description: "d",
      remediation: "r",
    };
    const { world, end } = await runWith({
      security: ({ files }) => ({
        result: files["src/handler.js"]?.includes("fixed")
          ? securityReviewed("approved")
          : securityReviewed("changes_requested", [finding]),
      }),
    });
    expect(end).toBe("complete");
    expect(world.dispatched.map((id) => id.split(".").slice(1).join("."))).toEqual(
      expect.arrayContaining(["review.1", "security.1", "fix-1.1", "review.2", "security.2"]),
    );
  });

  test("H7: a suite that turns red with new tests is fixed by the developer before the next test is taken in", async () => {
    const { world, end } = await runWith({
      handler: writes("src/handler.js", "ok"),
      unit: tests("unit", "BROKEN until the handler is fixed"),
      fix: ({ files, prompt }) => {
        expect(prompt).toContain("not ok test/unit.test.js");
        files["test/unit.test.js"] = "test()";
        return {
          result: {
            status: "complete",
            summary: "fixed",
            files_modified: ["test/unit.test.js"],
            notes: [],
          },
        };
      },
    });
    expect(end).toBe("complete");
    expect((await world.view()).errors[0]?.resolution).toContain("developer");
  });

  test("N1: code that stays red ends blocked: failing command in the report, the pull request a draft", async () => {
    const { world, end } = await runWith({
      handler: writes("src/handler.js", "BROKEN"),
      fix: writes("src/handler.js", "BROKEN again"),
    });
    expect(end).toBe("blocked");
    expect(world.pulls[0]?.draft).toBe(true);
    expect(statusReport(await world.view())).toMatchObject({
      status: "blocked",
      verification: { all_tests_passed: false },
    });
    expect(world.comments.get("status")).toContain("| ✘ test | `npm test` |");
  });

  test("H6: a tester's count is a claim; the host runs the command itself and records what came out", async () => {
    const { world, end } = await runWith({
      unit: (work) => {
        const done = tests("unit")(work) as { result: object };
        return { result: { ...done.result, test_count: 999 } };
      },
    });
    expect(end).toBe("complete");
    const own = (await world.view()).evidence.find((item) => item.purpose === "unit attempt 1");
    expect(own?.evidence).toMatchObject({ command: "npm test", exitCode: 0, outputTail: "ok" });
    expect(world.git.verified).toContain(own?.evidence.sha);
    expect(world.comments.get("status")).not.toContain("999");
  });

  test("K2, M1: every specialist's end is recorded with its time before anything is decided on it", async () => {
    const { world } = await runWith({});
    const facts = (await world.ledger.read((await world.view()).runId)).map((event) => event.fact);
    const started = facts.flatMap((fact) =>
      fact.type === "dispatch-started" ? [fact.dispatchId] : [],
    );
    const ended = facts.flatMap((fact) =>
      fact.type === "dispatch-ended" ? [fact.dispatchId] : [],
    );
    expect(ended.toSorted()).toEqual(started.toSorted());
    for (const [index, fact] of facts.entries()) {
      if (fact.type !== "task-accepted") continue;
      const before = facts.slice(0, index);
      expect(
        before.some(
          (one) =>
            one.type === "dispatch-ended" && one.taskId === fact.taskId && one.durationMs >= 0,
        ),
      ).toBe(true);
    }
  });

  test("E5: every task of an accepted plan says who, what for, from what, where, with what result and after which", async () => {
    const { world } = await runWith({});
    for (const { task } of (await world.view()).tasks) {
      expect(task.specialist).not.toBe("");
      expect(task.objective).not.toBe("");
      expect(task.expected_output).not.toBe("");
      for (const list of [task.inputs, task.files, task.depends_on])
        expect(Array.isArray(list)).toBe(true);
    }
  });
});
