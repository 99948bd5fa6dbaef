import { describe, expect, test } from "vitest";
import { dispatchOrder } from "../../../helpers/loop-acts.ts";
import { runWith } from "../../../helpers/play-run.ts";
import { soundPlan } from "../../../helpers/run-facts.ts";
import { securityReviewed, writes } from "../../../helpers/scripted-acts.ts";

describe("F3: a security review that the written change owes", () => {
  function withoutSecurity(): ReturnType<typeof soundPlan> {
    const plan = soundPlan();
    for (const phase of plan.phases)
      phase.tasks = phase.tasks.filter(({ mode }) => mode !== "security");
    return { ...plan, summary: "Add a list", requirements: [{ id: "R1", text: "a list" }] };
  }
  const request = { issueTitle: "Add a list", issueBody: "Implement a list and write tests." };

  test("is added and carried out, although neither request nor plan speaks of it", async () => {
    const { world, end } = await runWith(
      {
        plan: () => ({ result: withoutSecurity() }),
        handler: writes("src/auth/session.js", "export function checkPassword(password) {}"),
        "security-review-by-rule": () => ({ result: securityReviewed("approved") }),
      },
      { request },
    );
    expect(end).toBe("complete");
    expect(dispatchOrder(world)).toContain("security-review-by-rule.1");
    const view = await world.view();
    const owed = view.tasks.find(({ task }) => task.id === "security-review-by-rule");
    expect(owed).toMatchObject({ phase: "quality", state: "accepted", sha: view.headSha });
    expect(owed?.addedBecause).toContain("the change touches");
  });

  test("is not, when nothing of the kind was written", async () => {
    const { world, end } = await runWith(
      {
        plan: () => ({ result: withoutSecurity() }),
        handler: writes("src/list.js", "export function list() {}"),
      },
      { request },
    );
    expect(end).toBe("complete");
    expect(dispatchOrder(world)).not.toContain("security-review-by-rule.1");
  });

  test("is not for what only the run's own plan document says", async () => {
    const plan = withoutSecurity();
    plan.summary = "Add a list";
    const { world, end } = await runWith(
      {
        plan: () => ({ result: plan }),
        handler: (work) => {
          const path = Object.keys(work.files).find((file) => file.startsWith("docs/plans/")) ?? "";
          work.files[path] = "checkPassword(password) is not part of this";
          return writes("src/list.js", "export function list() {}")(work);
        },
      },
      { request },
    );
    expect(end).toBe("complete");
    expect(dispatchOrder(world)).not.toContain("security-review-by-rule.1");
  });
});
