import type { Phase } from "../../domain/phase.ts";
import type { TaskView } from "../../domain/run/run.ts";
import {
  contractFirst,
  frontendHandOff,
  frontendNeeds,
  type HandOffCause,
} from "../../domain/triage/full-stack.ts";
import { type HandOff, handOffLabel, handOffMarker } from "../../domain/triage/hand-off.ts";
import type { Triage } from "../../domain/triage/mode.ts";
import { handedOverWhole, handOffComment, labelDescription } from "../../reports/hand-off.ts";
import type { RunContext } from "../context.ts";
import { block } from "../people/escalate.ts";
import { refuse } from "../phases/refuse.ts";
import { runPhase } from "../phases/run-phase.ts";
import { demandsIn } from "../request.ts";

/** Work for another orchestrator only: its record is written to the issue, and nobody is dispatched. */
export async function handOver(run: RunContext, found: Triage): Promise<"blocked"> {
  const record = await give(run, "whole");
  return block(run, handedOverWhole(record, found.reason));
}

/**
 * What a run owes the other side after a phase. After the design of a full-stack run the API contract is agreed, by
 * asking for the design again until it names one; then the other half goes out with it. What specialists found since
 * then goes out, too.
 */
export async function afterPhase(run: RunContext, phase: Phase): Promise<"go on" | "blocked"> {
  const half = run.view.triage?.mode === "full-stack";
  if (half && phase === "architecture" && (await agreeContract(run)) === "blocked")
    return "blocked";
  if (half) await give(run, "half");
  else if (frontendNeeds(run.view).length > 0) await give(run, "found");
  return "go on";
}

async function agreeContract(run: RunContext): Promise<"agreed" | "blocked"> {
  for (;;) {
    const why = contractFirst(run.view);
    const design = designOf(run);
    if (why === undefined || design === undefined) return "agreed";
    const { id: taskId } = design.task;
    const attempt = {
      taskId,
      phase: "architecture" as const,
      key: `contract ${run.nextOrderKey()}`,
    };
    if ((await refuse(run, attempt, [why])) === "blocked") return "blocked";
    if ((await runPhase(run, "architecture")) === "blocked") return "blocked";
  }
}

/** The design that is to name the contract; undefined where a person skipped the phase. */
function designOf(run: RunContext): TaskView | undefined {
  const { phases, tasks } = run.view;
  if (phases.some((one) => one.phase === "architecture" && one.state === "skipped"))
    return undefined;
  return tasks.findLast((one) => one.phase === "architecture" && one.addedBecause === undefined);
}

/** Writes the record for the other side to the issue, with the label by which it is found, unless it stands there. */
async function give(run: RunContext, cause: HandOffCause): Promise<HandOff> {
  const { request, runId } = run.input;
  const asked = run.view.plan?.requirements ?? demandsIn(request);
  const record = frontendHandOff(run.view, { cause, asked: asked.map(({ text }) => text) });
  const known = run.view.handOffs.find((one) => one.record.to === record.to);
  if (known && JSON.stringify(known.record) === JSON.stringify(record)) return record;
  const { github, ledger } = run.ports;
  const key = `handed-off/${record.to}/${run.nextOrderKey()}`;
  const events = await run.steps.step(`hand over ${key}`, async () => {
    const at = { number: request.issue };
    const marker = handOffMarker(runId, record.to);
    const comment = await github.putComment(request.repo, {
      ...at,
      marker,
      body: handOffComment(record, {
        theirs: "open",
        ours: cause === "whole" ? undefined : "accepted",
      }),
    });
    await github.setLabel(request.repo, {
      ...at,
      name: handOffLabel(record.to),
      description: labelDescription(record.to),
      on: true,
    });
    return [
      await ledger.append(runId, key, { type: "handed-off", record, commentUrl: comment.url }),
    ];
  });
  run.adopt(events);
  run.ports.status.touch(runId);
  return record;
}
