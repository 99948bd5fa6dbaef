import type { Phase } from "../../domain/phase.ts";
import type { PlannedTask } from "../../domain/plan/plan.ts";
import type { Judgement } from "../../domain/specialist/acceptance.ts";
import {
  attemptedFor,
  type Blockage,
  isTarget,
  routeBlocked,
  triedBy,
} from "../../domain/specialist/blocked-routing.ts";
import type { QuestionDraft } from "../../domain/specialist/results.ts";
import { helpWith, missingRequirement } from "../../reports/consulting.ts";
import { whatIsNeeded } from "../../reports/reasons.ts";
import type { RunContext } from "../context.ts";
import { ask, block } from "../people/escalate.ts";
import { answerFor } from "./clarify.ts";
import { consult, rosterNames } from "./consult.ts";
import { givenUp } from "./give-up.ts";
import type { Returned } from "./settle.ts";

/** A task whose attempt stopped, and the key of that attempt. */
interface Stopped {
  readonly task: PlannedTask;
  readonly phase: Phase;
  readonly key: string;
}

/**
 * A specialist's question: who can answer it does, people last, and the answer goes into the brief of the next attempt
 * at the same task.
 */
export function askFor(
  run: RunContext,
  returned: Pick<Returned, "phase" | "view" | "output">,
  question: QuestionDraft,
): Promise<"settled" | "blocked"> {
  const { phase, view, output } = returned;
  return answerFor(run, { task: view.task, phase, key: output.dispatchId }, question);
}

/**
 * A specialist that could not go on: its question is answered, what blocks it goes to the specialist who can help, and
 * the same task is dispatched again with the answer. People are asked where no specialist can help.
 */
export async function escalate(
  run: RunContext,
  returned: Pick<Returned, "phase" | "view" | "output">,
  judgement: Judgement & { kind: "escalate" },
): Promise<"settled" | "blocked"> {
  const { phase, view, output } = returned;
  const stopped = { task: view.task, phase, key: output.dispatchId };
  const { questions = [], blocked } = judgement.result as {
    questions?: QuestionDraft[];
    blocked?: Blockage;
  };
  if (blocked && (await helped(run, stopped, blocked))) return "settled";
  const [question] = questions;
  if (question) return answerFor(run, stopped, question);
  if (blocked?.reason === "requirements" && (await filledIn(run, stopped, blocked)))
    return "settled";
  const why = blocked?.issue ?? judgement.problems.join("; ");
  await run.record(`escalate ${output.dispatchId}`, {
    type: "escalated",
    phase,
    taskId: view.task.id,
    why,
  });
  if (await givenUp(run)) return "blocked";
  const recommend = blocked?.recommend ?? "";
  const named = isTarget(recommend);
  return block(run, {
    issue: why,
    attempted: [...triedBy(blocked), ...attemptedFor(run.view, view.task.id)],
    recommend: named ? recommend : "user",
    capability: named || recommend === "" ? whatIsNeeded(view.task.id) : recommend,
  });
}

/** Routes a blockage to the specialist who can lift it; true when its answer is in the next brief. */
async function helped(run: RunContext, stopped: Stopped, blocked: Blockage): Promise<boolean> {
  const { task, phase, key } = stopped;
  const roster = await rosterNames(run, `to help ${key}`);
  const route = routeBlocked(blocked, { task, roster, view: run.view });
  if (route.kind === "user") return false;
  const { specialist } = route.task;
  await run.record(`routed ${key}`, {
    type: "routed",
    taskId: task.id,
    reason: blocked.reason,
    to: specialist,
  });
  const answer = await consult(run, { phase, task: route.task, because: helpWith(task) });
  if (answer === undefined) return false;
  run.memo(task.id).answers.push({ question: blocked.issue, answer, by: specialist });
  return true;
}

/**
 * What the request leaves open is for people, by a question that names it; true when their answer is in the next brief.
 * The orchestrator's own planning asks in the same way.
 */
export async function filledIn(
  run: RunContext,
  stopped: { readonly task: PlannedTask; readonly key: string },
  blocked: Pick<Blockage, "issue" | "recommend">,
): Promise<boolean> {
  const { task, key } = stopped;
  const { issue, recommend } = blocked;
  const question = missingRequirement({
    specialist: task.specialist,
    title: task.title,
    issue,
    ...(isTarget(recommend) ? {} : { advice: recommend }),
  });
  const planned = run.view.tasks.some((one) => one.task.id === task.id);
  const asked = { question, ...(planned ? { taskId: task.id } : {}) };
  const answer = await ask(run, `missing ${key}`, asked);
  const stop = question.options.at(-1)?.key;
  if (!answer || answer.option === stop) return false;
  const { text, by } = answer;
  run.memo(task.id).answers.push({ question: question.text, answer: text, by });
  return true;
}
