import { describe, expect, test } from "vitest";
import { dispatchOrder, issue, specGap, tries } from "../../../helpers/loop-acts.ts";
import { runWith } from "../../../helpers/play-run.ts";
import { reviewed, writes } from "../../../helpers/scripted-acts.ts";

describe("findings go back and the review is repeated", () => {
  test("I2: missing requirements go back to the developer alone, before quality or security is spent", async () => {
    const prompts: string[] = [];
    const { world, end } = await runWith({
      review: ({ attempt, prompt }) => {
        if (attempt === 1) return { result: specGap("the list endpoint") };
        expect(prompt).toMatch(/Finding \d: missing: the list endpoint/);
        expect(prompt).toMatch(/Finding \d: src\/handler\.js:3: slow loop/);
        return { result: reviewed("approved") };
      },
      fix: (work) => {
        prompts.push(work.prompt);
        return writes("src/handler.js", "with a list")(work);
      },
    });
    expect(end).toBe("complete");
    expect(prompts).toHaveLength(1);
    expect(prompts[0]).toContain("missing: the list endpoint");
    expect(prompts[0]).not.toContain("slow loop");
    const ids = dispatchOrder(world);
    expect(ids.indexOf("security.1")).toBeGreaterThan(ids.indexOf("review.2"));
    const { gates } = await world.view();
    expect(gates.map((fact) => `${fact.type} ${fact.gate}`)).toContain("gate-failed requirements");
  });

  test("I9: a repeated review is limited to its findings and the fix", async () => {
    const prompts: string[] = [];
    const { world } = await runWith({
      review: ({ attempt, prompt }) => {
        prompts.push(prompt);
        const verdict = attempt === 1 ? "changes_requested" : "approved";
        return { result: reviewed(verdict, attempt === 1 ? [issue(1)] : []) };
      },
      fix: tries,
    });
    const view = await world.view();
    const seen = view.tasks.find(({ task }) => task.id === "acceptance")?.sha;
    expect(prompts[0]).toContain(`git diff ${view.started.baseSha} HEAD`);
    expect(prompts[1]).toContain(`git diff ${seen} ${view.headSha}`);
    expect(prompts[1]).toContain("Finding 1: src/handler.js:1");
    expect(prompts[1]).not.toContain(`git diff ${view.started.baseSha} HEAD`);
  });

  test("I3, I8: every finding of a review reaches the developer and the next review", async () => {
    const told: string[] = [];
    const asked: string[] = [];
    const many = Array.from({ length: 8 }, (_, index) => issue(index + 1, `flaw ${index + 1}.`));
    await runWith({
      review: ({ attempt, prompt }) => {
        asked.push(prompt);
        return {
          result: attempt === 1 ? reviewed("changes_requested", many) : reviewed("approved"),
        };
      },
      fix: (work) => {
        told.push(work.prompt);
        return tries(work);
      },
    });
    for (let n = 1; n <= 8; n++) {
      expect(told[0]).toContain(`flaw ${n}.`);
      expect(asked[1]).toContain(`Finding ${n}: `);
      expect(asked[1]).toContain(`flaw ${n}.`);
    }
  });

  test("I8: a re-dispatched specialist gets the last five findings, not those of every attempt", async () => {
    const prompts: string[] = [];
    await runWith(
      {
        handler: (work) => {
          prompts.push(work.prompt);
          if (work.attempt === 7) return writes("src/handler.js", "done")(work);
          return { result: { status: "complete", summary: "", made: work.attempt } };
        },
      },
      { limits: { taskAttempts: 8, sameFailures: 10, cycles: 20 } },
    );
    expect(prompts).toHaveLength(7);
    expect(prompts.at(-1)?.match(/ended without an accepted result/g)).toHaveLength(5);
  });
});
