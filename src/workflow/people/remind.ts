import type { QuestionView } from "../../domain/run/run.ts";
import { notAnswered } from "../../reports/reasons.ts";
import {
  closedQuestion,
  questionComment,
  reminderComment,
  reminderDone,
} from "../../reports/replies.ts";
import type { RunContext } from "../context.ts";

/** The question that is waited for, and under which key its facts stand. */
export interface Waiting {
  readonly key: string;
  readonly asked: Pick<QuestionView, "number" | "question" | "mayAnswer"> & {
    readonly command?: string;
  };
}

function marker(run: RunContext, number: number): string {
  return `orchestrate:reminder:${run.input.runId}:Q${number}`;
}

/** Reminds the person who asked for the run: one comment per question, later reminders are edits of it. */
export async function remind(run: RunContext, of: Waiting, times: number): Promise<void> {
  const { request, requestedBy } = run.input;
  const { number } = of.asked;
  const known = run.view.questions.find((question) => question.number === number);
  await run.steps.step(`remind ${of.key} ${times}`, async () => {
    const body = reminderComment(requestedBy, {
      ...of.asked,
      times,
      askedAt: known?.askedAt ?? run.view.updatedAt,
      ...(known?.commentUrl === undefined ? {} : { commentUrl: known.commentUrl }),
    });
    await run.ports.github.putComment(request.repo, {
      number: request.issue,
      marker: marker(run, number),
      body,
    });
  });
  await run.record(`reminded ${of.key} ${times}`, { type: "reminded", number, times });
}

/** The reminder says that it is settled, if there was one. */
export async function settleReminder(run: RunContext, of: Waiting, by: string): Promise<void> {
  const { request } = run.input;
  const { number } = of.asked;
  const known = run.view.questions.find((question) => question.number === number);
  if (!known || known.reminders === 0) return;
  await run.steps.step(`settle reminder ${of.key}`, async () => {
    await run.ports.github.putComment(request.repo, {
      number: request.issue,
      marker: marker(run, number),
      body: reminderDone(number, by),
    });
  });
}

/**
 * Nobody answered in time: the question takes no answers any more and says so. False when an answer came at the very
 * last moment; it is on its way.
 */
export async function closeQuestion(run: RunContext, of: Waiting): Promise<boolean> {
  const { request, runId } = run.input;
  const { number } = of.asked;
  const closed = await run.steps.step(`close ${of.key}`, async () => {
    const nobody = { by: "nobody", text: notAnswered() };
    if (!(await run.ports.questions.answer(runId, number, nobody))) return false;
    const { questionDays } = run.ports.limits;
    await run.ports.github.putComment(request.repo, {
      number: request.issue,
      marker: `orchestrate:question:${runId}:Q${number}`,
      body: closedQuestion(questionComment(runId, of.asked), questionDays),
    });
    return true;
  });
  if (closed)
    await run.record(
      `closed ${of.key}`,
      { type: "question-closed", number },
      { type: "resumed", by: "host", id: `Q${number}` },
    );
  return closed;
}
