import { answerIn } from "../../domain/command/answer-text.ts";
import type { Grant } from "../../domain/command/permission.ts";
import { approvesInOtherWords } from "../../domain/command/plain-approval.ts";
import type { RunId } from "../../domain/ids.ts";
import { commandOf } from "../../domain/triage/orchestrators.ts";
import type { AskedRun, LiveRun, OrderOutcome, RunOrder } from "../../ports/control.ts";
import { hintNote } from "../../reports/notes.ts";
import {
  answeredBefore,
  answerTaken,
  noPlanWaits,
  notPlainlyApproved,
  unclearAnswer,
  whichQuestion,
} from "../../reports/order-replies.ts";
import { asksForApproval } from "../../reports/plan-words.ts";
import { mayAnswerWords, questionComment } from "../../reports/replies.ts";
import { ANSWERS, type AnswerMessage } from "../people/escalate.ts";
import type { ControlPorts } from "./control.ts";

type Ports = Pick<ControlPorts, "engine" | "questions" | "ledger" | "orchestrator">;

/** Takes an answer to the question that it names, or to the only one that is open. */
export async function answerQuestion(
  ports: Ports,
  grant: Grant,
  order: RunOrder,
): Promise<OrderOutcome> {
  const { command } = order;
  if (command.kind !== "answer") throw new Error(`${command.kind} is no answer.`);
  const open = await ports.questions.open(order.run.runId);
  const wanted = command.question ?? (open.length === 1 ? open[0]?.number : undefined);
  const question = open.find((candidate) => candidate.number === wanted);
  if (!question)
    return { kind: "refused", said: whichQuestion(open.map((candidate) => candidate.number)) };
  const { number } = question;
  const answer = answerIn(command.words ?? command.text, question.question);
  if (answer === undefined) {
    const words = approvesInOtherWords(command.words ?? command.text, question.question)
      ? notPlainlyApproved
      : unclearAnswer;
    return { kind: "refused", said: words(number, question.question) };
  }
  return send(ports, grant, { runId: order.run.runId, answer: { number, ...answer } });
}

/** Approves or rejects the plan that waits for it. */
export async function decidePlan(
  ports: Ports,
  grant: Grant,
  decision: { order: RunOrder; option: "a" | "b"; text: string },
): Promise<OrderOutcome> {
  const { order, option, text } = decision;
  const { runId } = order.run;
  const open = await ports.questions.open(runId);
  const question = open.find((one) => asksForApproval(one.question));
  if (!question) return { kind: "refused", said: noPlanWaits() };
  return send(ports, grant, { runId, answer: { number: question.number, option, text } });
}

/** The open questions of a run with their comments as we rendered them; undefined when there are none. */
export async function openQuestionsOf(
  ports: Ports,
  runId: RunId,
  run: LiveRun,
): Promise<AskedRun | undefined> {
  const open = await ports.questions.open(runId);
  if (open.length === 0) return undefined;
  const mayAnswer = mayAnswerWords(run.requestedBy);
  const command = commandOf(ports.orchestrator);
  return {
    run,
    questions: open.map(({ number, question, commentId }) => ({
      number,
      question,
      rendered: questionComment(runId, { number, question, mayAnswer, command }),
      ...(commentId === undefined ? {} : { commentId }),
    })),
  };
}

/** True for the first call about this question; the ledger remembers. */
export async function takeHint(ports: Ports, runId: RunId, question: number): Promise<boolean> {
  const key = `hint/Q${question}`;
  const given = (await ports.ledger.read(runId)).some((event) => event.key === key);
  if (given) return false;
  await ports.ledger.append(runId, key, {
    type: "note",
    text: hintNote(question),
  });
  return true;
}

async function send(
  ports: Ports,
  grant: Grant,
  given: { runId: RunId; answer: Omit<AnswerMessage, "by"> },
): Promise<OrderOutcome> {
  const { runId, answer } = given;
  const body: AnswerMessage = { ...answer, by: grant.login };
  // Sent before it is marked: a crash in between repeats the command, never loses the answer.
  await ports.engine.send({
    key: runId,
    topic: ANSWERS,
    body,
    idempotencyKey: `answer/${runId}/${answer.number}`,
  });
  const first = await ports.questions.answer(runId, answer.number, {
    by: grant.login,
    text: answer.text,
  });
  return first
    ? { kind: "accepted", said: answerTaken(answer.number) }
    : { kind: "refused", said: answeredBefore(answer.number) };
}
