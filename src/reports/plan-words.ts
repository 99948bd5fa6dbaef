/** What is said about plans and designs when only people can go on. */
import type { BlockedView } from "../domain/run/run.ts";
import type { QuestionDraft } from "../domain/specialist/results.ts";
import { planNearLimit } from "./budget.ts";

type Blocked = Omit<BlockedView, "type">;

/** Nobody decided a design's trade-off in time; nothing is built on a guess. */
export function undecidedTradeOff(question: string): Blocked {
  return {
    issue: `nobody decided: ${question}`,
    attempted: ["asked on the issue and waited"],
    recommend: "user",
    capability: "an answer; then comment /orchestrate retry",
  };
}

/** Asks for the approval of a plan; `near` is said first where the plan comes near a limit. */
export function approvalQuestion(near: string | undefined): QuestionDraft {
  const text = "Shall this plan be carried out?";
  return {
    text: near === undefined ? text : planNearLimit(near, text),
    options: [
      {
        key: "a",
        label: "Approve",
        consequence: "the specialists start with the first phase",
        approves: true,
      },
      {
        key: "b",
        label: "Reject",
        consequence: "another plan is made; say after the letter what is to be different",
      },
    ],
    recommended: "a",
  };
}

/** Whether a question is the one that `approve` and `reject` answer. */
export function asksForApproval({ options }: QuestionDraft): boolean {
  const asked = approvalQuestion(undefined).options;
  return (
    options.length === asked.length &&
    options.every(
      ({ key, label }, index) => key === asked[index]?.key && label === asked[index]?.label,
    )
  );
}

/** A plan that was rejected too often, or that nobody answered for. */
export function planNotApproved(
  rejected: { readonly by: string; readonly text: string } | undefined,
): { issue: string; attempted: string[]; recommend: string; capability: string } {
  return {
    issue: rejected
      ? `the plan was rejected again by ${rejected.by}: ${rejected.text}`
      : "nobody approved the plan",
    attempted: ["proposed the plan in the status comment"],
    recommend: "user",
    capability: rejected
      ? "a new /orchestrate with what should be different"
      : "an approval or a rejection; /orchestrate retry asks for it again",
  };
}
