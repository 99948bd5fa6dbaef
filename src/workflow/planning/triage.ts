import { delegatePlan } from "../../domain/plan/delegate-plan.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import { planProblems } from "../../domain/plan/soundness.ts";
import { rosterOf } from "../../domain/specialist/specialists.ts";
import type { Triage } from "../../domain/triage/mode.ts";
import { sideOf } from "../../domain/triage/orchestrators.ts";
import { triage } from "../../domain/triage/triage.ts";
import { noDelegate } from "../../reports/blocked-words.ts";
import { planNotTaken, sourceWords, suppliedReason } from "../../reports/supplied-words.ts";
import type { RunContext } from "../context.ts";
import { block } from "../people/escalate.ts";
import { lookForPlan } from "./read-supplied.ts";

/** Decides by the request's words how the run is worked on, and shows it before anybody is dispatched. */
export async function sortRequest(run: RunContext): Promise<Triage> {
  const { request, runId } = run.input;
  const { phases } = request.options;
  const found = triage({
    title: request.issueTitle,
    body: request.issueBody,
    labels: request.labels,
    command: request.task,
    side: sideOf(run.input.orchestrator),
    ...(phases === undefined ? {} : { phases }),
  });
  const decided = await withItsPlan(run, found);
  const concerns = decided.concerns.map((item) => item.concern);
  await run.record("triaged", {
    type: "triaged",
    mode: decided.mode,
    concerns,
    reason: decided.reason,
  });
  await run.steps.step("show triage", () => run.ports.status.flush(runId));
  return decided;
}

/**
 * A request that brings its own plan is coordinated by it, also where its words alone would give it to one specialist;
 * only a command that names the phases of one weighs more.
 */
async function withItsPlan(run: RunContext, found: Triage): Promise<Triage> {
  if (found.mode === "frontend-hand-off") return found;
  const reading = await lookForPlan(run);
  if (!reading) return found;
  if (found.delegates.length > 0 && run.input.request.options.phases) {
    await run.record("plan not taken", { type: "note", text: planNotTaken() });
    return found;
  }
  run.planning.reading = reading;
  const where = reading.kind === "text" ? sourceWords(reading.source) : reading.where;
  const mode = found.delegates.length > 0 ? "orchestrate" : found.mode;
  return { ...found, mode, delegates: [], reason: suppliedReason(where) };
}

/** Takes the host's own plan for a run of one specialist; no model proposes anything. */
export async function takeDelegatePlan(
  run: RunContext,
  found: Triage,
): Promise<"accepted" | "blocked"> {
  const { request } = run.input;
  const made: Plan = delegatePlan(found, { title: request.issueTitle, requirements: [] });
  const problems = await run.steps.step("check the delegate's plan", async () => {
    const set = await run.ports.definitions.load(request.repo, run.view.started.definitionsSha);
    return planProblems(made, rosterOf(set), found.mode);
  });
  if (problems.length > 0) return block(run, noDelegate(problems));
  await run.record("plan accepted by triage", { type: "plan-accepted", plan: made });
  return "accepted";
}
