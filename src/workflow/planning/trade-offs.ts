import type { QuestionDraft } from "../../domain/specialist/results.ts";
import { tradeOffQuestion } from "../../domain/specialist/trade-off.ts";
import { undecidedTradeOff } from "../../reports/plan-words.ts";
import type { RunContext } from "../context.ts";
import { ask, block } from "../people/escalate.ts";

/**
 * Lets people decide the major trade-offs of accepted designs, each once, before anything is built on them. "again"
 * when somebody chose differently: that design's task is open, and is done again with the choice.
 */
export async function decideTradeOffs(run: RunContext): Promise<"decided" | "again" | "blocked"> {
  for (const { task, state, result } of run.view.tasks) {
    const question = state === "accepted" ? tradeOffQuestion(result) : undefined;
    const known = run.view.tradeOffs.some(({ taskId }) => taskId === task.id);
    if (question === undefined || known) continue;
    const answer = await ask(run, `trade-off ${task.id}`, { question, taskId: task.id });
    if (!answer) return block(run, undecidedTradeOff(question.text));
    const { by, option, text } = answer;
    const choice = labelOf(question, option) ?? text;
    const redesign = option !== question.recommended;
    if (redesign) run.memo(task.id).answers.push({ question: question.text, answer: choice, by });
    await run.record(`trade-off decided ${task.id}`, {
      type: "trade-off-decided",
      taskId: task.id,
      by,
      choice,
      redesign,
    });
    if (redesign) return "again";
  }
  return "decided";
}

function labelOf(question: QuestionDraft, key: string | undefined): string | undefined {
  return question.options.find((option) => option.key === key)?.label;
}
