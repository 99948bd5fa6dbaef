import { WorldError } from "../domain/failure.ts";
import { PHASES } from "../domain/phase.ts";
import { type Steps, WorkflowCancelled, type WorkflowRef } from "../ports/engine.ts";
import { approvePlan } from "./approve-plan.ts";
import { begin } from "./begin.ts";
import { finish } from "./complete.ts";
import { RunContext, type RunInput, type RunPorts } from "./context.ts";
import { patient } from "./patience.ts";
import { plan } from "./plan.ts";
import { stepOne, stepTwo } from "./protocol.ts";
import { runPhase } from "./run-phase.ts";

export const RUN: WorkflowRef<RunInput, RunEnd> = { name: "run" };

/** How a run ended. */
export type RunEnd = "complete" | "blocked" | "failed";

/** One run from its command to its report. Reads top to bottom; everything that touches the world is a step. */
export async function orchestrate(steps: Steps, ports: RunPorts, input: RunInput): Promise<RunEnd> {
  const run = new RunContext(patient(steps, ports, input.runId), ports, input);
  const end = await stages(run).catch((error: unknown) => failed(run, error));
  await run.steps.step("close the run", async () => {
    await ports.runs.end(input.runId);
    await ports.status.flush(input.runId);
  });
  return end;
}

async function stages(run: RunContext): Promise<RunEnd> {
  if ((await begin(run)) === "failed") return "failed";
  run.license(await stepOne(run));
  await stepTwo(run, "planning");
  if ((await plan(run)) === "blocked") return "blocked";
  await stepTwo(run, "planned");
  if ((await approvePlan(run)) === "blocked") return "blocked";
  for (const phase of PHASES) if ((await runPhase(run, phase)) === "blocked") return "blocked";
  return finish(run);
}

/** Our own bug or a world that stayed broken: said in the ledger and the comment, never swallowed. */
async function failed(run: RunContext, error: unknown): Promise<RunEnd> {
  if (error instanceof WorkflowCancelled) throw error;
  const reason = failureText(error);
  run.ports.log.error({ runId: run.input.runId, error: reason }, "run failed");
  if (run.events.length === 0) throw error;
  await run.record("run failed", { type: "run-failed", reason });
  return "failed";
}

/** What a person is told when the world failed for good: verb, object, identity, remedy. */
export function failureText(error: unknown): string {
  if (error instanceof WorldError) return error.message;
  return error instanceof Error ? error.message : String(error);
}
