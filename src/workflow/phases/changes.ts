import { errorSignature } from "../../domain/gate/error-signature.ts";
import { notAccepted } from "../../domain/gate/loops.ts";
import { changesWanted, type Finding, type Judgement } from "../../domain/specialist/acceptance.ts";
import { NEXT, sentBack } from "../../reports/reasons.ts";
import type { RunContext } from "../context.ts";
import { settleConflicts } from "./conflicts.ts";
import { fix } from "./fix.ts";
import { failGate, passGates } from "./loop.ts";
import type { Returned } from "./settle.ts";

type Changes = Judgement & { readonly kind: "changes" };

/** Every finding of a review is recorded, also those that block nothing. */
export async function recordFindings(
  run: RunContext,
  returned: Returned,
  findings: readonly Finding[],
): Promise<void> {
  if (findings.length === 0) return;
  const { view, output } = returned;
  const facts = findings.map((finding) => ({
    type: "finding" as const,
    taskId: view.task.id,
    dispatchId: output.dispatchId,
    ...finding,
  }));
  await run.record(`findings ${output.dispatchId}`, ...facts);
}

/**
 * A review that asks for changes: the developer addresses them, then the review is repeated. Missing requirements go
 * back before quality or security is spent on the change. `accepted` when a person takes what is open as it is.
 */
export async function sendBack(
  run: RunContext,
  returned: Returned,
  changes: Changes,
): Promise<"settled" | "accepted" | "blocked"> {
  const { phase, view, output, reviewedSha } = returned;
  const { task } = view;
  const problems = notAccepted(changesWanted(changes), run.view.decisions);
  if (problems.length === 0) return "accepted";
  const { gate } = changes;
  await run.record(`changes ${output.dispatchId}`, {
    type: "task-refused",
    taskId: task.id,
    phase,
    problems,
    next: NEXT.developerMends,
  });
  run.memo(task.id).reviewed = {
    sha: reviewedSha,
    base: run.base,
    findings: changesWanted({ ...changes, gate: "quality" }),
  };
  if ((await settleConflicts(run, phase)) === "blocked") return "blocked";
  if (gate === "quality") await passGates(run, { gates: ["requirements"], phase, taskId: task.id });
  const onward = await failGate(run, {
    gate,
    phase,
    taskId: task.id,
    problems,
    signature: errorSignature(problems.join("\n")),
  });
  if (onward.kind !== "again") return onward.kind;
  const fixed = await fix(run, {
    phase,
    gate,
    because: sentBack(task.specialist, gate),
    findings: [...problems, ...onward.told],
  });
  return fixed === "fixed" ? "settled" : fixed;
}
