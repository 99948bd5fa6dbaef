import { WorldError } from "../domain/failure.ts";
import { PHASES, type Phase } from "../domain/phase.ts";
import type { Triage } from "../domain/triage/mode.ts";
import { type Steps, WorkflowCancelled, type WorkflowRef } from "../ports/engine.ts";
import { wasStopped } from "../reports/reasons.ts";
import { begin } from "./begin.ts";
import { RunContext, type RunInput, type RunPorts } from "./context.ts";
import { finish } from "./gates/complete.ts";
import { patient } from "./patience.ts";
import { unheeded } from "./people/heed.ts";
import { nextRound } from "./people/next-round.ts";
import { type Reopened, standBy } from "./people/standby.ts";
import { beginAnew } from "./phases/outgrown.ts";
import { runPhase } from "./phases/run-phase.ts";
import { RunStopped, withinBudget } from "./phases/within-budget.ts";
import { approvePlan } from "./planning/approve-plan.ts";
import { aheadOf, forecast, keepDurations } from "./planning/forecast.ts";
import { afterPhase, handOver } from "./planning/hand-over.ts";
import { plan } from "./planning/plan.ts";
import { writePlan } from "./planning/plan-document.ts";
import { stepOne, stepTwo } from "./planning/protocol.ts";
import { takeSuppliedPlan } from "./planning/take-supplied.ts";
import { sortRequest, takeDelegatePlan } from "./planning/triage.ts";
import { renewPullRequest } from "./publish/pull-request.ts";

export const RUN: WorkflowRef<RunInput, RunEnd> = { name: "run" };

/** How a run ended. */
export type RunEnd = "complete" | "blocked" | "failed";

/** One run from its command to its report. Reads top to bottom; everything that touches the world is a step. */
export async function orchestrate(steps: Steps, ports: RunPorts, input: RunInput): Promise<RunEnd> {
  const run = new RunContext(patient(steps, ports, { runId: input.runId }), ports, input);
  let end = await attempt(run, () => firstWork(run));
  for (let round = 1; ; round++) {
    await close(run, round);
    if (end === "failed" && run.events.length === 0) return end;
    const reopened = await standBy(run);
    if (reopened === "over") return end;
    end = await attempt(run, () => workAgain(run, reopened));
  }
}

async function firstWork(run: RunContext): Promise<RunEnd> {
  if ((await begin(run)) === "failed") return "failed";
  run.license(await stepOne(run));
  const found = await sortRequest(run);
  if (found.mode === "frontend-hand-off") {
    // Who wants it done here all the same comments retry: then it is planned like any other request.
    run.planning.found = { ...found, mode: "orchestrate" };
    return handOver(run, found);
  }
  run.planning.found = found;
  await stepTwo(run, "planning");
  return throughPlan(run, found);
}

/** Plans, has the plan approved where that is asked for, and only then carries it out; also when it begins again. */
async function throughPlan(run: RunContext, found: Triage): Promise<RunEnd> {
  const { planning } = run;
  for (;;) {
    if (!planning.proposed) {
      if ((await makePlan(run, found)) === "blocked") return "blocked";
      planning.proposed = true;
      planning.times += 1;
      await stepTwo(run, `planned ${planning.times}`);
      await forecast(run);
    }
    const approval = await approvePlan(run);
    if (approval === "blocked") return "blocked";
    planning.proposed = approval === "approved";
    if (approval === "again") continue;
    planning.approved = true;
    await withinBudget(run, aheadOf(run));
    if (found.delegates.length === 0) await writePlan(run);
    await renewPullRequest(run);
    return carryOut(run, PHASES);
  }
}

/** One specialist's run has the host's plan, a supplied one is taken; all else is planned by the orchestrator agent. */
function makePlan(run: RunContext, found: Triage): Promise<"accepted" | "blocked"> {
  if (found.delegates.length > 0) return takeDelegatePlan(run, found);
  return run.planning.reading ? takeSuppliedPlan(run, found) : plan(run, found.mode);
}

async function workAgain(run: RunContext, reopened: Reopened): Promise<RunEnd> {
  if (reopened.kind === "verify") return carryOut(run, []);
  const { found, approved } = run.planning;
  if (!found) return firstWork(run);
  if (!approved) {
    // What a person wants of a run without an approved plan is for the next plan.
    if (reopened.kind === "round") run.planning.proposed = false;
    return throughPlan(run, found);
  }
  if (reopened.kind === "phases") return carryOut(run, PHASES.slice(PHASES.indexOf(reopened.from)));
  const phases = await nextRound(run, reopened);
  return phases === "blocked" ? "blocked" : carryOut(run, phases);
}

/** Carries the plan out; a scope that outgrew it may send the run back to planning. */
async function carryOut(run: RunContext, phases: readonly Phase[]): Promise<RunEnd> {
  const end = await phaseByPhase(run, phases);
  const { found, anew } = run.planning;
  return found && anew ? throughPlan(run, await beginAnew(run, found)) : end;
}

/** What is mended after the reviews, for example because CI is red, is reviewed again before the run is finished. */
async function phaseByPhase(run: RunContext, phases: readonly Phase[]): Promise<RunEnd> {
  for (let next = phases; ; ) {
    for (const phase of next) {
      if ((await runPhase(run, phase)) === "blocked") return "blocked";
      if ((await afterPhase(run, phase)) === "blocked") return "blocked";
    }
    const round = await unheeded(run);
    if (round) {
      const more = await nextRound(run, round);
      if (more === "blocked") return "blocked";
      next = more;
      continue;
    }
    const end = await finish(run);
    if (end !== "again") return end;
    next = ["quality"];
  }
}

/** The run is not live any more, and its comment says how it stands. */
async function close(run: RunContext, round: number): Promise<void> {
  const { runId } = run.input;
  await run.steps.step(`close the run ${round}`, async () => {
    await run.ports.runs.end(runId);
    await keepDurations(run);
    await run.ports.workspaces.removeRun(runId);
    await run.ports.status.flush(runId);
  });
}

async function attempt(run: RunContext, work: () => Promise<RunEnd>): Promise<RunEnd> {
  try {
    return await work();
  } catch (error) {
    return error instanceof RunStopped ? stopped(run) : failed(run, error);
  }
}

/** Why the run ended stands in its ledger; what was under way did not end well. */
async function stopped(run: RunContext): Promise<RunEnd> {
  const reason = run.view.blocked?.issue ?? wasStopped();
  for (const { phase, state } of run.view.phases)
    if (state === "running")
      await run.record(`stop ${phase} ${run.nextOrderKey()}`, {
        type: "phase-failed",
        phase,
        reason,
      });
  return "blocked";
}

/** Our own bug or a world that stayed broken: said in the ledger and the comment, never swallowed. */
async function failed(run: RunContext, error: unknown): Promise<RunEnd> {
  if (error instanceof WorkflowCancelled) throw error;
  const reason = failureText(error);
  run.ports.log.error({ runId: run.input.runId, error: reason }, "run failed");
  if (run.events.length === 0) throw error;
  await run.record(`run failed ${run.nextOrderKey()}`, { type: "run-failed", reason });
  return "failed";
}

/** What a person is told when the world failed for good: verb, object, identity, remedy. */
function failureText(error: unknown): string {
  if (error instanceof WorldError) return error.message;
  return error instanceof Error ? error.message : String(error);
}
