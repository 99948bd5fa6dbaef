import { FINDINGS_KEPT } from "../domain/briefing.ts";
import { TaskId } from "../domain/ids.ts";
import { Plan, type PlannedTask } from "../domain/plan.ts";
import { withHostTasks } from "../domain/plan-rules.ts";
import { planProblems } from "../domain/plan-soundness.ts";
import { ORCHESTRATOR_ROLE, rosterOf } from "../domain/specialists.ts";
import { timeCutProblem } from "../domain/time-cut.ts";
import type { TriageMode } from "../domain/triage-mode.ts";
import type { Brief } from "../ports/agents.ts";
import { startAttempt } from "./attempt.ts";
import type { RunContext } from "./context.ts";
import { ask, block } from "./escalate.ts";

const PLANNING: PlannedTask = {
  id: TaskId.parse("plan"),
  title: "Plan the run",
  specialist: ORCHESTRATOR_ROLE,
  objective: "Split the request into tasks for specialists, phase by phase.",
  inputs: [],
  files: [],
  expected_output:
    "A plan: summary, concerns, requirements, and the four phases with tasks or a skip_reason each.",
  depends_on: [],
};

/**
 * Lets the orchestrator agent propose a plan until it is sound, and records it. "blocked" when the attempts are spent
 * or nobody answered.
 */
export async function plan(run: RunContext, mode: TriageMode): Promise<"accepted" | "blocked"> {
  const { findings, answers } = run.memo(PLANNING.id);
  for (let tries = 1; tries <= run.ports.limits.planAttempts; tries++) {
    const attempt = run.memo(PLANNING.id).nextAttempt();
    const brief = planningBrief(run, findings, answers);
    const child = await startAttempt(run, {
      licence: run.licence,
      task: PLANNING,
      phase: undefined,
      attempt,
      baseSha: run.head,
      brief,
    });
    const output = await child.result();
    run.spend(output.tokens);
    if (output.question) {
      const answer = await ask(run, `plan ${attempt}`, { question: output.question });
      if (!answer) return block(run, silence(output.question.text));
      answers.push({ question: output.question.text, answer: answer.text, by: answer.by });
      continue;
    }
    const proposed = output.submission.result ?? output.submission.detail;
    const problems = await judgePlan(run, { attempt, mode, proposed });
    if (problems.length === 0) return "accepted";
    findings.push(...problems);
  }
  const attempted = [
    `asked for a plan ${run.ports.limits.planAttempts} times`,
    ...findings.slice(-FINDINGS_KEPT),
  ];
  return block(run, {
    issue: "no sound plan was proposed",
    attempted,
    recommend: "user",
    capability: "describing the task in smaller pieces",
  });
}

/** A person refused the plan: the next one is made knowing why. */
export function planAgain(run: RunContext, rejection: { by: string; reason: string }): void {
  const { by, reason } = rejection;
  run
    .memo(PLANNING.id)
    .findings.push(`${by} rejected the plan: ${reason}. Make one that meets this.`);
}

function silence(question: string): Parameters<typeof block>[1] {
  return {
    issue: `nobody answered: ${question}`,
    attempted: ["asked and waited"],
    recommend: "user",
    capability: "an answer",
  };
}

async function judgePlan(
  run: RunContext,
  made: { attempt: number; mode: TriageMode; proposed: unknown },
): Promise<string[]> {
  const { attempt, mode, proposed } = made;
  const parsed = Plan.safeParse(proposed);
  if (!parsed.success) {
    const problems = ["The orchestrator ended without a plan."];
    await run.record(`plan refused ${attempt}`, {
      type: "plan-refused",
      dispatchId: planDispatch(run, attempt),
      problems,
    });
    return problems;
  }
  const { request } = run.input;
  const complete = withHostTasks(
    parsed.data,
    [request.issueTitle, request.issueBody, request.task].join("\n"),
  );
  const problems = await run.steps.step(`check plan ${attempt}`, async () => {
    const set = await run.ports.definitions.load(request.repo, run.view.started.definitionsSha);
    return [...planProblems(complete.plan, rosterOf(set), mode), ...timeCuts(complete.plan)];
  });
  if (problems.length > 0)
    await run.record(`plan refused ${attempt}`, {
      type: "plan-refused",
      dispatchId: planDispatch(run, attempt),
      problems,
    });
  else
    await run.record(
      `plan accepted ${attempt}`,
      { type: "plan-accepted", plan: complete.plan },
      ...complete.notes.map((text) => ({ type: "note" as const, text })),
    );
  return problems;
}

function planDispatch(run: RunContext, attempt: number): ReturnType<typeof run.dispatchId> {
  return run.dispatchId(PLANNING.id, attempt);
}

function planningBrief(
  run: RunContext,
  findings: readonly string[],
  answers: Brief["answers"],
): Brief {
  const { request } = run.input;
  const phases = request.options.phases;
  return {
    objective: PLANNING.objective,
    context: [
      `Issue #${request.issue} of ${request.repo.owner}/${request.repo.name}, base branch ${run.view.started.baseBranch}.`,
    ],
    scope: [
      "Plan only; change nothing and dispatch nobody: the host does both from the accepted plan.",
      ...(phases
        ? [
            `Only these phases were asked for: ${phases.join(", ")}. Skip the others with that reason.`,
          ]
        : []),
    ],
    expected: PLANNING.expected_output,
    findings: findings.slice(-FINDINGS_KEPT),
    answers,
    data: [
      { title: `Issue #${request.issue}: title`, text: request.issueTitle },
      { title: `Issue #${request.issue}: body`, text: request.issueBody },
      ...(request.task === "" ? [] : [{ title: "Instruction in the command", text: request.task }]),
    ],
  };
}

/** Leaving work out for want of time needs a measured duration, and a fresh run has none. */
function timeCuts(plan: Plan): string[] {
  return plan.phases.flatMap((phase) => timeCutProblem(phase.skip_reason ?? "") ?? []);
}
