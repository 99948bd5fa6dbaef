import { TaskId } from "../../domain/ids.ts";
import type { Phase } from "../../domain/phase.ts";
import type { PlannedTask } from "../../domain/plan/plan.ts";
import { judge } from "../../domain/specialist/acceptance.ts";
import { resultSchemaOf } from "../../domain/specialist/specialists.ts";
import type { RunContext } from "../context.ts";
import { admit } from "../gates/admit.ts";
import { integrate } from "../gates/integrate.ts";
import { verify } from "../gates/verify.ts";
import { block } from "../people/escalate.ts";
import { startAttempt } from "./attempt.ts";
import { taskBrief } from "./brief.ts";
import { failureFindings } from "./findings.ts";

/**
 * Lets a developer address findings on the present head until the whole suite passes there, within the run's rounds.
 * Every round is a task of its own in the plan, added by the host and visible as such.
 */
export async function fix(
  run: RunContext,
  wanted: { phase: Phase; because: string; findings: readonly string[] },
): Promise<"fixed" | "blocked"> {
  let findings = wanted.findings;
  for (;;) {
    const round = run.nextFixRound();
    if (round === undefined) return spent(run, wanted.because, findings);
    const task = fixTask(round, wanted.because);
    await run.record(`add ${task.id}`, {
      type: "task-added",
      phase: wanted.phase,
      task,
      reason: wanted.because,
    });
    const problems = await attemptFix(run, { phase: wanted.phase, task, findings });
    if (problems === "blocked") return "blocked";
    if (problems.length === 0) return "fixed";
    findings = problems;
  }
}

/** One round; gives what is still wrong. */
async function attemptFix(
  run: RunContext,
  made: { phase: Phase; task: PlannedTask; findings: readonly string[] },
): Promise<readonly string[] | "blocked"> {
  const { phase, task, findings } = made;
  const view = run.taskView(task.id);
  run.memo(task.id).findings.push(...findings);
  const attempt = run.memo(task.id).nextAttempt();
  const child = await startAttempt(run, {
    licence: run.licence,
    task,
    phase,
    attempt,
    baseSha: run.head,
    brief: taskBrief(run, view),
  });
  const output = await child.result();
  run.spend(output.tokens);
  const schema = resultSchemaOf({ role: task.specialist, mode: "implementation" });
  const judgement = judge(output.submission, { task, schema, writes: true });
  if (judgement.kind !== "accept" || output.sha === undefined) {
    const problems =
      "problems" in judgement ? judgement.problems : ["The fix came without a commit."];
    return refuseFix(run, made, problems);
  }
  const { dispatchId, sha, submission } = output;
  const wrong = await admit(run, { task, dispatchId, sha, files: submission.files, beside: [] });
  if (wrong === "blocked") return wrong;
  if (wrong.length > 0) return refuseFix(run, made, wrong);
  const branch = run.branchOf(phase, task);
  const integration = await integrate(run, {
    taskId: task.id,
    branch,
    sha: output.sha,
    title: task.title,
  });
  if (integration.kind !== "integrated")
    return refuseFix(run, made, ["The fix could not be integrated onto the run branch."]);
  const verified = await verify(run, integration.sha, task.id);
  if ("problems" in verified) return refuseFix(run, made, failureFindings(run, verified.problems));
  await run.record(`accept ${task.id}`, {
    type: "task-accepted",
    taskId: task.id,
    phase,
    summary: judgement.summary,
    sha: integration.sha,
  });
  return [];
}

/** The round's task is closed as refused; what it found goes into the next round. */
async function refuseFix(
  run: RunContext,
  made: { phase: Phase; task: PlannedTask; findings: readonly string[] },
  problems: readonly string[],
): Promise<readonly string[]> {
  await run.record(`refuse ${made.task.id}`, {
    type: "task-refused",
    taskId: made.task.id,
    phase: made.phase,
    problems: [...problems],
    next: "another round, if any is left",
  });
  return [...made.findings.slice(0, 3), ...problems];
}

function fixTask(round: number, because: string): PlannedTask {
  return {
    id: TaskId.parse(`fix-${round}`),
    title: `Fix what was found (round ${round})`,
    specialist: "backend-developer",
    mode: "implementation",
    objective: `Make every finding below untrue, with the smallest sound change: ${because}.`,
    inputs: [],
    files: [],
    expected_output: "The findings are addressed and the whole test suite passes.",
    depends_on: [],
  };
}

function spent(run: RunContext, because: string, findings: readonly string[]): Promise<"blocked"> {
  return block(run, {
    issue: `${because}, and ${run.ports.limits.fixRounds} rounds did not mend it`,
    attempted: findings.slice(0, 3).map((text) => text.split("\n")[0] ?? text),
    recommend: "user",
    capability: "a decision how to go on",
  });
}
