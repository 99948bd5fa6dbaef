import { allTasks } from "../../domain/plan/soundness.ts";
import type { QuestionDraft } from "../../domain/specialist/results.ts";
import { planNearLimit } from "../../reports/budget.ts";
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

const APPROVAL: QuestionDraft = {
  text: "Shall this plan be carried out?",
  options: [
    { key: "a", label: "Approve", consequence: "the specialists start with the first phase" },
    {
      key: "b",
      label: "Reject",
      consequence: "another plan is made; say after the letter what is to be different",
    },
  ],
  recommended: "a",
};

/**
 * Asks for approval when the settings or the command want it. Only the option `a`, given by a person, approves; `b` or
 * `/orchestrate reject` sends the plan back with the reason; anything else is not an approval and is asked again.
 */
export async function approvePlan(run: RunContext): Promise<"approved" | "again" | "blocked"> {
  const near = nearLimit(run, aheadOf(run));
  if (!needsApproval(run, near !== undefined)) return "approved";
  const time = run.nextOrderKey();
  const answer = await ask(run, `approve plan ${time}`, { question: approval(near) });
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
  return block(run, {
    issue: answer
      ? `the plan was rejected again by ${answer.by}: ${answer.text}`
      : "nobody approved the plan",
    attempted: ["proposed the plan in the status comment"],
    recommend: "user",
    capability: "a new /orchestrate with what should be different",
  });
}

/** The question, with what the plan would use where that comes near a limit. */
function approval(near: string | undefined): QuestionDraft {
  return near === undefined ? APPROVAL : { ...APPROVAL, text: planNearLimit(near, APPROVAL.text) };
}

function needsApproval(run: RunContext, nearLimit: boolean): boolean {
  if (run.input.request.planOnly) return true;
  const planApproval = run.profile?.plan_approval ?? run.ports.planApproval;
  if (planApproval !== "large") return planApproval === "always";
  const tasks = run.view.plan ? allTasks(run.view.plan).length : 0;
  return nearLimit || tasks > LARGE_PLAN_TASKS;
}
