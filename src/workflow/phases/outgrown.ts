import { PHASES } from "../../domain/phase.ts";
import { scopeQuestion } from "../../domain/plan/delegate-plan.ts";
import type { Judgement } from "../../domain/specialist/acceptance.ts";
import type { Triage } from "../../domain/triage/mode.ts";
import { tooLarge } from "../../reports/blocked-words.ts";
import { plannedAnew } from "../../reports/notes.ts";
import type { RunContext } from "../context.ts";
import { ask, block } from "../people/escalate.ts";
import { hear } from "../people/heed.ts";
import type { Returned } from "./settle.ts";

/**
 * A specialist says that the work is much larger than it was taken for: people decide, once per task. "go on" judges
 * the result as it is, "settled" has the task done again within its request, "blocked" ends the present work, for good
 * or to plan anew.
 */
export async function outgrown(
  run: RunContext,
  returned: Returned,
  judgement: Judgement,
): Promise<"go on" | "settled" | "blocked"> {
  const { view, output } = returned;
  const memo = run.memo(view.task.id);
  const larger = largerIn(judgement);
  if (larger === undefined || memo.outgrown) return "go on";
  memo.outgrown = true;
  const question = scopeQuestion(larger);
  const answer = await ask(run, `scope ${output.dispatchId}`, { question, taskId: view.task.id });
  if (!answer || answer.option === "c") return block(run, tooLarge(larger, answer?.by));
  if (answer.option === "b") {
    const { by, text } = answer;
    memo.answers.push({ question: question.text, answer: text, by });
    return judgement.kind === "accept" ? "go on" : "settled";
  }
  const said = { by: answer.by, text: `${answer.text}. It turned out: ${larger}` };
  await hear(run, said, `anew ${output.dispatchId}`);
  run.planning.anew = { by: answer.by };
  return "blocked";
}

function largerIn(judgement: Judgement): string | undefined {
  if (judgement.kind === "redo") return undefined;
  const { scope_larger: larger } = judgement.result as { readonly scope_larger?: string };
  return larger;
}

/** The request is planned once more, for several specialists; what is done is kept on the run branch. */
export async function beginAnew(run: RunContext, found: Triage): Promise<Triage> {
  const { planning } = run;
  const by = planning.anew?.by ?? "somebody";
  planning.anew = undefined;
  planning.proposed = false;
  planning.approved = false;
  // The plan that was supplied is what the work has outgrown.
  planning.reading = undefined;
  const mode = found.mode === "full-stack" ? found.mode : "orchestrate";
  planning.found = { ...found, mode, delegates: [] };
  await run.record(`planned anew ${run.nextOrderKey()}`, {
    type: "reopened",
    by,
    reason: plannedAnew(),
    phases: [...PHASES],
  });
  return planning.found;
}
