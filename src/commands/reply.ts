import { WorldError } from "../domain/failure.ts";
import type { RepoRef } from "../domain/ids.ts";
import type { Reaction } from "../ports/github.ts";
import type { CommentEvent } from "./event.ts";
import type { CommandPorts } from "./handle.ts";

type Speaking = Pick<CommandPorts, "github" | "log">;

/** Answers the command in one comment of its own; the same command repeated finds its answer again. */
export async function reply(
  ports: Speaking,
  event: CommentEvent,
  parts: readonly (string | undefined)[],
): Promise<void> {
  const body = parts.filter((part) => part !== undefined).join("\n\n");
  const marker = `orchestrate:reply:${event.comment.id}`;
  await say(ports, placeOf(event), { marker, body });
}

/** Says something once per issue and topic, however often there is cause to. */
export async function whisper(
  ports: Speaking,
  event: CommentEvent,
  said: { topic: string; body: string },
): Promise<void> {
  const marker = `orchestrate:${said.topic.toLowerCase()}`;
  await say(ports, placeOf(event), { marker, body: said.body });
}

function placeOf(event: CommentEvent): { repo: RepoRef; issue: number } {
  return { repo: event.repo, issue: event.issue.number };
}

/** Writes once per marker. A place where we may not write (locked, archived, gone) is no reason to fail. */
export async function say(
  ports: Speaking,
  place: { readonly repo: RepoRef; readonly issue: number },
  comment: { marker: string; body: string },
): Promise<void> {
  try {
    await ports.github.putComment(place.repo, { number: place.issue, ...comment });
  } catch (error) {
    if (!(error instanceof WorldError) || error.failureClass === "retry") throw error;
    ports.log.warn({ err: error, issue: place.issue }, "A reply could not be written");
  }
}

/** Marks the person's comment. Decoration: its failure changes nothing. */
export async function react(
  ports: Speaking,
  event: CommentEvent,
  reaction: Reaction,
): Promise<void> {
  try {
    await ports.github.react(event.repo, event.comment.id, reaction);
  } catch (error) {
    ports.log.warn({ err: error, comment: event.comment.id }, "A reaction could not be added");
  }
}
