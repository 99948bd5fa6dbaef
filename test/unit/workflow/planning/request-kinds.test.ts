import { describe, expect, test } from "vitest";
import type { LedgerEvent } from "../../../../src/domain/run/ledger-event.ts";
import { decision } from "../../../helpers/consulting.ts";
import { runWith } from "../../../helpers/play-run.ts";
import { writes } from "../../../helpers/scripted-acts.ts";
import type { Act, SmallWorld } from "../../../helpers/small-world.ts";

async function eventsOf(world: SmallWorld): Promise<LedgerEvent[]> {
  return world.ledger.read((await world.view()).runId);
}

/** Who was dispatched for the work, in which mode, without the orchestrator itself. */
async function dispatched(world: SmallWorld): Promise<string[]> {
  const events = await eventsOf(world);
  return events.flatMap(({ fact }) =>
    fact.type === "dispatch-started" && fact.taskId !== "plan"
      ? [`${fact.role} ${fact.mode ?? ""}`.trim()]
      : [],
  );
}

function asked(issueTitle: string, issueBody = ""): { issueTitle: string; issueBody: string } {
  return { issueTitle, issueBody };
}

describe("requests that several specialists work on", () => {
  test.each([
    ["A8", "Implement and test the asset parser"],
    ["A8", "Design and build a rate limiter for the public API"],
    ["A4", "Fix the off-by-one in pagination and add a regression test"],
    ["A5", "Refactor the capabilities module - separate integrations from core logic"],
  ])("%s: %s", async (_row, title) => {
    const { world, end } = await runWith({}, { request: { ...asked(title), task: "" } });
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.triage?.mode).toBe("orchestrate");
    expect(view.triage?.concerns.length).toBeGreaterThan(1);
    expect(new Set(await dispatched(world)).size).toBeGreaterThan(3);
    expect(world.dispatched[0]).toContain(".plan.");
  });

  test("A8, near miss: the same work without its tests is one specialist's", async () => {
    const { world, end } = await runWith(
      { "do-it": writes("src/handler.js", "parses") },
      { request: { ...asked("Implement the asset parser"), task: "" } },
    );
    expect(end).toBe("complete");
    expect((await world.view()).triage?.mode).not.toBe("orchestrate");
    expect(await dispatched(world)).toEqual(["backend-developer implementation"]);
  });
});

describe("requests that one specialist works on", () => {
  function designs(): ReturnType<Act> {
    return { result: decision("Keep jobs in Postgres.") };
  }

  test.each([
    ["A7", "Should we store jobs in DynamoDB or in Postgres?", "backend-lead architecture"],
    ["A7", "Implement the asset parser", "backend-developer implementation"],
    ["F2, F4", "Send findings to the Slack API", "integration-developer implementation"],
  ])("%s: %s", async (_row, title, who) => {
    const { world, end } = await runWith(
      { "do-it": writes("src/handler.js", "x"), "architecture-task": designs },
      { request: { ...asked(title), task: "" } },
    );
    expect(await dispatched(world)).toEqual([who]);
    expect(end).toBe("complete");
  });
});

describe("phases and testers of an orchestrated run", () => {
  test("E2, L5: a phase that is left out stands in the ledger with its reason, and the comment shows it", async () => {
    const { world } = await runWith({});
    const skipped = (await eventsOf(world)).flatMap(({ fact }) =>
      fact.type === "phase-skipped" ? [fact] : [],
    );
    expect(skipped).toMatchObject([{ phase: "architecture" }]);
    const [{ reason } = { reason: "" }] = skipped;
    expect(reason).not.toBe("");
    expect(world.comments.get("status")).toContain(`**architecture** (skipped: ${reason})`);
  });

  test("H1, H2: every tester is dispatched in exactly one mode, each mode once", async () => {
    const { world } = await runWith({});
    const testers = (await dispatched(world)).filter((who) => who.startsWith("backend-tester"));
    expect(testers.toSorted()).toEqual([
      "backend-tester acceptance",
      "backend-tester integration",
      "backend-tester unit",
    ]);
  });

  test("I1, I11: a review without a verdict is made again, and its verdicts decide in their order", async () => {
    const { world, end } = await runWith({
      review: ({ attempt }) =>
        attempt === 1
          ? { result: { status: "complete", summary: "Looks good to me." } }
          : {
              result: {
                status: "complete",
                summary: "reviewed",
                spec: { verdict: "compliant", missing: [], extra: [], deviations: [] },
                quality: { verdict: "approved", issues: [] },
              },
            },
    });
    expect(end).toBe("complete");
    const view = await world.view();
    const review = view.tasks.find(({ task }) => task.id === "review");
    expect(review?.dispatches).toHaveLength(2);
    const passed = view.gates.filter(({ taskId }) => taskId === "review");
    expect(passed.map(({ type, gate }) => `${type} ${gate}`)).toEqual([
      "gate-failed result",
      "gate-passed requirements",
      "gate-passed quality",
    ]);
  });

  test("L1, L2: the whole list is there first; a task is at work before it is accepted, and accepted once", async () => {
    const { world } = await runWith({});
    const events = await eventsOf(world);
    function first(type: string, taskId?: string): number {
      return events.findIndex(
        ({ fact }) =>
          fact.type === type && (!taskId || ("taskId" in fact && fact.taskId === taskId)),
      );
    }
    const { tasks } = await world.view();
    expect(tasks.length).toBeGreaterThan(4);
    for (const { task } of tasks) {
      expect(first("plan-accepted")).toBeLessThan(first("dispatch-started", task.id));
      expect(first("dispatch-started", task.id)).toBeLessThan(first("task-accepted", task.id));
      const times = events.filter(
        ({ fact }) => fact.type === "task-accepted" && fact.taskId === task.id,
      );
      expect(times).toHaveLength(1);
    }
  });
});
