import type { Phase } from "../../domain/phase.ts";
import { planLint } from "../../domain/plan/lint.ts";
import { Plan } from "../../domain/plan/plan.ts";
import { mergeRequirements } from "../../domain/plan/requirements.ts";
import { withHostTasks } from "../../domain/plan/rules.ts";
import { planProblems } from "../../domain/plan/soundness.ts";
import {
  measuredPhase,
  type TimeEvidence,
  timeCutBacking,
  timeCutProblem,
  worksOfPhase,
} from "../../domain/plan/time-cut.ts";
import { rosterOf } from "../../domain/specialist/specialists.ts";
import { ofFrontend } from "../../domain/triage/full-stack.ts";
import type { TriageMode } from "../../domain/triage/mode.ts";
import { leftOutNote } from "../../reports/notes.ts";
import { PROBLEMS } from "../../reports/reasons.ts";
import type { RunContext } from "../context.ts";
import { usedBy } from "../phases/within-budget.ts";
import { demandsIn, requestText } from "../request.ts";
import { PLANNING } from "./planning-brief.ts";

/**
 * Judges a proposed plan and records it as accepted or refused; gives everything that is wrong with it. First whether
 * it is sound; only a sound plan is held to be exact enough to be carried out by readers who know nothing else.
 */
export async function judgePlan(
  run: RunContext,
  made: { attempt: number; mode: TriageMode; proposed: unknown },
): Promise<readonly string[]> {
  const { attempt, mode, proposed } = made;
  const parsed = Plan.safeParse(proposed);
  if (!parsed.success) return refusePlan(run, attempt, [PROBLEMS.noPlan]);
  const complete = completed(run, parsed.data);
  const cuts = await cutsOf(run, complete.plan, attempt);
  const problems = await run.steps.step(`check plan ${attempt}`, () =>
    problemsOf(run, { plan: complete.plan, cuts }, mode),
  );
  if (problems.length > 0) return refusePlan(run, attempt, problems);
  await run.record(
    `plan accepted ${attempt}`,
    { type: "plan-accepted", plan: complete.plan },
    ...[...complete.notes, ...cuts.flatMap(backedNote)].map((text) => ({
      type: "note" as const,
      text,
    })),
  );
  return [];
}

async function refusePlan(
  run: RunContext,
  attempt: number,
  problems: readonly string[],
): Promise<readonly string[]> {
  await run.record(`plan refused ${attempt}`, {
    type: "plan-refused",
    dispatchId: run.dispatchId(PLANNING.id, attempt),
    problems: [...problems],
  });
  return problems;
}

function backedNote(cut: Cut): string[] {
  const backing = timeCutBacking(cut.reason, cut);
  return backing === undefined ? [] : [leftOutNote(cut.phase, backing)];
}

async function problemsOf(
  run: RunContext,
  { plan, cuts }: { plan: Plan; cuts: readonly Cut[] },
  mode: TriageMode,
): Promise<string[]> {
  const { repo } = run.input.request;
  const { baseSha, definitionsSha } = run.view.started;
  const { definitions, workspaces } = run.ports;
  const set = await definitions.load(repo, definitionsSha);
  const unsound = [
    ...planProblems(plan, rosterOf(set), mode),
    ...cuts.flatMap((cut) => timeCutProblem(cut.reason, cut) ?? []),
  ];
  if (unsound.length > 0) return unsound;
  const files = await workspaces.listFiles(repo, baseSha);
  const commands = await workspaces.commands(repo, baseSha);
  const elsewhere =
    mode === "full-stack" ? plan.requirements.filter(({ text }) => ofFrontend(text)) : [];
  return planLint(plan, { files, commands, elsewhere: elsewhere.map(({ id }) => id) });
}

/** The plan with what the host adds to it: requirements of the request that no model may drop, and owed reviews. */
function completed(run: RunContext, proposed: Plan): ReturnType<typeof withHostTasks> {
  const { request } = run.input;
  const { requirements } = mergeRequirements(proposed.requirements, demandsIn(request));
  return withHostTasks({ ...proposed, requirements }, requestText(request));
}

type Cut = TimeEvidence & { readonly phase: Phase; readonly reason: string };

/**
 * What the ledger knows about each phase that is left out: measured durations of its kinds of work, and the time that
 * the run may still take.
 */
async function cutsOf(run: RunContext, plan: Plan, attempt: number): Promise<readonly Cut[]> {
  const { id } = run.input.request.repo;
  const skipped = plan.phases.filter((phase) => phase.skip_reason !== undefined);
  if (skipped.length === 0) return [];
  const { ms: limit } = run.budget;
  const left = limit === undefined ? {} : { leftMs: Math.max(0, limit - (usedBy(run).ms ?? 0)) };
  return run.steps.step(`measure what plan ${attempt} leaves out`, async () => {
    const cuts: Cut[] = [];
    for (const { phase, skip_reason: reason = "" } of skipped) {
      const history = await run.ports.durations.latest(worksOfPhase(phase, id));
      const measured = measuredPhase(phase, history, id);
      cuts.push({ phase, reason, ...left, ...(measured ? { measured } : {}) });
    }
    return cuts;
  });
}
