import { describe, expect, test } from "vitest";
import { TaskId } from "../../../../src/domain/ids.ts";
import type { Plan } from "../../../../src/domain/plan/plan.ts";
import { planProblems } from "../../../../src/domain/plan/soundness.ts";
import { rosterOf, SPECIALISTS } from "../../../../src/domain/specialist/specialists.ts";
import { plannedTask, soundPlan } from "../../../helpers/run-facts.ts";

const ROSTER = rosterOf({
  agents: SPECIALISTS.map((role) => ({ name: role.name })) as never,
  skills: [],
  routes: [],
  diagnostics: [],
});

function problems(change: (plan: Plan) => void): string[] {
  const plan = structuredClone(soundPlan());
  change(plan);
  return planProblems(plan, ROSTER);
}

function phase(plan: Plan, name: string): Plan["phases"][number] {
  const found = plan.phases.find((p) => p.phase === name);
  if (!found) throw new Error(`no phase ${name}`);
  return found;
}

describe("plan soundness", () => {
  test("E1: a plan with the four phases in their order is sound", () => {
    expect(planProblems(soundPlan(), ROSTER)).toEqual([]);
  });

  test("E1: phases out of order, twice or missing are refused", () => {
    expect(problems((plan) => plan.phases.reverse())[0]).toContain("out of order");
    expect(
      problems((plan) => plan.phases.push(structuredClone(phase(plan, "testing"))))[0],
    ).toContain("twice");
    expect(problems((plan) => plan.phases.shift())).toEqual([
      "Phase architecture is missing: list it with tasks, or with a skip_reason.",
    ]);
  });

  test("E2: a phase without tasks needs the reason why it is skipped", () => {
    expect(problems((plan) => delete phase(plan, "architecture").skip_reason)).toEqual([
      "Phase architecture has no tasks: give a skip_reason.",
    ]);
  });

  test("E4: code without tests or without review cannot be planned", () => {
    function skipped(name: string): (plan: Plan) => void {
      return (plan) => Object.assign(phase(plan, name), { tasks: [], skip_reason: "no time" });
    }
    expect(problems(skipped("testing"))[0]).toContain(
      "Phase testing is skipped although code is written",
    );
    expect(problems(skipped("quality"))[0]).toContain(
      "Phase quality is skipped although code is written",
    );
  });

  test("E6: unknown specialists are named before anything is dispatched", () => {
    expect(
      problems((plan) =>
        phase(plan, "implementation").tasks.push(
          plannedTask("ui", { specialist: "frontend-wizard" }),
        ),
      )[0],
    ).toContain("unknown specialist frontend-wizard");
  });

  test("E6: a circle of dependencies is found and shown", () => {
    const found = problems((plan) => {
      phase(plan, "implementation").tasks = [
        plannedTask("one", { depends_on: [TaskId.parse("two")] }),
        plannedTask("two", { depends_on: [TaskId.parse("one")] }),
      ];
    });
    expect(found).toEqual(["Tasks depend on each other in a circle: one -> two -> one."]);
  });

  test("E6: a dependency that does not exist or lies in a later phase is refused", () => {
    expect(
      problems((plan) =>
        phase(plan, "testing").tasks[0]?.depends_on.push(TaskId.parse("nothing")),
      )[0],
    ).toContain("not in the plan");
    expect(
      problems((plan) =>
        phase(plan, "implementation").tasks[0]?.depends_on.push(TaskId.parse("review")),
      )[0],
    ).toContain("later phase");
  });

  test("H1: every tester task has exactly one test mode", () => {
    expect(
      problems((plan) =>
        Object.assign(phase(plan, "testing").tasks[0] ?? {}, { mode: undefined }),
      )[0],
    ).toContain("has no test mode");
    expect(
      problems((plan) =>
        Object.assign(phase(plan, "testing").tasks[0] ?? {}, { mode: "review" }),
      )[0],
    ).toContain("has no test mode");
  });

  test("G4: testers that would write the same file are sound; the schedule puts them one after another", () => {
    expect(
      problems((plan) => phase(plan, "testing").tasks[1]?.files.push("test/unit.test.js")),
    ).toEqual([]);
  });

  test("G2: the security review never stands before the code review", () => {
    expect(problems((plan) => phase(plan, "quality").tasks.reverse())[0]).toContain(
      "before the code review",
    );
  });

  test("paths that leave the repository are refused", () => {
    for (const file of ["/etc/passwd", "../other/x", ".git/config", "a/../../b"])
      expect(
        problems((plan) => phase(plan, "implementation").tasks[0]?.files.push(file))[0],
      ).toContain("not a path inside the repository");
  });
});
