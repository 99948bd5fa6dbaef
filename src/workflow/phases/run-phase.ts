import type { Phase } from "../../domain/phase.ts";
import type { PlannedTask } from "../../domain/plan/plan.ts";
import { mostAtOnce } from "../../domain/repo-config.ts";
import type { Sequenced } from "../../domain/run/gate-facts.ts";
import type { TaskView } from "../../domain/run/run.ts";
import { nextTasks } from "../../domain/run/schedule.ts";
import { nobodyCanStart, pullRequestClosed } from "../../reports/blocked-words.ts";
import { notFinished, nothingPlanned } from "../../reports/reasons.ts";
import type { RunContext } from "../context.ts";
import { block } from "../people/escalate.ts";
import { obey } from "../people/orders.ts";
import { decideTradeOffs } from "../planning/trade-offs.ts";
import { endOf, startAttempt } from "./attempt.ts";
import { taskBrief } from "./brief.ts";
import { holdCheckpoint } from "./checkpoint.ts";
import type { DispatchOutput } from "./dispatch-input.ts";
import { givenUp } from "./give-up.ts";
import { settle } from "./settle.ts";
import { withinBudget } from "./within-budget.ts";

/**
 * Runs one phase to its end: what is ready is dispatched together, everything that comes back is settled in the order
 * of the plan, until every task is accepted. A phase without tasks is skipped with the plan's reason.
 */
export async function runPhase(run: RunContext, phase: Phase): Promise<"done" | "blocked"> {
  const planned = run.view.plan?.phases.find((p) => p.phase === phase);
  const skipped = run.skips.get(phase);
  const owed = run.view.tasks.some((one) => one.phase === phase && one.scheduled);
  if (skipped !== undefined || !planned || (planned.tasks.length === 0 && !owed)) {
    const reason = skipped ?? planned?.skip_reason ?? nothingPlanned();
    await run.record(`skip ${phase} ${run.nextOrderKey()}`, {
      type: "phase-skipped",
      phase,
      reason,
    });
    return "done";
  }
  await run.record(`begin ${phase} ${run.nextOrderKey()}`, { type: "phase-started", phase });
  for (;;) {
    if ((await obey(run)) === "closed") return closed(run, phase);
    if (await givenUp(run)) return failPhase(run, phase);
    const next = nextTasks(run.view, phase, mostAtOnce(run.profile));
    if (next.kind === "done") {
      const decided = phase === "architecture" ? await decideTradeOffs(run) : "decided";
      if (decided === "blocked") return failPhase(run, phase);
      if (decided === "decided") break;
      continue;
    }
    if (next.kind === "checkpoint") {
      if ((await holdCheckpoint(run, next.due)) === "blocked") return failPhase(run, phase);
      continue;
    }
    if (next.kind === "stuck") return stuck(run, phase, next.behind);
    await recordSequence(run, next.sequenced);
    if ((await round(run, phase, next.tasks)) === "blocked") return failPhase(run, phase);
  }
  await run.record(`end ${phase} ${run.nextOrderKey()}`, {
    type: "phase-completed",
    phase,
    sha: run.head,
  });
  return "done";
}

/** All attempts of a round start from the same commit; they are settled only when all of them have ended. */
async function round(
  run: RunContext,
  phase: Phase,
  tasks: readonly TaskView[],
): Promise<"settled" | "blocked"> {
  await withinBudget(run);
  const baseSha = run.head;
  const started = [];
  for (const view of tasks) {
    const attempt = run.memo(view.task.id).nextAttempt();
    const brief = taskBrief(run, view);
    started.push({
      view,
      child: await startAttempt(run, {
        licence: run.licence,
        task: view.task,
        phase,
        attempt,
        baseSha,
        brief,
        together: tasks.length,
      }),
    });
  }
  const outputs: { view: TaskView; output: DispatchOutput }[] = [];
  for (const { view, child } of started) outputs.push({ view, output: await endOf(run, child) });
  for (const { view, output } of outputs)
    if (
      (await settle(run, {
        phase,
        view,
        output,
        reviewedSha: baseSha,
        beside: beside(view, tasks),
      })) === "blocked"
    )
      return "blocked";
  return "settled";
}

function beside(one: TaskView, all: readonly TaskView[]): PlannedTask[] {
  return all.filter(({ task }) => task.id !== one.task.id).map(({ task }) => task);
}

/** Who waits for whom because of the files that both would write, said once for each pair. */
async function recordSequence(run: RunContext, sequenced: readonly Sequenced[]): Promise<void> {
  const told = run.view.sequenced.map(({ taskId, after }) => `${taskId} ${after}`);
  const fresh = sequenced.filter(({ taskId, after }) => !told.includes(`${taskId} ${after}`));
  const [first] = fresh;
  if (first) await run.record(`sequence ${first.taskId} ${run.nextOrderKey()}`, ...fresh);
}

async function stuck(
  run: RunContext,
  phase: Phase,
  behind: readonly TaskView[],
): Promise<"blocked"> {
  const names = behind.map((task) => task.task.id);
  await block(run, nobodyCanStart(phase, names));
  return failPhase(run, phase);
}

/** The pull request was closed by a person while work went on: that is a decision against it. */
async function closed(run: RunContext, phase: Phase): Promise<"blocked"> {
  await block(run, pullRequestClosed());
  return failPhase(run, phase);
}

async function failPhase(run: RunContext, phase: Phase): Promise<"blocked"> {
  const reason = run.view.blocked?.issue ?? notFinished();
  await run.record(`fail ${phase} ${run.nextOrderKey()}`, { type: "phase-failed", phase, reason });
  return "blocked";
}
