import type { TaskId } from "../../domain/ids.ts";
import { stretches } from "../../domain/reminders.ts";
import type { QuestionDraft } from "../../domain/specialist/results.ts";
import { commandOf } from "../../domain/triage/orchestrators.ts";
import {
  answeredQuestion,
  blockedSentence,
  mayAnswerWords,
  questionComment,
} from "../../reports/replies.ts";
import { answerAwaited } from "../../reports/waits.ts";
import type { RunContext } from "../context.ts";
import { closeQuestion, remind, settleReminder, type Waiting } from "./remind.ts";

/** What `waitFor` delivers on the topic of answers. */
export interface AnswerMessage {
  readonly number: number;
  readonly by: string;
  readonly text: string;
  readonly option?: string;
}

export const ANSWERS = "answers";

/** An answer is sent before it is marked, so one that was marked is here within this time. */
const LAST_MOMENT_MS = 60_000;

/** Ends the run as blocked: says what is wrong, what was tried, and what is recommended, in one comment. */
export async function block(
  run: RunContext,
  why: { issue: string; attempted: readonly string[]; recommend: string; capability: string },
): Promise<"blocked"> {
  const attempted = why.attempted.length > 0 ? [...why.attempted] : ["nothing yet"];
  const time = run.nextOrderKey();
  await run.steps.step(`say blocked ${time}`, async () => {
    const { request, runId } = run.input;
    const body = `<!-- orchestrate:blocked:${runId} -->\n${blockedSentence({ ...why, attempted })}`;
    await run.ports.github.putComment(request.repo, {
      number: request.issue,
      marker: `orchestrate:blocked:${runId}`,
      body,
    });
  });
  await run.record(`blocked ${time}`, { type: "blocked", ...why, attempted });
  return "blocked";
}

/** Puts `said` in place of what blocked the run. */
export async function unblock(run: RunContext, said: string): Promise<void> {
  const { request, runId } = run.input;
  const marker = `orchestrate:blocked:${runId}`;
  await run.steps.step(`say unblocked ${run.nextOrderKey()}`, () =>
    run.ports.github.putComment(request.repo, { number: request.issue, marker, body: said }),
  );
}

/**
 * Asks people one numbered question on the issue and waits for the answer, over any restart. Undefined when nobody
 * answered within the limit: silence decides nothing.
 */
export async function ask(
  run: RunContext,
  key: string,
  asked: { question: QuestionDraft; taskId?: TaskId },
): Promise<AnswerMessage | undefined> {
  const number = await post(run, key, asked);
  const mayAnswer = mayAnswerWords(run.input.requestedBy);
  const command = commandOf(run.input.orchestrator);
  const waiting: Waiting = { key, asked: { number, question: asked.question, mayAnswer, command } };
  await run.record(`waiting ${key}`, {
    type: "waiting",
    wait: { for: "person", detail: answerAwaited(number) },
    id: `Q${number}`,
  });
  await run.steps.step(`show waiting ${key}`, () => run.ports.status.flush(run.input.runId));
  const answer = await awaitAnswer(run, waiting);
  if (!answer) return undefined;
  await showAnswer(run, waiting, answer);
  await settleReminder(run, waiting, answer.by);
  await run.record(
    `answered ${key}`,
    {
      type: "question-answered",
      number,
      by: answer.by,
      answer: answer.text,
      ...(answer.option === undefined ? {} : { option: answer.option }),
    },
    { type: "resumed", by: answer.by, id: `Q${number}` },
  );
  return answer;
}

async function post(
  run: RunContext,
  key: string,
  asked: { question: QuestionDraft; taskId?: TaskId },
): Promise<number> {
  const { request, runId, requestedBy } = run.input;
  const { github, questions, ledger } = run.ports;
  const mayAnswer = mayAnswerWords(requestedBy);
  const posted = await run.steps.step(`ask ${key}`, async () => {
    const open = await questions.ask(runId, key, asked.question);
    const marker = `orchestrate:question:${runId}:Q${open.number}`;
    const body = questionComment(runId, {
      number: open.number,
      question: asked.question,
      mayAnswer,
      command: commandOf(run.input.orchestrator),
    });
    const comment = await github.putComment(request.repo, { number: request.issue, marker, body });
    await questions.setComment(runId, open.number, comment.id);
    const event = await ledger.append(runId, `question/${key}`, {
      type: "question-asked",
      number: open.number,
      question: asked.question,
      mayAnswer,
      commentUrl: comment.url,
      ...(asked.taskId === undefined ? {} : { taskId: asked.taskId }),
    });
    return { number: open.number, events: [event] };
  });
  run.adopt(posted.events);
  return posted.number;
}

/** The question's own comment says that it is answered, how and by whom. */
async function showAnswer(run: RunContext, of: Waiting, answer: AnswerMessage): Promise<void> {
  const { request, runId } = run.input;
  const marker = `orchestrate:question:${runId}:Q${of.asked.number}`;
  await run.steps.step(`show the answer ${of.key}`, async () => {
    const body = answeredQuestion(questionComment(runId, of.asked), answer);
    await run.ports.github.putComment(request.repo, { number: request.issue, marker, body });
  });
}

/** Waits for the answer with reminders on the way; silence closes the question and decides nothing. */
async function awaitAnswer(run: RunContext, of: Waiting): Promise<AnswerMessage | undefined> {
  const { number } = of.asked;
  for (const { ms, reminder } of stretches(run.ports.limits)) {
    const answer = await nextAnswer(run, number, ms);
    if (answer) return answer;
    if (reminder > 0) await remind(run, of, reminder);
  }
  if (await closeQuestion(run, of)) return undefined;
  return nextAnswer(run, number, LAST_MOMENT_MS);
}

/** Answers to other questions that are still in the box do not count for this one. */
async function nextAnswer(
  run: RunContext,
  number: number,
  timeoutMs: number,
): Promise<AnswerMessage | undefined> {
  for (;;) {
    const answer = await run.steps.waitFor<AnswerMessage>(ANSWERS, { timeoutMs });
    if (!answer || answer.number === number) return answer;
  }
}
