import type { DeliveryOutcome } from "../ports/stores.ts";
import { readTicks } from "../reports/question-ticks.ts";
import type { EditEvent } from "./event.ts";
import { handleHalfTick, handleOther, otherOrchestrator } from "./hand-off.ts";
import type { CommandPorts } from "./handle.ts";
import { may } from "./may.ts";
import { done, ignored } from "./outcome.ts";
import { refuseUnmarked } from "./refuse.ts";
import * as replies from "./replies.ts";
import { say } from "./reply.ts";

/** A person edited one of our own comments: a box ticked in an open question is an answer, by the same rules. */
export async function handleEdit(ports: CommandPorts, event: EditEvent): Promise<DeliveryOutcome> {
  const { repo, sender, comment, issue } = event;
  const said = { ...event, ...comment, edited: true } as const;
  const other = otherOrchestrator(ports, said);
  if (other !== undefined) return await handleOther(ports, said, other);
  if (comment.appId !== ports.appId) return ignored("an edit starts nothing");
  if (sender.type === "Bot") return ignored("edited by a bot");
  if (event.archived || !ports.servesOwner(repo.owner)) return ignored("not served");
  const half = await handleHalfTick(ports, event);
  if (half !== undefined) return half;
  const asked = await ports.control.openQuestions(repo, issue);
  const question = asked?.questions.find(({ commentId }) => commentId === comment.id);
  if (asked === undefined || question === undefined) return ignored("no open question");
  const ticks = readTicks(question.rendered, comment.body);
  const name = `Q${question.number}`;
  if (ticks.kind === "none") return ignored(`no box of ${name} is ticked`);
  if (ticks.kind === "rewritten") return ignored(`${name} was rewritten, not ticked`);
  await ports.onStarted?.(asked.run.runId);
  const authorisation = await may(ports, event, { as: "answer", action: replies.ACTIONS.tick });
  if (!authorisation.allowed) return await refuseUnmarked(ports, event, authorisation.reason);
  if (ticks.kind === "several") {
    const marker = `orchestrate:ticks:${asked.run.runId}:${name}`;
    await say(ports, { repo, issue }, { marker, body: replies.severalTicks(question.number) });
    return done(`several boxes of ${name} are ticked`);
  }
  const outcome = await ports.control.instruct(authorisation.grant, {
    repo,
    run: asked.run,
    command: { kind: "answer", question: question.number, text: ticks.key },
    deliveryId: event.deliveryId,
  });
  return done(`tick ${outcome.kind} by ${asked.run.runId}`);
}
