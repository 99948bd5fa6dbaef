import { allTasks } from "../domain/plan-soundness.ts";
import type { QuestionDraft } from "../domain/results.ts";
import type { RunContext } from "./context.ts";
import { ask, block } from "./escalate.ts";

/** More tasks than this make a plan large, and a large plan is shown to a person before it is carried out. */
const LARGE_PLAN_TASKS = 6;

const APPROVAL: QuestionDraft = {
  text: "Shall this plan be carried out?",
  options: [
    { key: "a", label: "Approve", consequence: "the specialists start with the first phase" },
    {
      key: "b",
      label: "Reject",
      consequence: "the run ends; nothing was changed in the repository",
    },
  ],
  recommended: "a",
};

/** Asks for approval when the settings or the command want it. Only the option `a`, given by a person, approves. */
export async function approvePlan(run: RunContext): Promise<"approved" | "blocked"> {
  if (!needsApproval(run)) return "approved";
  const answer = await ask(run, "approve plan", { question: APPROVAL });
  if (answer?.option === "a") return "approved";
  return block(run, {
    issue: answer
      ? `the plan was rejected by ${answer.by}: ${answer.text}`
      : "nobody approved the plan",
    attempted: ["proposed the plan in the status comment"],
    recommend: "user",
    capability: "a new /orchestrate with what should be different",
  });
}

function needsApproval(run: RunContext): boolean {
  if (run.input.request.planOnly) return true;
  const planApproval = run.profile?.plan_approval ?? run.ports.planApproval;
  if (planApproval !== "large") return planApproval === "always";
  return run.view.plan !== undefined && allTasks(run.view.plan).length > LARGE_PLAN_TASKS;
}
