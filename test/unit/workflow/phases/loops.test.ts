import { describe, expect, test } from "vitest";
import { statusReport } from "../../../../src/domain/status-schema.ts";
import { STAY, send } from "../../../helpers/follow-up.ts";
import {
  answers,
  breaks,
  dispatchOrder,
  issue,
  securityFinding,
  specGap,
  tries,
} from "../../../helpers/loop-acts.ts";
import { runWith } from "../../../helpers/play-run.ts";
import { reviewed, securityReviewed, tests, writes } from "../../../helpers/scripted-acts.ts";

describe("loops of a run with limits", () => {
  test("I10, I6: three identical failures are escalated with the four ways on, and abort ends the run", async () => {
    const { world, end } = await runWith({
      handler: breaks,
    });
    expect(end).toBe("blocked");
    const view = await world.view();
    expect(view.escalations).toMatchObject([
      { phase: "implementation", why: expect.stringContaining("for the same reason") },
    ]);
    const question = world.comments.get("12 orchestrate:question:7-12-r1:Q1") ?? "";
    for (const label of ["Continue", "Accept with known issues", "Show the history", "Abort"])
      expect(question).toContain(label);
    expect(view.decisions).toMatchObject([{ by: "bob", verdict: "abort", gate: "tests" }]);
    expect(view.blocked?.attempted.length).toBeGreaterThan(0);
    expect(world.pulls[0]?.draft).toBe(true);
  });

  test("I6, X12: continue grants three more rounds, once; the same task goes on with what was wrong", async () => {
    const { world, end } = await runWith(
      {
        handler: (work) => (work.attempt < 5 ? breaks(work) : writes("src/handler.js", "ok")(work)),
      },
      { answering: answers({ option: "a", text: "Continue (+3)" }) },
    );
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.decisions).toMatchObject([{ verdict: "continue" }]);
    expect(dispatchOrder(world).filter((id) => id.startsWith("handler."))).toHaveLength(5);
  });

  test("I6: the history is shown on request, and an answer that decides nothing is asked back", async () => {
    const { world, end } = await runWith(
      { handler: writes("src/handler.js", "BROKEN") },
      {
        answering: answers(
          { option: "c", text: "Show the history" },
          { text: "hm, what would you do?" },
          { option: "d", text: "Abort" },
        ),
      },
    );
    expect(end).toBe("blocked");
    expect(world.comments.get("12 orchestrate:history:7-12-r1:Q1")).toContain(
      "Round 1, implementation, handler: tests failed",
    );
    expect(world.comments.get("12 orchestrate:question:7-12-r1:Q3")).toContain(
      "The last answer decided nothing",
    );
  });

  test("P11: known issues are accepted with the risk in a person's own words, and listed as next steps", async () => {
    let line = 0;
    const { world, end } = await runWith(
      {
        review: () => ({ result: reviewed("changes_requested", [issue(++line, `gap ${line}`)]) }),
        fix: tries,
      },
      {
        answering: answers(
          { option: "b", text: "Accept with known issues" },
          { option: "b", text: "b: large lists may be slow until May" },
        ),
      },
    );
    const view = await world.view();
    expect(view.decisions).toMatchObject([
      {
        verdict: "accept",
        gate: "quality",
        by: "bob",
        text: "large lists may be slow until May",
        open: ["src/handler.js:3: gap 3 (check it)"],
      },
    ]);
    expect(end).toBe("complete");
    expect(statusReport(view).next_steps).toContain(
      "Known issue, accepted by bob (large lists may be slow until May): src/handler.js:3: gap 3 (check it)",
    );
    expect(world.comments.get("12 orchestrate:question:7-12-r1:Q2")).toContain("the risk that you");
  });

  test("P11: what a person accepted is not asked for again when the review is repeated", async () => {
    const accepted: string[] = [];
    const { world, end } = await runWith(
      {
        review: ({ prompt }) => {
          accepted.push(prompt);
          return { result: reviewed("changes_requested", [issue(1)]) };
        },
        fix: tries,
        security: ({ attempt }) => ({
          result:
            attempt === 1
              ? securityReviewed("changes_requested", [securityFinding("HIGH")])
              : securityReviewed("approved"),
        }),
      },
      { answering: answers({ option: "b", text: "b: we know, and live with it" }) },
    );
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.decisions).toHaveLength(1);
    expect(accepted.at(-1)).toContain("bob has accepted this as it is");
  });

  test("I6: accepting a red suite ends the run with a draft; nothing is called complete", async () => {
    const { world, end } = await runWith(
      { handler: writes("src/handler.js", "BROKEN") },
      { answering: answers({ option: "b", text: "b" }) },
    );
    expect(end).toBe("blocked");
    expect(world.pulls[0]?.draft).toBe(true);
    expect((await world.view()).blocked?.issue).toContain("bob ended the run with this open");
  });

  test("I7: only a revised approach begins to count anew, and everybody is told of it", async () => {
    const prompts: string[] = [];
    const { world, end } = await runWith(
      {
        handler: (work) => {
          prompts.push(work.prompt);
          return work.prompt.includes("use a queue")
            ? writes("src/handler.js", "queue")(work)
            : breaks(work);
        },
      },
      { answering: answers({ text: "Revise approach: use a queue instead" }) },
    );
    expect(end).toBe("complete");
    expect((await world.view()).decisions).toMatchObject([
      { verdict: "revise", text: "use a queue instead" },
    ]);
    expect(prompts.at(-1)).toContain("bob says: use a queue instead");
  });

  test("I5: five cycles over all gates are the end, even when every failure is another one", async () => {
    let n = 0;
    const { world, end } = await runWith({
      review: ({ attempt }) => ({
        result:
          attempt % 2 === 1
            ? specGap(`part ${attempt}`)
            : reviewed("changes_requested", [issue(attempt, `flaw ${attempt}`)]),
      }),
      fix: (work) => {
        n += 1;
        return writes("src/handler.js", `fix ${n}`)(work);
      },
    });
    expect(end).toBe("blocked");
    const view = await world.view();
    expect(view.gates.filter((fact) => fact.type === "gate-failed")).toHaveLength(5);
    expect(view.escalations[0]?.why).toContain("5 rounds");
    expect(dispatchOrder(world).filter((id) => id.startsWith("security."))).toEqual([]);
  });

  test("F7, F8: attempts without a result are counted for each task; a person may let it go on", async () => {
    const { world, end } = await runWith(
      {
        unit: (work) => (work.attempt < 4 ? { status: "no-result" } : tests("unit")(work)),
      },
      { answering: answers({ option: "a", text: "Continue (+3)" }) },
    );
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.decisions).toMatchObject([{ gate: "result", verdict: "continue" }]);
    expect(view.escalations[0]?.why).toContain("task unit was refused 3 times");
  });

  test("P5: silence decides nothing: the run waits for its person", async () => {
    const { world } = await runWith(
      { handler: writes("src/handler.js", "BROKEN") },
      {
        answering: () => undefined,
        act: async (engine, world) => {
          await world.reached("waiting");
          expect(statusReport(await world.view())).toMatchObject({ status: "blocked" });
          await engine.send({
            key: "7-12-r1",
            topic: "answers",
            body: { number: 1, by: "bob", option: "d", text: "Abort" },
            idempotencyKey: "late",
          });
        },
      },
    );
    expect((await world.view()).decisions).toMatchObject([{ by: "bob", verdict: "abort" }]);
  });

  test("I7, X12: a retry after the end is a person's continue: it adds rounds and resets nothing", async () => {
    const { world } = await runWith(
      { handler: breaks },
      {
        limits: STAY,
        act: async (engine, world) => {
          await world.reached("phase-failed");
          const again = world.reached("phase-failed");
          await send(engine, { kind: "retry", by: "alice" });
          await again;
          await send(engine, { kind: "closed", by: "alice", merged: false });
        },
      },
    );
    const view = await world.view();
    expect(view.decisions.map(({ by, verdict }) => `${by} ${verdict}`)).toEqual([
      "bob abort",
      "alice continue",
      "bob abort",
    ]);
    const failed = view.gates.filter((fact) => fact.type === "gate-failed");
    expect(failed).toHaveLength(6);
  });
});
