import { errorSignature } from "../../domain/gate/error-signature.ts";
import type { TaskId } from "../../domain/ids.ts";
import type { Phase } from "../../domain/phase.ts";
import { packFindings } from "../../domain/specialist/briefing.ts";
import { NEXT } from "../../reports/reasons.ts";
import type { RunContext } from "../context.ts";
import { failGate } from "./loop.ts";

/**
 * Sends an attempt back that brought no acceptable result; the task stays open and is dispatched again knowing why.
 * Beyond the limit of attempts a person decides. `key` names the attempt in the ledger.
 */
export async function refuse(
  run: RunContext,
  attempt: { readonly taskId: TaskId; readonly phase: Phase; readonly key: string },
  problems: readonly string[],
): Promise<"settled" | "blocked"> {
  const { taskId, phase, key } = attempt;
  const memo = run.memo(taskId);
  await run.record(`refuse ${key}`, {
    type: "task-refused",
    taskId,
    phase,
    problems: [...problems],
    next: NEXT.dispatchedAgain,
  });
  const onward = await failGate(run, {
    gate: "result",
    phase,
    taskId,
    problems,
    signature: errorSignature(problems.join("\n")),
  });
  const told = onward.kind === "again" ? onward.told : [];
  memo.findings.push(...packFindings([...problems, ...told]));
  return onward.kind === "blocked" ? "blocked" : "settled";
}
