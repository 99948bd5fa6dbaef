import type { Spending } from "../../domain/budget/budget.ts";
import {
  type EstimateQuery,
  forecastPlan,
  historyOf,
  taskTypeOf,
} from "../../domain/budget/estimate.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import { foldRun } from "../../domain/run/fold.ts";
import { agentNamed } from "../../domain/specialist/specialists.ts";
import type { RunContext } from "../context.ts";

/** Forecasts the accepted plan's time, tokens and cost, and shows it before the first specialist starts. */
export async function forecast(run: RunContext): Promise<void> {
  const { plan } = run.view;
  if (!plan) return;
  const { request, runId } = run.input;
  const { definitions, durations, ledger, status } = run.ports;
  const { id: repositoryId } = request.repo;
  const key = run.nextOrderKey();
  const events = await run.steps.step(`forecast ${key}`, async () => {
    const set = await definitions.load(request.repo, run.view.started.definitionsSha);
    const history = await durations.latest(worksOf(plan, repositoryId));
    function price({ specialist, tokens }: { specialist: string; tokens: number }): number | null {
      const settings = Object.entries(run.profile?.specialists ?? {});
      const own = settings.find(([name]) => name === specialist)?.[1]?.model;
      return run.ports.priceOf(own ?? agentNamed(set, specialist)?.model ?? "", tokens);
    }
    const made = forecastPlan(plan, history, { repositoryId, priceOf: price });
    return [await ledger.append(runId, `estimated/${key}`, { type: "estimated", forecast: made })];
  });
  run.adopt(events);
  await run.steps.step(`show forecast ${key}`, () => status.flush(runId));
}

/** What the forecast says lies ahead; undefined before there is one. */
export function aheadOf(run: RunContext): Spending | undefined {
  const { forecast: made } = run.view;
  return made && { tokens: made.tokens, usd: made.usd, ms: made.ms };
}

/** The kinds of work in a plan, each once. */
function worksOf(plan: Plan, repositoryId: number): EstimateQuery[] {
  const works = plan.phases.flatMap(({ phase, tasks }) =>
    tasks.map((task): [string, EstimateQuery] => {
      const { specialist } = task;
      const taskType = taskTypeOf(task);
      return [`${phase} ${specialist} ${taskType}`, { repositoryId, specialist, phase, taskType }];
    }),
  );
  return [...new Map(works).values()];
}

/** Keeps what the run's accepted tasks took; told again, it replaces what was kept. Part of a step. */
export async function keepDurations(run: RunContext): Promise<void> {
  const { runId } = run.input;
  const { ledger, durations } = run.ports;
  const events = await ledger.read(runId);
  if (events.length === 0) return;
  for (const [index, record] of historyOf(foldRun(events)).entries())
    await durations.put(`${runId}#${index}`, record);
}
