import { awaitedHalf, halvesProblems, openHalves } from "../../domain/triage/full-stack.ts";
import { handOffLabel } from "../../domain/triage/hand-off.ts";
import { halfDone, halfMissing, labelDescription } from "../../reports/hand-off.ts";
import { halfComplete } from "../../reports/reasons.ts";
import type { RunContext } from "../context.ts";
import { block, unblock } from "./escalate.ts";
import type { Order } from "./orders.ts";

type HalfOrder = Extract<Order, { kind: "half" }>;

/** Records what the other side says about its half, or a person about it. A half that is done loses its label. */
export async function noteHalf(run: RunContext, order: HalfOrder): Promise<void> {
  const { by, to, state, url } = order;
  const key = run.nextOrderKey();
  await run.record(`half ${key}`, {
    type: "hand-off-updated",
    to,
    state,
    by,
    ...(url === undefined ? {} : { url }),
  });
  const given = run.view.handOffs.some((one) => one.record.to === to);
  if (state !== "complete" || !given) return;
  const { repo, issue } = run.input.request;
  await run.steps.step(`take the label off ${key}`, () =>
    run.ports.github.setLabel(repo, {
      number: issue,
      name: handOffLabel(to),
      description: labelDescription(to),
      on: false,
    }),
  );
}

/**
 * Whether every required half of the request is done. Where one is not, this side ends blocked with words that say so:
 * it stands by, and goes on when the other side reports.
 */
export async function bothHalves(run: RunContext): Promise<"done" | "blocked"> {
  const [problem] = halvesProblems(run.view);
  if (problem === undefined) return "done";
  const half = openHalves(run.view)[0];
  return block(run, halfMissing(run.head, problem, half));
}

/** What a report about the other half means to a run that stands by. */
export async function halfReported(run: RunContext, order: HalfOrder): Promise<"go on" | "noted"> {
  const waited = awaitedHalf(run.view) !== undefined;
  await noteHalf(run, order);
  if (!waited) return "noted";
  if (halvesProblems(run.view).length > 0) {
    if (order.state === "declined") await bothHalves(run);
    await run.steps.step(`show the half ${run.nextOrderKey()}`, () =>
      run.ports.status.flush(run.input.runId),
    );
    return "noted";
  }
  await unblock(run, halfDone(order.to, order.by));
  await run.record(`halves together ${run.nextOrderKey()}`, {
    type: "reopened",
    by: order.by,
    reason: halfComplete(order.to),
    phases: [],
    round: { kind: "half" },
  });
  return "go on";
}
