import { z } from "zod";
import { TaskId } from "../../domain/ids.ts";
import { Plan, type PlannedTask } from "../../domain/plan/plan.ts";
import { extractRequirements, mergeRequirements } from "../../domain/plan/requirements.ts";
import { withHostTasks } from "../../domain/plan/rules.ts";
import { planProblems } from "../../domain/plan/soundness.ts";
import { timeCutProblem } from "../../domain/plan/time-cut.ts";
import { FINDINGS_KEPT } from "../../domain/specialist/briefing.ts";
import { COMMON_RESULT } from "../../domain/specialist/results.ts";
import { ORCHESTRATOR_ROLE, rosterOf } from "../../domain/specialist/specialists.ts";
import type { TriageMode } from "../../domain/triage/mode.ts";
import type { Brief } from "../../ports/agents.ts";
import type { RunContext } from "../context.ts";
import { ask, block } from "../people/escalate.ts";
import { startAttempt } from "../phases/attempt.ts";

/** What every role can hand in instead of its work. */
const Stopped = z.object(COMMON_RESULT);

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
    const stopped = await stoppedPlan(run, attempt, proposed);
    if (stopped === "blocked") return "blocked";
    if (stopped === "answered") continue;
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
    if (!answer) return block(run, silence(question.text));
    run
      .memo(PLANNING.id)
      .answers.push({ question: question.text, answer: answer.text, by: answer.by });
    return "answered";
  }
  return block(run, {
    issue: blocked?.issue ?? summary,
    attempted: blocked?.attempted ?? ["asked the orchestrator for a plan"],
    recommend: "user",
    capability: blocked?.recommend ?? "what is missing",
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

/** The plan with what the host adds to it: requirements of the request that no model may drop, and owed reviews. */
function completed(run: RunContext, proposed: Plan): ReturnType<typeof withHostTasks> {
  const { issueTitle, issueBody, task } = run.input.request;
  const asked = extractRequirements({ title: issueTitle, body: issueBody, command: task });
  const { requirements } = mergeRequirements(proposed.requirements, asked);
  return withHostTasks({ ...proposed, requirements }, [issueTitle, issueBody, task].join("\n"));
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
  const complete = completed(run, parsed.data);
  const problems = await run.steps.step(`check plan ${attempt}`, async () => {
    const { repo } = run.input.request;
    const set = await run.ports.definitions.load(repo, run.view.started.definitionsSha);
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
      ...run.instructions.map(({ by, text }) => `${by} says, while this run goes on: ${text}`),
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
