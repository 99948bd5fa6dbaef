import { PHASES, type Phase } from "../../domain/phase.ts";
import type { RunContext } from "../context.ts";
import { fix } from "../phases/fix.ts";
import { letGoOn } from "../phases/loop.ts";
import { openPhases } from "../publish/pull-request.ts";
import { answerThreads } from "./answer-review.ts";
import type { Round } from "./standby.ts";

/**
 * One round of work on the run branch: a developer addresses what was asked, the suite runs, a reviewer's
 * conversations are answered with the commit. Gives the phases that follow: the reviews, or whatever was still open.
 */
export async function nextRound(
  run: RunContext,
  round: Round,
): Promise<readonly Phase[] | "blocked"> {
  const before = run.head;
  const { by, because, findings, review } = round;
  run.forgive();
  await letGoOn(run, { by, verdict: "revise", text: because });
  const fixed = await fix(run, { phase: "quality", gate: "requirements", because, findings });
  if (fixed === "blocked") return "blocked";
  if (review) {
    await answerThreads(run, { reviewId: review.id, comments: review.comments, before });
    run.reviewers.add(round.by);
  }
  const from = openPhases(run)[0] ?? "quality";
  return PHASES.slice(PHASES.indexOf(from));
}
