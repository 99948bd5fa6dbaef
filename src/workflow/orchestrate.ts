import { WorldError } from "../domain/failure.ts";
import { PHASES } from "../domain/phase.ts";
import { type Steps, WorkflowCancelled, type WorkflowRef } from "../ports/engine.ts";
import { approvePlan } from "./approve-plan.ts";
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
  const base = await begin(run);
  if (base === "failed") return "failed";
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

/** Fixes what the run starts from: the tips of the base branch and of the definitions, as they are now. */
async function begin(run: RunContext): Promise<"begun" | "failed"> {
  const { request, runId, n, requestedBy, runBranch } = run.input;
  const { workspaces, ledger, status } = run.ports;
  const baseBranch = request.options.base ?? request.defaultBranch;
  const begun = await run.steps.step("begin", async () => {
    const definitionsSha = await workspaces.fetchBranch(request.repo, request.defaultBranch);
    const baseSha =
      baseBranch === request.defaultBranch
        ? definitionsSha
        : await workspaces.fetchBranch(request.repo, baseBranch);
    if (definitionsSha === undefined || baseSha === undefined)
      return { missing: definitionsSha ? baseBranch : request.defaultBranch };
    const event = await ledger.append(runId, "run-started", {
      type: "run-started",
      runId,
      repo: request.repo,
      issue: request.issue,
      issueTitle: request.issueTitle,
      n,
      task: request.task,
      requestedBy,
      commentId: request.commentId,
      baseBranch,
      baseSha,
      runBranch,
      definitionsSha,
    });
    status.touch(runId);
    return { event };
  });
  if ("missing" in begun) {
    await run.steps.step("say missing branch", () =>
      sayMissingBranch(run, begun.missing ?? baseBranch),
    );
    return "failed";
  }
  run.adopt([begun.event]);
  return "begun";
}

async function sayMissingBranch(run: RunContext, branch: string): Promise<void> {
  const { request, runId } = run.input;
  const marker = `orchestrate:missing-branch:${runId}`;
  const body = `<!-- ${marker} -->\nThe branch \`${branch}\` does not exist in this repository, so nothing was started. Comment \`/orchestrate --base <branch>\` with a branch that does.`;
  await run.ports.github.putComment(request.repo, { number: request.issue, marker, body });
}

/** What a person is told when the world failed for good: verb, object, identity, remedy. */
export function failureText(error: unknown): string {
  if (error instanceof WorldError) return error.message;
  return error instanceof Error ? error.message : String(error);
}
