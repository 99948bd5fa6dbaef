import { describe, expect, test } from "vitest";
import { delegatePlan } from "../../../../src/domain/plan/delegate-plan.ts";
import type { Plan } from "../../../../src/domain/plan/plan.ts";
import { securityReviewOwed } from "../../../../src/domain/plan/rules.ts";
import { triage } from "../../../../src/domain/triage/triage.ts";
import { soundPlan } from "../../../helpers/run-facts.ts";

function delegated(): Plan {
  const title = "Fix nil check in handler";
  return delegatePlan(triage({ title, body: "", labels: [], command: "" }), {
    title,
    requirements: [],
  });
}

describe("F3: what the diff touches decides, too", () => {
  test.each([
    [["internal/auth/session.go"], "x := 1"],
    [["internal/report/build.go"], "if user.Password == given {"],
    [["internal/report/build.go"], "// the API key is read from the request"],
  ])(
    "%j with %j owes a security review, though one specialist was enough for the words",
    (files, added) => {
      const owed = securityReviewOwed(delegated(), { files, added });
      expect(owed?.task).toMatchObject({
        id: "security-review-by-rule",
        specialist: "backend-security-reviewer",
        mode: "security",
        depends_on: [],
      });
      expect(owed?.reason).toContain("the change touches");
    },
  );

  test("nothing is owed twice, for nothing, or for an ordinary change", () => {
    const change = { files: ["internal/auth/session.go"], added: "password" };
    expect(securityReviewOwed(soundPlan(), change)).toBeUndefined();
    expect(securityReviewOwed(delegated(), { files: [], added: "password" })).toBeUndefined();
    expect(
      securityReviewOwed(delegated(), { files: ["internal/report/build.go"], added: "i++" }),
    ).toBeUndefined();
  });

  test("it follows the code review where there is one", () => {
    const plan = soundPlan();
    const quality = plan.phases[3];
    if (quality) quality.tasks = quality.tasks.filter((task) => task.mode === "review");
    const owed = securityReviewOwed(plan, { files: ["src/login.js"], added: "" });
    expect(owed?.task.depends_on).toEqual(["review"]);
  });
});
