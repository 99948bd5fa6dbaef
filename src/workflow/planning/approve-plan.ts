import { allTasks } from "../../domain/plan/soundness.ts";
import { approvalQuestion, planNotApproved } from "../../reports/plan-words.ts";
import type { RunContext } from "../context.ts";
import { ask, block } from "../people/escalate.ts";
import { hear } from "../people/heed.ts";
import { nearLimit } from "../phases/within-budget.ts";
import { aheadOf } from "./forecast.ts";
import { planAgain } from "./plan.ts";

/**
 * More tasks than this, or a forecast near a limit, make a plan large, and a large plan is shown to a person before it
 * is carried out.
 */
const LARGE_PLAN_TASKS = 6;

/** After so many plans a person is told to start anew rather than asked once more. */
const MOST_PLANS = 10;

/**
 * Asks for approval when the settings or the command want it. Only the option `a`, given by a person, approves; `b` or
 * `/orchestrate reject` sends the plan back with the reason; anything else is not an approval and is asked again.
 */
export async function approvePlan(run: RunContext): Promise<"approved" | "again" | "blocked"> {
  const near = nearLimit(run, aheadOf(run));
  if (!needsApproval(run, near !== undefined)) return "approved";
  const time = run.nextOrderKey();
  const answer = await ask(run, `approve plan ${time}`, { question: approvalQuestion(near) });
  if (answer?.option === "a") {
    // What was said beside the approval is for those who carry the plan out.
    if (answer.text.includes(": "))
      await hear(run, { by: answer.by, text: answer.text }, `approval ${time}`);
    if (near !== undefined)
      await run.record(`approved near the limit ${time}`, {
        type: "budget-agreed",
        by: answer.by,
        because: near,
      });
    return "approved";
  }
  if (answer && run.planning.times < MOST_PLANS) {
    planAgain(run, { by: answer.by, reason: answer.text });
    return "again";
  }
  return block(run, planNotApproved(answer));
}

function needsApproval(run: RunContext, nearLimit: boolean): boolean {
  if (run.input.request.planOnly) return true;
  const planApproval = approvalSetting(run);
  if (planApproval !== "large") return planApproval === "always";
  const tasks = run.view.plan ? allTasks(run.view.plan).length : 0;
  return nearLimit || tasks > LARGE_PLAN_TASKS;
}

/** Which plans are shown to a person before they are carried out: the repository's word, else the operator's. */
export function approvalSetting(run: RunContext): "never" | "large" | "always" {
  return run.profile?.plan_approval ?? run.ports.planApproval;
}
