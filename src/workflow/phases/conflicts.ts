import type { Phase } from "../../domain/phase.ts";
import {
  adviceConflicts,
  adviceOf,
  conflictQuestion,
} from "../../domain/specialist/conflicting-advice.ts";
import { conflictDecided, noAnswer } from "../../reports/consulting.ts";
import type { RunContext } from "../context.ts";
import { ask, block } from "../people/escalate.ts";
import { givenUp } from "./give-up.ts";

/**
 * Recommendations of specialists that cannot both be followed go to people, each pair once; everybody who is dispatched
 * from then on is told what was decided. No specialist overrules another.
 */
export async function settleConflicts(
  run: RunContext,
  phase: Phase,
): Promise<"settled" | "blocked"> {
  for (const conflict of adviceConflicts(adviceOf(run.view))) {
    const question = conflictQuestion(conflict);
    if (run.view.questions.some((asked) => asked.question.text === question.text)) continue;
    const key = run.nextOrderKey();
    await run.record(`advice ${key}`, { type: "escalated", phase, why: question.text });
    if (await givenUp(run)) return "blocked";
    const answer = await ask(run, `advice ${key}`, { question });
    if (!answer) return block(run, noAnswer(question.text));
    const { by, text } = answer;
    run.instructions.push({ by, text: conflictDecided(conflict.place, text) });
  }
  return "settled";
}
