import type { Phase } from "../../domain/phase.ts";
import type { PlannedTask } from "../../domain/plan/plan.ts";
import { judge } from "../../domain/specialist/acceptance.ts";
import { consultAnswer } from "../../domain/specialist/blocked-routing.ts";
import { resultSchemaOf, rosterOf } from "../../domain/specialist/specialists.ts";
import { NEXT, PROBLEMS } from "../../reports/reasons.ts";
import type { RunContext } from "../context.ts";
import { endOf, startAttempt } from "./attempt.ts";
import { taskBrief } from "./brief.ts";

/** Specialists that can be dispatched in this run: those that have a definition. */
export function rosterNames(run: RunContext, key: string): Promise<readonly string[]> {
  const { repo } = run.input.request;
  return run.steps.step(`roster ${key}`, async () => {
    const set = await run.ports.definitions.load(repo, run.view.started.definitionsSha);
    return [...rosterOf(set).names];
  });
}

/**
 * Dispatches a specialist to answer another one's question or to help with what blocks it, once, by a task of its own.
 * It reads and changes nothing. Gives the answer; undefined when it has none or says that people have to decide.
 */
export async function consult(
  run: RunContext,
  asked: { readonly phase: Phase; readonly task: PlannedTask; readonly because: string },
): Promise<string | undefined> {
  const { phase, task, because } = asked;
  await run.record(`add ${task.id}`, { type: "task-added", phase, task, reason: because });
  const child = await startAttempt(run, {
    licence: run.licence,
    task,
    phase,
    attempt: run.memo(task.id).nextAttempt(),
    baseSha: run.head,
    brief: taskBrief(run, run.taskView(task.id)),
  });
  const { submission } = await endOf(run, child);
  const schema = resultSchemaOf({
    role: task.specialist,
    ...(task.mode ? { mode: task.mode } : {}),
  });
  const judgement = judge(submission, { task, schema, writes: false });
  const decided = judgement.kind === "accept" || judgement.kind === "changes";
  const answer = decided ? consultAnswer(judgement.result) : undefined;
  const problems = "problems" in judgement ? judgement.problems : [];
  await run.record(
    `consulted ${task.id}`,
    answer === undefined
      ? {
          type: "task-refused",
          taskId: task.id,
          phase,
          problems: problems.length > 0 ? [...problems] : [PROBLEMS.forPeople],
          next: NEXT.person,
        }
      : { type: "task-accepted", taskId: task.id, phase, summary: answer.slice(0, 500) },
  );
  return answer;
}
