import { describe, expect, test } from "vitest";
import type { MemoryEngine } from "../../../../src/engine/memory/engine.ts";
import { ANSWERS } from "../../../../src/workflow/people/escalate.ts";
import { RUN_KEY, runWith } from "../../../helpers/play-run.ts";
import { tests, writes } from "../../../helpers/scripted-acts.ts";
import type { Act, SmallWorld } from "../../../helpers/small-world.ts";

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

  describe("A10: a scope that outgrew its triage", () => {
    const request = {
      issueTitle: "Fix the nil check in the handler",
      issueBody: "It crashes on an empty body.",
    };
    const larger = "every store has the same fault";
    function grown(status: "complete" | "blocked"): Act {
      return ({ files, prompt }) => {
        files["src/handler.js"] = prompt.includes("Keep to the request") ? "asked" : "half";
        const blocked = {
          reason: "other",
          issue: larger,
          attempted: ["looked"],
          recommend: "more",
        };
        return {
          result: {
            status: prompt.includes("Keep to the request") ? "complete" : status,
            summary: "fixed here",
            files_modified: ["src/handler.js"],
            notes: [],
            scope_larger: larger,
            ...(status === "blocked" ? { blocked } : {}),
          },
        };
      };
    }
    function answering(option: string, text: string) {
      return async (engine: MemoryEngine, world: SmallWorld): Promise<void> => {
        await world.reached("question-asked");
        const body = { number: 1, by: "bob", text, option };
        await engine.send({ key: RUN_KEY, topic: ANSWERS, body, idempotencyKey: "a1" });
      };
    }

    test("A10: the run stops and asks; planned anew it is work for several specialists", async () => {
      const { world, end } = await runWith(
        { "do-it": grown("complete") },
        { request, act: answering("a", "Plan it anew") },
      );
      expect(end).toBe("complete");
      const view = await world.view();
      expect(view.questions[0]?.question.text).toContain(larger);
      expect(world.dispatched.map((id) => id.split(".")[1])).toEqual(
        expect.arrayContaining(["do-it", "plan", "handler", "unit", "review", "security"]),
      );
      expect(view.plan?.phases[2]?.tasks.length).toBeGreaterThan(0);
    });

    test("A10: kept to the request, its work is accepted and nothing more is done", async () => {
      for (const status of ["complete", "blocked"] as const) {
        const { world, end } = await runWith(
          { "do-it": grown(status) },
          { request, act: answering("b", "Keep to the request") },
        );
        expect(end).toBe("complete");
        expect(world.dispatched).toHaveLength(status === "complete" ? 1 : 2);
        expect((await world.view()).questions).toHaveLength(1);
      }
    });

    test("A10: stopped, or answered by nobody, it ends blocked and keeps its branches", async () => {
      const { world, end } = await runWith(
        { "do-it": grown("complete") },
        { request, act: answering("c", "Stop") },
      );
      expect(end).toBe("blocked");
      expect((await world.view()).blocked?.issue).toContain("larger than it looked");
      expect(world.git.branches.size).toBeGreaterThan(1);
    });
  });
});
