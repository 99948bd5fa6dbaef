import type { Judgement } from "../../domain/specialist/acceptance.ts";
import type { QuestionDraft } from "../../domain/specialist/results.ts";
import type { RunContext } from "../context.ts";
import { ask, block } from "../people/escalate.ts";
import type { Returned } from "./settle.ts";

/** A specialist's question to people: the answer goes into the brief of the next attempt at the same task. */
export async function askFor(
  run: RunContext,
  returned: Returned,
  question: QuestionDraft,
): Promise<"settled" | "blocked"> {
  const { view, output } = returned;
  const answer = await ask(run, output.dispatchId, { question, taskId: view.task.id });
  if (!answer)
    return block(run, {
      issue: `nobody answered: ${question.text}`,
      attempted: ["asked and waited"],
      recommend: "user",
      capability: "an answer",
    });
  run
    .memo(view.task.id)
    .answers.push({ question: question.text, answer: answer.text, by: answer.by });
  return "settled";
}

/** A specialist that could not go on. */
export async function escalate(
  run: RunContext,
  returned: Returned,
  judgement: Judgement & { kind: "escalate" },
): Promise<"settled" | "blocked"> {
  const result = judgement.result as {
    questions?: QuestionDraft[];
    blocked?: { issue: string; attempted: string[]; recommend: string; reason: string };
  };
  const [question] = result.questions ?? [];
  if (question) return askFor(run, returned, question);
  const { blocked } = result;
  return block(run, {
    issue: blocked?.issue ?? judgement.problems.join("; "),
    attempted: blocked?.attempted ?? [
      `dispatched ${returned.view.task.specialist} for ${returned.view.task.id}`,
    ],
    recommend: "user",
    capability: blocked?.recommend ?? "what is missing",
  });
}
