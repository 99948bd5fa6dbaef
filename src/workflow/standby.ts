import { PHASES, type Phase } from "../domain/phase.ts";
import type { RunContext } from "./context.ts";
import { workOn } from "./next-round.ts";
import { ORDERS, type Order } from "./orders.ts";

const DAY_MS = 24 * 3_600_000;

/** What to do after a run's end was reached: carry out these phases again, work on an instruction, or nothing more. */
export type Reopened =
  | { readonly kind: "phases"; readonly from: Phase }
  | { readonly kind: "round"; readonly text: string; readonly by: string };

/**
 * A run that is complete or blocked stays reachable while its pull request is open: a review or an instruction is the
 * next round of work on the same branch, a retry carries phases out again. Waiting costs nothing; after the limit, or
 * when the pull request is closed, the run is over.
 */
export async function standBy(run: RunContext): Promise<Reopened | "over"> {
  for (;;) {
    const order = run.later.shift() ?? (await nextOrder(run));
    if (!order || order.kind === "closed") return "over";
    const reopened = await reopen(run, order);
    if (reopened) return reopened;
  }
}

function nextOrder(run: RunContext): Promise<Order | undefined> {
  const timeoutMs = run.ports.limits.standbyDays * DAY_MS;
  return timeoutMs === 0
    ? Promise.resolve(undefined)
    : run.steps.waitFor<Order>(ORDERS, { timeoutMs });
}

async function reopen(run: RunContext, order: Order): Promise<Reopened | undefined> {
  const key = run.nextOrderKey();
  switch (order.kind) {
    case "instruct":
      await run.record(`next round ${key}`, {
        type: "reopened",
        by: order.by,
        reason: "an instruction",
        phases: [],
      });
      return { kind: "round", text: order.text, by: order.by };
    case "review":
      return workOn(run, order, key);
    case "retry":
    case "resume":
      return reopenPhases(run, {
        by: order.by,
        from: order.kind === "retry" ? order.phase : undefined,
        key,
      });
    case "skip":
      run.skips.set(order.phase, `skipped by ${order.by}: ${order.reason}`);
      return reopenPhases(run, { by: order.by, from: order.phase, key });
    case "budget":
      run.raiseBudget(order.usd);
      return run.view.state === "blocked"
        ? reopenPhases(run, { by: order.by, from: undefined, key })
        : undefined;
    default:
      return undefined;
  }
}

/** The named phase and everything after it are open again; without a name, the first that is not done. */
async function reopenPhases(
  run: RunContext,
  wanted: { by: string; from: Phase | undefined; key: number },
): Promise<Reopened> {
  const from = wanted.from ?? PHASES.find((phase) => !isDone(run, phase)) ?? "quality";
  const phases = PHASES.slice(PHASES.indexOf(from));
  run.forgive();
  await run.record(`reopen ${wanted.key}`, {
    type: "reopened",
    by: wanted.by,
    reason: `retry from ${from}`,
    phases,
  });
  return { kind: "phases", from };
}

function isDone(run: RunContext, phase: Phase): boolean {
  const state = run.view.phases.find((p) => p.phase === phase)?.state;
  return state === "completed" || state === "skipped";
}
