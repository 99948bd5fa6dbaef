import type { Phase } from "../../domain/phase.ts";
import type { HandOffState } from "../../domain/triage/hand-off.ts";
import { budgetNote, skipNote, skipReason } from "../../reports/notes.ts";
import { pausedBy } from "../../reports/waits.ts";
import type { RunContext } from "../context.ts";
import { adopt } from "../gates/adopt.ts";
import { hear } from "./heed.ts";
import { noteHalf } from "./other-half.ts";

/** What people (and what happens at GitHub) tell a run. Each arrives once, in order, also while the app was down. */
export type Order =
  | { readonly kind: "pause"; readonly by: string }
  | { readonly kind: "resume"; readonly by: string }
  | { readonly kind: "retry"; readonly by: string; readonly phase?: Phase }
  | { readonly kind: "skip"; readonly by: string; readonly phase: Phase; readonly reason: string }
  | { readonly kind: "budget"; readonly by: string; readonly usd: number }
  | {
      readonly kind: "instruct";
      readonly by: string;
      readonly text: string;
      /** The comment's; absent when nobody was told of it in the ledger yet. */
      readonly id?: string;
    }
  | { readonly kind: "review"; readonly by: string; readonly reviewId: number }
  | { readonly kind: "pushed"; readonly by: string }
  | { readonly kind: "checks" }
  /** The base branch moved; a run at work looks at it before its end anyway. */
  | { readonly kind: "base"; readonly by: string }
  | {
      readonly kind: "half";
      readonly by: string;
      readonly to: string;
      readonly state: HandOffState;
      readonly url?: string;
    }
  | { readonly kind: "closed"; readonly by: string; readonly merged: boolean };

const DAY_MS = 24 * 3_600_000;

export const ORDERS = "orders";

/** A run waits this long between looks when it is paused; nothing is lost by it, messages wake it at once. */
const PAUSE_MS = 30 * 24 * 3_600_000;

/**
 * Obeys what has arrived since the last look, between two rounds of dispatches. A pause waits here until somebody
 * resumes; what belongs after the run is kept for the standby. "closed" means that the pull request is gone.
 */
export async function obey(run: RunContext): Promise<"go on" | "closed"> {
  let pushedBy: string | undefined;
  for (;;) {
    if (run.closing) return "closed";
    const order = await run.steps.waitFor<Order>(ORDERS, { timeoutMs: 0 });
    if (!order) {
      if (pushedBy !== undefined) await adopt(run, pushedBy);
      return "go on";
    }
    if (order.kind === "closed") return ending(run, order);
    // One look at the branch answers all that was heard of it, our own pushes among it.
    if (order.kind === "pushed") pushedBy ??= order.by;
    else if (order.kind === "pause") {
      if ((await paused(run, order.by)) === "closed") return "closed";
    } else await takeOrder(run, order);
  }
}

/** Waits until somebody resumes, and obeys everything else meanwhile. */
export async function paused(run: RunContext, by: string): Promise<"go on" | "closed"> {
  const key = run.nextOrderKey();
  await run.record(`pause ${key}`, {
    type: "waiting",
    wait: { for: "paused", detail: pausedBy(by), by },
    id: `pause ${key}`,
  });
  for (;;) {
    const order = await run.steps.waitFor<Order>(ORDERS, { timeoutMs: PAUSE_MS });
    if (!order) continue;
    if (order.kind === "closed") return ending(run, order);
    if (order.kind === "resume") {
      await run.record(`resume ${key}`, { type: "resumed", by: order.by, id: `pause ${key}` });
      return "go on";
    }
    await takeOrder(run, order);
  }
}

/**
 * Stops until somebody sets a budget, and obeys everything else meanwhile. "nobody" when nobody did in the time that a
 * question waits.
 */
export async function awaitBudget(
  run: RunContext,
  detail: string,
): Promise<"raised" | "closed" | "nobody"> {
  const id = `budget ${run.nextOrderKey()}`;
  await run.record(`spent ${id}`, { type: "waiting", wait: { for: "budget", detail }, id });
  await run.steps.step(`show ${id}`, () => run.ports.status.flush(run.input.runId));
  const timeoutMs = run.ports.limits.questionDays * DAY_MS;
  for (;;) {
    const order = await run.steps.waitFor<Order>(ORDERS, { timeoutMs });
    const over = !order || order.kind === "closed";
    const by = order && "by" in order ? order.by : "nobody";
    if (order?.kind === "closed") ending(run, order);
    else if (order) await takeOrder(run, order);
    if (!over && order.kind !== "budget") continue;
    await run.record(`resume ${id}`, { type: "resumed", by, id });
    if (over) return order ? "closed" : "nobody";
    return "raised";
  }
}

/** Keeps an order for the time after the present work; there is nothing to pause while the run only waits. */
export function keep(run: RunContext, order: Order): void {
  if (order.kind !== "pause" && order.kind !== "resume") run.later.push(order);
}

/** The present work ends, and the standby after it has nothing to wait for. */
function ending(run: RunContext, order: Order): "closed" {
  run.later.push(order);
  run.closing = true;
  return "closed";
}

/** Does what an order says at any time; what belongs after the present work is kept for then. */
export async function takeOrder(run: RunContext, order: Order): Promise<void> {
  const key = run.nextOrderKey();
  switch (order.kind) {
    case "instruct":
      await hear(run, order, `order ${key}`);
      return;
    case "skip":
      run.skips.set(order.phase, skipReason(order.by, order.reason));
      return run.record(`skip order ${key}`, {
        type: "note",
        text: skipNote(order.by, order.phase, order.reason),
      });
    case "budget":
      run.raiseBudget(order.usd);
      return run.record(
        `budget ${key}`,
        { type: "budget-set", by: order.by, usd: order.usd },
        { type: "note", text: budgetNote(order.by, order.usd) },
      );
    case "pushed":
      await adopt(run, order.by);
      return;
    case "half":
      return noteHalf(run, order);
    case "review":
    case "retry":
      run.later.push(order);
      return;
    default:
      return;
  }
}
