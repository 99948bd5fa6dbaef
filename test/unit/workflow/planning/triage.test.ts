import { describe, expect, test } from "vitest";
import { runWith } from "../../../helpers/play-run.ts";
import { tests, writes } from "../../../helpers/scripted-acts.ts";

describe("how a request is worked on", () => {
  test("A6, X14: a simple change goes to one specialist by the host's own plan; Step 1 and verification still apply", async () => {
    const { world, end } = await runWith(
      { "do-it": writes("src/handler.js", "fixed") },
      {
        request: {
          issueTitle: "Fix the nil check in the handler",
          issueBody: "It crashes on an empty body.",
        },
      },
    );
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.triage?.mode).toBe("delegate");
    expect(world.dispatched).toHaveLength(1);
    expect(view.tasks.map((task) => task.task.specialist)).toEqual(["backend-developer"]);
    expect(view.loads.map((load) => load.name)).toEqual(
      expect.arrayContaining(["calibrating-time-estimates", "verifying-before-completion"]),
    );
    expect(view.evidence.at(-1)?.purpose).toBe("final");
  });

  test("A7: tests alone go to the tester alone", async () => {
    const { world, end } = await runWith(
      { "unit-task": tests("unit") },
      {
        request: {
          issueTitle: "Write unit tests for the store",
          issueBody: "Only tests, no change of code.",
        },
      },
    );
    expect(end).toBe("complete");
    expect((await world.view()).tasks.map((task) => task.task.specialist)).toEqual([
      "backend-tester",
    ]);
  });

  test("A9: mode, concerns and reason are posted before anybody is dispatched", async () => {
    const { world } = await runWith({});
    const events = await world.ledger.read((await world.view()).runId);
    const types = events.map((event) => event.fact.type);
    expect(types.indexOf("triaged")).toBeLessThan(types.indexOf("dispatch-started"));
    expect(world.comments.get("status")).toMatch(
      /\*\*Approach:\*\* .+\(orchestrate\)\n\*\*Concerns:\*\* implementation, testing/,
    );
  });

  test("A11: frontend work is not done here: nobody is dispatched, the notice names who does it", async () => {
    const { world, end } = await runWith(
      {},
      {
        request: {
          issueTitle: "Restyle the React settings page",
          issueBody: "Use the new CSS grid layout and colours.",
        },
      },
    );
    expect(end).toBe("blocked");
    expect(world.dispatched).toEqual([]);
    expect(world.comments.get("12 orchestrate:blocked:7-12-r1")).toContain(
      "Recommend: frontend-orchestrator for the frontend changes.",
    );
  });
});
