import { describe, expect, test } from "vitest";
import { clarifications, decision, STORE } from "../../../helpers/consulting.ts";
import { dispatchOrder, securityFinding, tries } from "../../../helpers/loop-acts.ts";
import { runWith } from "../../../helpers/play-run.ts";
import { soundPlan } from "../../../helpers/run-facts.ts";
import { reviewed, securityReviewed, writes } from "../../../helpers/scripted-acts.ts";
import type { Act } from "../../../helpers/small-world.ts";

/** A developer that asks first, and writes once its prompt holds the answer. */
function asks(answer: string, question: object = STORE): Act {
  return (work) =>
    work.prompt.includes(answer)
      ? writes("src/handler.js", "ok")(work)
      : { result: { status: "needs_clarification", summary: "unclear", questions: [question] } };
}

function blockedBy(reason: string, recommend = "decide it"): unknown {
  const blocked = { reason, issue: "no way on", attempted: ["read the code"], recommend };
  return { status: "blocked", summary: "stuck", blocked };
}

describe("F9: a specialist's question is answered, and the same specialist goes on with it", () => {
  test("from the repository's own words, with the source named", async () => {
    const { world, end } = await runWith(
      { handler: asks("Which store should assets use?: memory") },
      { base: { "README.md": "The assets store is kept in memory. It is small." } },
    );
    expect(end).toBe("complete");
    expect(await clarifications(world)).toEqual([
      expect.stringMatching(/^research: memory \(The assets store is kept in memory/),
    ]);
    expect((await world.view()).questions).toEqual([]);
    expect(dispatchOrder(world).slice(0, 3)).toEqual(["plan.1", "handler.1", "handler.2"]);
  });

  test("by the lead, dispatched for it, when nothing written says it", async () => {
    const { world, end } = await runWith({
      handler: asks("Use the disk."),
      clarify: () => ({ result: decision("Use the disk.") }),
    });
    expect(end).toBe("complete");
    expect(dispatchOrder(world).slice(1, 4)).toEqual(["handler.1", "clarify-1.1", "handler.2"]);
    expect((await clarifications(world))[0]).toMatch(/^lead: Use the disk\./);
    expect((await world.view()).questions).toEqual([]);
  });

  test("by people, when the lead says that it is for them; and at once for what only people decide", async () => {
    const { world, end } = await runWith(
      {
        handler: asks("disk"),
        clarify: () => ({ result: decision("It depends.", true) }),
      },
      { answering: () => ({ option: "b", text: "disk" }) },
    );
    expect(end).toBe("complete");
    expect(await clarifications(world)).toEqual(["user: disk"]);
    const costly = { ...STORE, text: "Which store may assets use within the budget?" };
    const second = await runWith(
      { handler: asks("disk", costly) },
      { answering: () => ({ option: "b", text: "disk" }) },
    );
    expect(dispatchOrder(second.world)).not.toContain("clarify-1.1");
  });
});

describe("P7: a blocked specialist is helped by the one who can", () => {
  test.each([
    ["architecture", { result: decision("Use one table.") }, "Use one table."],
    ["security", { result: securityReviewed("approved") }, "security: approved"],
  ])("%s", async (reason, helper, words) => {
    const { world, end } = await runWith({
      handler: (work) =>
        work.attempt === 1 ? { result: blockedBy(reason) } : writes("src/handler.js", words)(work),
      consult: () => helper,
    });
    expect(end).toBe("complete");
    expect(dispatchOrder(world).slice(1, 4)).toEqual(["handler.1", "consult-1.1", "handler.2"]);
    const view = await world.view();
    expect(view.routed).toMatchObject([{ taskId: "handler", reason }]);
    expect(view.questions).toEqual([]);
    expect(view.blocked).toBeUndefined();
  });

  test("P1, P6, P12: what no specialist can lift is for people, with what was tried from the ledger", async () => {
    const { world, end } = await runWith({
      handler: () => ({ result: blockedBy("environment", "frontend-orchestrator") }),
    });
    expect(end).toBe("blocked");
    const view = await world.view();
    expect(view.blocked).toMatchObject({
      issue: "no way on",
      recommend: "frontend-orchestrator",
      attempted: ["read the code", expect.stringContaining("dispatched backend-developer")],
    });
    expect(view.escalations).toHaveLength(1);
    expect(dispatchOrder(world)).toEqual(["plan.1", "handler.1"]);
  });

  test("a helper that cannot help leaves it to people, and is not asked twice", async () => {
    const { world, end } = await runWith({
      handler: () => ({ result: blockedBy("architecture") }),
      consult: () => ({ result: decision("It depends.", true) }),
    });
    expect(end).toBe("blocked");
    expect(dispatchOrder(world).filter((id) => id.startsWith("consult"))).toEqual(["consult-1.1"]);
    expect((await world.view()).blocked?.recommend).toBe("user");
  });

  test("F9: a developer that mends is answered, too", async () => {
    const issue = { severity: "important", file: "src/handler.js", line: 1 };
    const { world, end } = await runWith({
      review: ({ attempt }) => ({
        result:
          attempt === 1
            ? reviewed("changes_requested", [{ ...issue, description: "slow", fix: "cache" }])
            : reviewed("approved"),
      }),
      fix: (work) => (work.attempt === 1 ? { result: blockedBy("architecture") } : tries(work)),
      consult: () => ({ result: decision("Cache it.") }),
    });
    expect(end).toBe("complete");
    const ids = dispatchOrder(world);
    expect(ids.slice(ids.indexOf("fix-1.1"), ids.indexOf("fix-1.1") + 3)).toEqual([
      "fix-1.1",
      "consult-1.1",
      "fix-1.2",
    ]);
  });
});

describe("P3: a specialist that lacks a requirement and asks nothing", () => {
  const MISSING = /the request leaves something open: no way on\. What is wanted\?$/;

  test.each([
    [
      "with the advice it gave",
      "keep them for a day",
      { option: "a", text: "keep them for a day" },
    ],
    ["with a person's own words", "user", { text: "keep them for a week" }],
  ])(
    "P3: people are asked by what is missing, and the same task goes on %s",
    async (_how, advice, said) => {
      const asked: string[] = [];
      const { world, end } = await runWith(
        {
          handler: (work) =>
            work.prompt.includes(`What is wanted?: ${said.text}`)
              ? writes("src/handler.js", "ok")(work)
              : { result: blockedBy("requirements", advice) },
        },
        {
          answering: ({ question }) => {
            asked.push(question.text);
            expect(question.options.map(({ label }) => label)).toEqual(
              advice === "user" ? ["Leave it open", "Stop"] : [advice, "Leave it open", "Stop"],
            );
            return said;
          },
        },
      );
      expect(end).toBe("complete");
      expect(asked).toEqual([expect.stringMatching(MISSING)]);
      expect(dispatchOrder(world).slice(1, 3)).toEqual(["handler.1", "handler.2"]);
      expect((await world.view()).blocked).toBeUndefined();
    },
  );

  test("P3: whoever says stop ends it with the sentence of what was tried", async () => {
    const { world, end } = await runWith(
      { handler: () => ({ result: blockedBy("requirements") }) },
      { answering: () => ({ option: "c", text: "Stop" }) },
    );
    expect(end).toBe("blocked");
    expect((await world.view()).blocked).toMatchObject({
      issue: "no way on",
      attempted: ["read the code", expect.stringContaining("dispatched backend-developer")],
    });
  });

  test("P3: the orchestrator that cannot plan for want of one asks, too, and then plans", async () => {
    const { world, end } = await runWith(
      {
        plan: ({ prompt }) => ({
          result: prompt.includes("What is wanted?: keep them for a day")
            ? soundPlan()
            : blockedBy("requirements", "keep them for a day"),
        }),
      },
      { answering: () => ({ option: "a", text: "keep them for a day" }) },
    );
    expect(end).toBe("complete");
    expect((await world.view()).questions).toHaveLength(1);
  });
});

test("P10: recommendations that contradict each other go to people, and everybody is told what they decided", async () => {
  const place = { file: "src/handler.js", line: 1 };
  const prompts: string[] = [];
  const asked: string[] = [];
  const { world, end } = await runWith(
    {
      review: ({ attempt }) => ({
        result:
          attempt === 1
            ? reviewed("changes_requested", [
                { severity: "important", ...place, description: "Remove the logging", fix: "it" },
              ])
            : reviewed("approved"),
      }),
      security: ({ attempt }) => ({
        result:
          attempt === 1
            ? securityReviewed("changes_requested", [
                {
                  ...securityFinding("HIGH"),
                  title: "Add logging",
                  description: "add logging of denied requests",
                  remediation: "add it",
                },
              ])
            : securityReviewed("approved"),
      }),
      fix: (work) => {
        prompts.push(work.prompt);
        return tries(work);
      },
    },
    {
      answering: ({ question }) => {
        asked.push(question.text);
        return { option: "b", text: "log denied requests" };
      },
    },
  );
  expect(end).toBe("complete");
  expect(asked).toEqual([expect.stringContaining("recommend opposite things")]);
  expect(prompts.at(-1)).toContain("Follow this: log denied requests");
  expect((await world.view()).escalations).toHaveLength(1);
});
