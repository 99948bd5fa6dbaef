import { type Command, rowOf } from "../domain/command/command.ts";
import { parseCommand } from "../domain/command/parse.ts";
import { type Authorisation, authorise, type Permission } from "../domain/command/permission.ts";
import { UserError } from "../domain/failure.ts";
import type { RunId } from "../domain/ids.ts";
import { ALONE, lineForUs, type Orchestrators } from "../domain/triage/orchestrators.ts";
import type { RunControl } from "../ports/control.ts";
import type { GitHub } from "../ports/github.ts";
import type { DeliveryOutcome, Logger } from "../ports/stores.ts";
import { handleReply } from "./answer.ts";
import { carryOut } from "./carry-out.ts";
import type { CommentEvent } from "./event.ts";
import { handleOther, otherOrchestrator, type SaidEvent } from "./hand-off.ts";
import { done, ignored } from "./outcome.ts";
import { type Found, findCommand } from "./parse.ts";
import type { Quota } from "./quota.ts";
import { refuse } from "./refuse.ts";
import * as replies from "./replies.ts";
import { react, reply, whisper } from "./reply.ts";

export interface CommandPorts {
  readonly github: Pick<
    GitHub,
    "permissionOf" | "react" | "putComment" | "pullRequest" | "commentsByApps"
  >;
  readonly control: RunControl;
  readonly log: Logger;
  /** Our own app's id: its comments are never commands. */
  readonly appId: number;
  /** Who this installation is, and which apps' word about hand-offs counts; alone unless told. */
  readonly orchestrators?: Orchestrators;
  /** Whether the operator's allow-list has this owner. */
  readonly servesOwner: (login: string) => boolean;
  readonly quota: Quota;
  /** Takes out of a text what a reader of the page would not see, before it is kept for a prompt. */
  readonly clean?: (text: string) => string;
  /** Told which run a delivery is about, so that its requests count for that run. */
  readonly onStarted?: (runId: RunId) => Promise<void>;
}

/** From a new comment to an outcome. Every accepted comment gets a visible answer; safe to repeat. */
export async function handleComment(
  ports: CommandPorts,
  event: CommentEvent,
): Promise<DeliveryOutcome> {
  const said = saidBy(event);
  const other = otherOrchestrator(ports, said);
  if (other !== undefined) return await handleOther(ports, said, other);
  const why = notForUs(ports, event);
  if (why !== undefined) return ignored(why);
  const found = findCommand(event.comment.body);
  const { orchestrators = ALONE } = ports;
  const forUs = found && addressed(found, orchestrators);
  if (found !== undefined && forUs === undefined) return ignored("for another orchestrator");
  if (forUs === undefined) return await handleReply(ports, event);
  const { owner } = event.repo;
  if (!ports.servesOwner(owner)) {
    await whisper(ports, event, { topic: "not-served", body: replies.notServed(owner) });
    return ignored(`owner ${owner} is not served`);
  }
  const { login } = event.sender;
  if (!ports.quota.take(`${event.repo.id}/${login}`)) {
    await whisper(ports, event, { topic: `slow:${login}`, body: replies.tooMany(login) });
    return ignored(`too many commands by ${login}`);
  }
  return await obey(ports, event, forUs);
}

function saidBy({ deliveryId, repo, archived, sender, comment, issue }: CommentEvent): SaidEvent {
  const { body, author, appId } = comment;
  return { deliveryId, repo, archived, sender, issue: issue.number, body, author, appId };
}

/** The command without its address; undefined when it is addressed to another installation. */
function addressed(found: Found, orchestrators: Orchestrators): Found | undefined {
  const line = lineForUs(found.invocation.line, orchestrators);
  return line === undefined ? undefined : { ...found, invocation: { ...found.invocation, line } };
}

/** Who is not listened to, whatever they write. */
function notForUs(ports: CommandPorts, event: CommentEvent): string | undefined {
  const { author, appId } = event.comment;
  if (appId === ports.appId) return "written by this app";
  if (author === undefined) return "its author is gone";
  if (author.id !== event.sender.id) return "the sender is not the author";
  if (author.type === "Bot" || event.sender.type === "Bot") return "written by a bot";
  if (event.archived) return "the repository is archived";
  return undefined;
}

async function obey(
  ports: CommandPorts,
  event: CommentEvent,
  found: Found,
): Promise<DeliveryOutcome> {
  const parsed = parse(found);
  const [permission] = await Promise.all([
    ports.github.permissionOf(event.repo, event.sender.login),
    react(ports, event, "eyes"),
  ]);
  const authorisation = authoriseCommand(event, parsed, permission);
  if (!authorisation.allowed) return await refuse(ports, event, authorisation.reason);
  const more = found.more === 0 ? undefined : replies.moreCommands(found.more);
  if (parsed instanceof UserError) {
    await reply(ports, event, [parsed.message, more]);
    await react(ports, event, "confused");
    return done("not understood; help was given");
  }
  const outcome = await carryOut(ports, { event, command: parsed, grant: authorisation.grant });
  if (outcome.said !== undefined || more !== undefined)
    await reply(ports, event, [outcome.said, more]);
  await react(ports, event, outcome.reaction);
  return done(outcome.reason);
}

function parse(found: Found): Command | UserError {
  try {
    return parseCommand(found.invocation);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** What cannot be understood needs the permission of a start: strangers get no help texts. */
function authoriseCommand(
  event: CommentEvent,
  parsed: Command | UserError,
  permission: Permission,
): Authorisation {
  const row = rowOf(parsed instanceof UserError ? "start" : parsed.kind);
  const name = row.kind === "start" ? "/orchestrate" : `/orchestrate ${row.kind}`;
  return authorise({
    login: event.sender.login,
    permission,
    required: row.required,
    action: `\`${name}\``,
  });
}
