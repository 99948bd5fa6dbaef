import { fullName } from "../domain/ids.ts";
import type { DeliveryOutcome } from "../ports/stores.ts";
import type { CommentEvent } from "./event.ts";
import type { CommandPorts } from "./handle.ts";
import * as replies from "./replies.ts";
import { react, whisper } from "./reply.ts";

/** Politely, once per person and issue; each refused comment is marked. */
export async function refuse(
  ports: Pick<CommandPorts, "github" | "log">,
  event: CommentEvent,
  reason: string,
): Promise<DeliveryOutcome> {
  const { login } = event.sender;
  await whisper(ports, event, { topic: `refused:${login}`, body: replies.refused(login, reason) });
  await react(ports, event, "-1");
  ports.log.info(
    { repository: fullName(event.repo), issue: event.issue.number, login, reason },
    "A command was refused",
  );
  return { state: "done", reason: `refused: ${reason}` };
}
