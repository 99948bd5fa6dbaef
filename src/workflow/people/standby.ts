import { PHASES, type Phase } from "../../domain/phase.ts";
import type { ClassedComment } from "../../domain/run/pull-facts.ts";
import { awaitedHalf, openHalves } from "../../domain/triage/full-stack.ts";
import { WorkflowCancelled } from "../../ports/engine.ts";
import { baseMovedAway } from "../../reports/base-words.ts";
import { branchLost } from "../../reports/blocked-words.ts";
import { notTakenNote } from "../../reports/notes.ts";
import { commitsOfOthers, retriedFrom } from "../../reports/reasons.ts";
import type { RunContext } from "../context.ts";
import { adopt } from "../gates/adopt.ts";
import { conflictsNow } from "../gates/base.ts";
import { letGoOn } from "../phases/loop.ts";
import { grantMore } from "../phases/within-budget.ts";
import { openPhases } from "../publish/pull-request.ts";
import { block } from "./escalate.ts";
import { takeIn } from "./feedback.ts";
import { hear, unheeded } from "./heed.ts";
import { ORDERS, type Order, takeOrder } from "./orders.ts";
import { halfReported } from "./other-half.ts";

const DAY_MS = 24 * 3_600_000;

/** One round of work on what a person asked for, on the same branch. */
export interface Round {
  readonly kind: "round";
  readonly by: string;
  readonly because: string;
  readonly findings: readonly string[];
  /** The review that is worked on, with its actionable comments. */
  readonly review?: { readonly id: number; readonly comments: readonly ClassedComment[] };
}

/** What to do after a run's end was reached. */
export type Reopened =
  | { readonly kind: "phases"; readonly from: Phase }
  | { readonly kind: "verify" }
  | Round;

/**
 * A run that is complete or blocked stays reachable while its pull request is open: a review or an instruction is the
 * next round of work on the same branch, a push of somebody is verified, a retry carries phases out again. Waiting
 * costs nothing; after the limit, or when the pull request is closed, the run is over.
 */
export async function standBy(run: RunContext): Promise<Reopened | "over"> {
  for (;;) {
    const order = run.later.shift() ?? (await nextOrder(run));
    if (!order) return "over";
    if (order.kind === "closed") {
      await closed(run, order);
      if (!order.merged || openHalves(run.view).length === 0) return "over";
      continue;
    }
    const reopened = await reopen(run, order).catch((error: unknown) => notTaken(run, error));
    if (reopened) return reopened;
  }
}

function nextOrder(run: RunContext): Promise<Order | undefined> {
  const timeoutMs = run.ports.limits.standbyDays * DAY_MS;
  return timeoutMs === 0
    ? Promise.resolve(undefined)
    : run.steps.waitFor<Order>(ORDERS, { timeoutMs });
}

async function closed(run: RunContext, order: Extract<Order, { kind: "closed" }>): Promise<void> {
  const { pullRequest } = run.view;
  if (!pullRequest) return;
  const { by, merged } = order;
  const { number } = pullRequest;
  await run.record("closed", { type: "pull-request-closed", number, merged, by });
  await run.steps.step("show closed", () => run.ports.status.flush(run.input.runId));
}

/** What could not be taken in is said; the run stands by as before. */
async function notTaken(run: RunContext, error: unknown): Promise<undefined> {
  if (error instanceof WorkflowCancelled) throw error;
  const reason = error instanceof Error ? error.message : String(error);
  run.ports.log.error({ runId: run.input.runId, error: reason }, "an order could not be taken in");
  await run.record(`not taken ${run.nextOrderKey()}`, {
    type: "note",
    text: notTakenNote(reason),
  });
}

async function reopen(run: RunContext, order: Order): Promise<Reopened | undefined> {
  switch (order.kind) {
    case "instruct": {
      await hear(run, order, `order ${run.nextOrderKey()}`);
      const round = await unheeded(run);
      return round && reopenRound(run, round);
    }
    case "review": {
      const round = await takeIn(run, order);
      return round && reopenRound(run, round);
    }
    case "pushed":
      return pushed(run, order.by);
    case "base":
      return baseMoved(run, order.by);
    case "half":
      return (await halfReported(run, order)) === "go on" ? { kind: "verify" } : undefined;
    case "retry":
      // Who asks for a phase wants it done, whatever was said of it before.
      if (order.phase) run.skips.delete(order.phase);
      return reopenPhases(run, { by: order.by, from: order.phase });
    case "resume":
      return reopenPhases(run, { by: order.by, from: undefined });
    case "skip":
      await takeOrder(run, order);
      return reopenPhases(run, { by: order.by, from: order.phase });
    case "budget":
      await takeOrder(run, order);
      grantMore(run);
      return run.view.state === "blocked"
        ? reopenPhases(run, { by: order.by, from: undefined })
        : undefined;
    default:
      return undefined;
  }
}

/** The named phase and everything after it are open again; without a name, the first that is not done. */
async function reopenPhases(
  run: RunContext,
  wanted: { by: string; from: Phase | undefined },
): Promise<Reopened> {
  const from = wanted.from ?? openPhases(run)[0] ?? "quality";
  const phases = PHASES.slice(PHASES.indexOf(from));
  run.forgive();
  if (run.view.state === "blocked")
    await letGoOn(run, { by: wanted.by, verdict: "continue", text: "/orchestrate retry" });
  await run.record(`reopen ${run.nextOrderKey()}`, {
    type: "reopened",
    by: wanted.by,
    reason: retriedFrom(from),
    phases,
  });
  return { kind: "phases", from };
}

async function reopenRound(run: RunContext, round: Round): Promise<Round> {
  await run.record(`next round ${run.nextOrderKey()}`, {
    type: "reopened",
    by: round.by,
    reason: round.because,
    phases: [],
    round: round.review
      ? { kind: "review", comments: round.review.comments.length }
      : { kind: "request" },
  });
  return round;
}

/** Somebody's commits on top of ours are the new head: the run is as good as what is verified there. */
async function pushed(run: RunContext, by: string): Promise<Reopened | undefined> {
  const taken = await adopt(run, by);
  if (taken.kind === "same") return undefined;
  if (taken.kind === "lost") {
    await block(run, branchLost(run.input.runBranch, taken.actual));
    await run.steps.step(`show lost ${run.nextOrderKey()}`, () =>
      run.ports.status.flush(run.input.runId),
    );
    return undefined;
  }
  if (run.view.state !== "complete" && !awaitedHalf(run.view)) return undefined;
  await run.record(`pushed ${run.nextOrderKey()}`, {
    type: "reopened",
    by,
    reason: commitsOfOthers(),
    phases: [],
    round: { kind: "push" },
  });
  return { kind: "verify" };
}

/** The base branch moved under a pull request that was mergeable: one that conflicts now goes through the end again. */
async function baseMoved(run: RunContext, by: string): Promise<Reopened | undefined> {
  const waits = run.view.state === "complete" || awaitedHalf(run.view) !== undefined;
  if (!waits || run.view.closed || !(await conflictsNow(run))) return undefined;
  await run.record(`base moved ${run.nextOrderKey()}`, {
    type: "reopened",
    by,
    reason: baseMovedAway(run.view.started.baseBranch),
    phases: [],
    round: { kind: "base" },
  });
  return { kind: "verify" };
}
