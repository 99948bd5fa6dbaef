import { fullName, type RepoRef } from "../domain/ids.ts";
import type { DeliveryOutcome } from "../ports/stores.ts";
import type { Account, CommentEvent } from "./event.ts";
import type { CommandPorts } from "./handle.ts";
import { done } from "./outcome.ts";
import * as replies from "./replies.ts";
import { react, say } from "./reply.ts";

type Speaking = Pick<CommandPorts, "github" | "log">;

/** Politely, once per person and issue; each refused comment is marked. */
export async function refuse(
  ports: Speaking,
  event: CommentEvent,
  reason: string,
): Promise<DeliveryOutcome> {
  const { repo, sender } = event;
  const issue = event.issue.number;
  const outcome = await refuseUnmarked(ports, { repo, sender, issue }, reason);
  await react(ports, event, "-1");
  ports.log.info(
    { repository: fullName(repo), issue, login: sender.login, reason },
    "A command was refused",
  );
  return outcome;
}

/** The same for what was done without a comment of theirs, such as a tick. */
export async function refuseUnmarked(
  ports: Speaking,
  event: { readonly repo: RepoRef; readonly issue: number; readonly sender: Account },
  reason: string,
): Promise<DeliveryOutcome> {
  const { repo, issue, sender } = event;
  const { login } = sender;
  const marker = `orchestrate:refused:${login.toLowerCase()}`;
  await say(ports, { repo, issue }, { marker, body: replies.refused(login, reason) });
  return done(`refused: ${reason}`);
}
