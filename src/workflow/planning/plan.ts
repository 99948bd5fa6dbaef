import { z } from "zod";
import { FINDINGS_KEPT } from "../../domain/specialist/briefing.ts";
import { COMMON_RESULT } from "../../domain/specialist/results.ts";
import type { TriageMode } from "../../domain/triage/mode.ts";
import { cannotPlan, noSoundPlan } from "../../reports/blocked-words.ts";
import { noAnswer } from "../../reports/consulting.ts";
import type { RunContext } from "../context.ts";
import { ask, block } from "../people/escalate.ts";
import { endOf, startAttempt } from "../phases/attempt.ts";
import { filledIn } from "../phases/stopped.ts";
import { judgePlan } from "./judge-plan.ts";
import { PLANNING, planningBrief } from "./planning-brief.ts";

/** What every role can hand in instead of its work. */
const Stopped = z.object(COMMON_RESULT);

/**
 * Lets the orchestrator agent propose a plan until it is sound, and records it. "blocked" when the attempts are spent
 * or nobody answered.
 */
export async function plan(run: RunContext, mode: TriageMode): Promise<"accepted" | "blocked"> {
  const { findings, answers } = run.memo(PLANNING.id);
  const commands = await run.steps.step("read the commands", () =>
    run.ports.workspaces.commands(run.input.request.repo, run.view.started.baseSha),
  );
  let wrong: readonly string[] = [];
  for (let tries = 1; tries <= run.ports.limits.planAttempts; tries++) {
    const attempt = run.memo(PLANNING.id).nextAttempt();
    const child = await startAttempt(run, {
      licence: run.licence,
      task: PLANNING,
      phase: undefined,
      attempt,
      baseSha: run.head,
      brief: planningBrief(run, commands),
    });
    const output = await endOf(run, child);
    if (output.question) {
      const answer = await ask(run, `plan ${attempt}`, { question: output.question });
      if (!answer) return block(run, noAnswer(output.question.text));
      answers.push({ question: output.question.text, answer: answer.text, by: answer.by });
      continue;
    }
    const proposed = output.submission.result ?? output.submission.detail;
    const stopped = await stoppedPlan(run, attempt, proposed);
    if (stopped === "blocked") return "blocked";
    if (stopped === "answered") continue;
    const problems = await judgePlan(run, { attempt, mode, proposed });
    if (problems.length === 0) return "accepted";
    // One finding for each plan, so that the next one can mend all its faults at once.
    findings.push(problems.join("\n"));
    wrong = problems;
  }
  return block(run, noSoundPlan(run.ports.limits.planAttempts, wrong.slice(0, FINDINGS_KEPT)));
}

/**
 * An orchestrator that cannot plan says why: its question goes to people, a plain "blocked" ends the run. Undefined
 * when it handed in a plan after all.
 */
async function stoppedPlan(
  run: RunContext,
  attempt: number,
  proposed: unknown,
): Promise<"blocked" | "answered" | undefined> {
  const read = Stopped.safeParse(proposed);
  if (!read.success) return undefined;
  const { status, summary, blocked, questions } = read.data;
  if (status !== "blocked" && status !== "needs_clarification") return undefined;
  const [question] = questions ?? [];
  if (question) {
    const answer = await ask(run, `plan ${attempt} stopped`, { question });
    if (!answer) return block(run, noAnswer(question.text));
    run
      .memo(PLANNING.id)
      .answers.push({ question: question.text, answer: answer.text, by: answer.by });
    return "answered";
  }
  const asks = { task: PLANNING, key: `plan ${attempt}` };
  if (blocked?.reason === "requirements" && (await filledIn(run, asks, blocked))) return "answered";
  return block(run, cannotPlan({ summary, ...blocked }));
}

/** A person refused the plan: the next one is made knowing why. */
export function planAgain(run: RunContext, rejection: { by: string; reason: string }): void {
  const { by, reason } = rejection;
  run
    .memo(PLANNING.id)
    .findings.push(`${by} rejected the plan: ${reason}. Make one that meets this.`);
}
