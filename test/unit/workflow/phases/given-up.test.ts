import { describe, expect, test } from "vitest";
import { statusReport } from "../../../../src/domain/status-schema.ts";
import {
  answers,
  breaks,
  dispatchOrder,
  securityFinding,
  tries,
} from "../../../helpers/loop-acts.ts";
import { runWith } from "../../../helpers/play-run.ts";
import { securityReviewed, tests } from "../../../helpers/scripted-acts.ts";

describe("K8: a run that is given up", () => {
  test("three crashed dispatches end it, with the reason in the status", async () => {
    const { world, end } = await runWith({
      handler: (work) => (work.attempt < 3 ? { status: "crashed" } : tries(work)),
      unit: (work) => (work.attempt < 2 ? { status: "crashed" } : tests("unit")(work)),
    });
    expect(end).toBe("blocked");
    expect((await world.view()).blocked?.issue).toBe("the run was given up: 3 dispatches crashed");
    expect(statusReport(await world.view()).summary).toContain("3 dispatches crashed");
  });

  test("I4: a critical finding that its fix did not remove ends it", async () => {
    const { world, end } = await runWith({
      security: () => ({
        result: securityReviewed("changes_requested", [securityFinding("CRITICAL")]),
      }),
      fix: tries,
    });
    expect(end).toBe("blocked");
    expect((await world.view()).blocked?.issue).toContain(
      "2 security reviews found something critical",
    );
    expect(dispatchOrder(world).filter((id) => id.startsWith("fix-"))).toEqual(["fix-1.1"]);
  });

  test("the third time that a phase needs people ends it instead of asking again", async () => {
    const { world, end } = await runWith(
      { handler: breaks },
      {
        limits: { continueAdds: 1, cycles: 20, patternRetries: 10 },
        answering: answers({ option: "a", text: "Continue (+1)" }),
      },
    );
    expect(end).toBe("blocked");
    const view = await world.view();
    expect(view.blocked?.issue).toContain(
      "phase implementation needed the decision of people 3 times",
    );
    expect(view.decisions).toHaveLength(2);
  });
});
