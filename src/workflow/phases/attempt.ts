import { shareOf } from "../../domain/budget/run-budget.ts";
import { type DispatchId, dispatchId, type Sha } from "../../domain/ids.ts";
import type { Phase } from "../../domain/phase.ts";
import type { PlannedTask } from "../../domain/plan/plan.ts";
import { partitionOf } from "../../domain/run/queue.ts";
import type { Step1Done } from "../../domain/skill/protocol-proof.ts";
import type { ResultShape } from "../../domain/specialist/specialists.ts";
import type { Brief } from "../../ports/agents.ts";
import type { ChildHandle } from "../../ports/engine.ts";
import type { RunContext } from "../context.ts";
import { canChange, instructionsOf } from "../people/heed.ts";
import { obey } from "../people/orders.ts";
import { requestText } from "../request.ts";
import { DISPATCH, type DispatchInput, type DispatchOutput } from "./dispatch-input.ts";
import { usedBy, withinBudget } from "./within-budget.ts";

/** One attempt that is to be made. `attempt` counts from 1 over the whole life of the task. */
export interface Attempt {
  readonly task: PlannedTask;
  readonly phase: Phase | undefined;
  readonly attempt: number;
  readonly baseSha: Sha;
  readonly brief: Brief;
  /** Nobody is dispatched before Step 1 stands in the ledger. */
  readonly licence: Step1Done;
  /** What is handed in instead of the result of the role's mode. */
  readonly result?: ResultShape;
  /** Attempts that start at the same time share what is left of the budget; whoever starts them has looked at it. */
  readonly together?: number;
}

/**
 * Starts the dispatch of an attempt on the repository's queue; its key makes it start once. Orders come first: a run
 * that is paused starts nobody. Then the budget: see `withinBudget`, whose stop passes through.
 */
export async function startAttempt(
  run: RunContext,
  made: Attempt,
): Promise<ChildHandle<DispatchOutput>> {
  await obey(run);
  if (made.together === undefined) await withinBudget(run);
  const instructions = instructionsOf(run);
  if (canChange({ role: made.task.specialist, mode: made.task.mode }))
    for (const { id } of instructions) run.heeded.add(id);
  const { request, runId } = run.input;
  const id: DispatchId = dispatchId(runId, made.task.id, made.attempt);
  const share = shareOf(run.budget, usedBy(run), made.together ?? 1);
  const input: DispatchInput = {
    runId,
    dispatchId: id,
    repo: request.repo,
    definitionsSha: run.view.started.definitionsSha,
    task: made.task,
    phase: made.phase,
    attempt: made.attempt,
    baseSha: made.baseSha,
    suiteSha: run.view.started.baseSha,
    branch: run.branchOf(made.phase ?? "architecture", made.task),
    brief: instructions.length === 0 ? made.brief : { ...made.brief, instructions },
    ...(made.result === undefined ? {} : { result: made.result }),
    routing: routing(run, made.task),
    maxTokens: share.tokens,
    ...(share.usd === undefined ? {} : { maxUsd: share.usd }),
  };
  const partition = partitionOf(request.repo);
  const { turn: priority = 0 } = run.input;
  return run.steps.startChild(DISPATCH, { key: id, input, partition, priority });
}

/**
 * Waits for an attempt's end and takes its facts into the run. Whoever waits, also who took the run over from another
 * process, looks after its comment meanwhile: a place in the queue is no fact. That is why this is not in a step.
 */
export async function endOf(
  run: RunContext,
  child: ChildHandle<DispatchOutput>,
): Promise<DispatchOutput> {
  run.ports.status.touch(run.input.runId, "stay");
  const output = await child.result();
  run.adopt(output.events);
  return output;
}

function routing(run: RunContext, task: PlannedTask): DispatchInput["routing"] {
  const { request } = run.input;
  const text = [requestText(request), task.title, task.objective].join("\n");
  return { text, labels: request.labels, paths: task.files };
}
