import { halfApproved, readAnswer, readQuotedAnswer } from "../domain/command/answer-text.ts";
import type { Grant } from "../domain/command/permission.ts";
import { ALONE, commandOf } from "../domain/triage/orchestrators.ts";
import type { AskedRun } from "../ports/control.ts";
import type { DeliveryOutcome } from "../ports/stores.ts";
import { notPlainlyApproved } from "../reports/order-replies.ts";
import { isOpenQuestion } from "../reports/replies.ts";
import type { CommentEvent } from "./event.ts";
import type { CommandPorts } from "./handle.ts";
import { may } from "./may.ts";
import { done, ignored } from "./outcome.ts";
import { refuse } from "./refuse.ts";
import * as replies from "./replies.ts";
import { react, reply } from "./reply.ts";

/**
 * A comment without a command: where a run waits for an answer it may be one. What is none is left alone, but for one
 * hint per question to somebody who may answer.
 */
export async function handleReply(
  ports: CommandPorts,
  event: CommentEvent,
): Promise<DeliveryOutcome> {
  const asked = await ports.control.openQuestions(event.repo, event.issue.number);
  if (asked === undefined) return ignored("no command");
  if (!ports.servesOwner(event.repo.owner)) return ignored("no command");
  const { clean = unchanged } = ports;
  const crowded = await othersAsk(ports, event, asked);
  const read = crowded ? readQuotedAnswer : readAnswer;
  const answer = read(clean(event.comment.body), asked.questions);
  const { login } = event.sender;
  if (!ports.quota.take(`${event.repo.id}/${login}`)) return ignored(`too many by ${login}`);
  await ports.onStarted?.(asked.run.runId);
  const authorisation = await may(ports, event, { as: "answer", action: replies.ACTIONS.answer });
  if (!authorisation.allowed) {
    if (answer === undefined) return ignored("no command");
    return await refuse(ports, event, authorisation.reason);
  }
  if (answer === undefined) return await hint(ports, event, { asked, crowded });
  return await take(ports, { event, asked, answer, grant: authorisation.grant });
}

/** Whether another orchestrator waits for an answer here, too: then the number of a question does not say whose. */
async function othersAsk(
  { github, orchestrators = ALONE }: CommandPorts,
  { repo }: CommentEvent,
  { run }: AskedRun,
): Promise<boolean> {
  const apps = [...orchestrators.others.keys()];
  if (apps.length === 0) return false;
  const written = await github.commentsByApps(repo, { number: run.issue, apps });
  return written.some(({ body }) => isOpenQuestion(body));
}

function unchanged(text: string): string {
  return text;
}

async function hint(
  ports: CommandPorts,
  event: CommentEvent,
  { asked, crowded }: { readonly asked: AskedRun; readonly crowded: boolean },
): Promise<DeliveryOutcome> {
  const { clean = unchanged, orchestrators = ALONE } = ports;
  const half = halfApproved(clean(event.comment.body), asked.questions);
  const question = half ?? asked.questions[0];
  if (question === undefined) return ignored("no command");
  if (!(await ports.control.takeHint(asked.run.runId, question.number)))
    return ignored("no answer");
  const { number, question: draft } = question;
  const plainly = half === undefined ? replies.howToAnswer : notPlainlyApproved;
  const said = crowded
    ? replies.whomToAnswer(number, draft, commandOf(orchestrators.name))
    : plainly(number, draft);
  await reply(ports, event, [said]);
  return done(`no answer to Q${question.number}; a hint was given`);
}

async function take(
  ports: CommandPorts,
  given: {
    readonly event: CommentEvent;
    readonly asked: AskedRun;
    readonly answer: NonNullable<ReturnType<typeof readAnswer>>;
    readonly grant: Grant;
  },
): Promise<DeliveryOutcome> {
  const { event, asked, answer, grant } = given;
  const { number, option, text } = answer;
  const outcome = await ports.control.instruct(grant, {
    repo: event.repo,
    run: asked.run,
    command: {
      kind: "answer",
      question: number,
      ...(option === undefined ? { text } : { text: option, words: text }),
    },
    commentId: event.comment.id,
    deliveryId: event.deliveryId,
  });
  if (outcome.said !== undefined) await reply(ports, event, [outcome.said]);
  await react(ports, event, outcome.kind === "accepted" ? "+1" : "confused");
  return done(`answer ${outcome.kind} by ${asked.run.runId}`);
}
