import { fullName, type RepoRef } from "../domain/ids.ts";
import { type HandOff, handOffReplyMarker } from "../domain/triage/hand-off.ts";
import { ALONE } from "../domain/triage/orchestrators.ts";
import type { DeliveryOutcome } from "../ports/stores.ts";
import {
  halfTicked,
  offer,
  offerEnd,
  offerOver,
  readHandOff,
  readHandOffReply,
} from "../reports/hand-off.ts";
import type { Account, EditEvent } from "./event.ts";
import type { CommandPorts } from "./handle.ts";
import { may } from "./may.ts";
import { done, ignored, told } from "./outcome.ts";
import { refuseUnmarked } from "./refuse.ts";
import { ACTIONS } from "./replies.ts";
import { say } from "./reply.ts";

/** A comment that was written or edited, as far as hand-offs are read from it. */
export interface SaidEvent {
  readonly deliveryId: string;
  readonly repo: RepoRef;
  readonly archived: boolean;
  readonly sender: Account;
  readonly issue: number;
  readonly body: string;
  readonly author?: Account | undefined;
  readonly appId: number | undefined;
  /** It was said before and changed now: nothing new is offered. */
  readonly edited?: true;
}

/** The orchestrator that wrote this itself: by the exact id of its app, and only where nobody else touched it. */
export function otherOrchestrator(
  { orchestrators = ALONE }: Pick<CommandPorts, "orchestrators">,
  { appId, author, sender }: Pick<SaidEvent, "appId" | "author" | "sender">,
): string | undefined {
  if (appId === undefined || author?.id !== sender.id || sender.type !== "Bot") return undefined;
  return orchestrators.others.get(appId);
}

/**
 * What another orchestrator says. Nothing of it is a command: a reply tells a run of ours how far its other half is; a
 * record for us is offered to people, who may start a run with it; a record that we work on tells how far its giver is.
 */
export async function handleOther(
  ports: CommandPorts,
  event: SaidEvent,
  name: string,
): Promise<DeliveryOutcome> {
  const { repo, issue, deliveryId, sender, body } = event;
  if (event.archived || !ports.servesOwner(repo.owner)) return ignored("not served");
  const at = { repo, issue, deliveryId, by: sender.login } as const;
  const reply = readHandOffReply(body);
  if (reply && reply.from === name) {
    const { run, state, url } = reply;
    const more = url === undefined ? {} : { url };
    return told(
      await ports.control.happened({ ...at, kind: "half", run, to: name, state, ...more }),
    );
  }
  const record = recordIn(ports, { body, repo, issue }, name);
  if (record === undefined) return ignored(`nothing of ${name} is for this installation`);
  const { run, state = "accepted" } = record;
  const words = await ports.control.happened({ ...at, kind: "giver", run, from: name, state });
  if (words !== undefined) return told(words);
  if (event.edited) return await renewOffer(ports, event, record);
  return await makeOffer(ports, { repo, issue }, record);
}

/** The issue got the label of what is handed to us: the record is looked for and offered, if it is still to be taken. */
export async function handleLabel(
  ports: CommandPorts,
  event: { readonly repo: RepoRef; readonly issue: number; readonly archived: boolean },
): Promise<DeliveryOutcome> {
  const { repo, issue } = event;
  if (event.archived || !ports.servesOwner(repo.owner)) return ignored("not served");
  const record = await latestRecord(ports, { repo, issue });
  if (record === undefined) return ignored("nobody handed anything over");
  if (await ports.control.tookUp(repo, issue, record.run)) return ignored("it is taken up");
  return await makeOffer(ports, { repo, issue }, record);
}

/** The latest record on an issue that another orchestrator's app wrote for this installation. */
export async function latestRecord(
  ports: Pick<CommandPorts, "github" | "orchestrators">,
  at: { readonly repo: RepoRef; readonly issue: number },
): Promise<HandOff | undefined> {
  const { orchestrators = ALONE } = ports;
  const { others } = orchestrators;
  if (others.size === 0) return undefined;
  const written = await ports.github.commentsByApps(at.repo, {
    number: at.issue,
    apps: [...others.keys()],
  });
  return written
    .flatMap(({ appId, body }) => recordIn(ports, { ...at, body }, others.get(appId) ?? "") ?? [])
    .at(-1);
}

/** The record in a comment if it is from `name`, for this installation and about this very issue. */
function recordIn(
  { orchestrators = ALONE }: Pick<CommandPorts, "orchestrators">,
  at: { readonly body: string; readonly repo: RepoRef; readonly issue: number },
  name: string,
): HandOff | undefined {
  const record = readHandOff(at.body);
  const ours =
    record?.to === orchestrators.name &&
    record.from === name &&
    record.repository === fullName(at.repo) &&
    record.issue === at.issue;
  return ours ? record : undefined;
}

async function makeOffer(
  ports: CommandPorts,
  at: { readonly repo: RepoRef; readonly issue: number },
  record: HandOff,
): Promise<DeliveryOutcome> {
  const { name } = ports.orchestrators ?? ALONE;
  const marker = handOffReplyMarker(record.run, name);
  await say(ports, at, { marker, body: offer(record, name) });
  return done(`offered to take up the hand-off of ${record.run}`);
}

/** The record changed: an offer of ours that nobody took up says what is true now. Without one nothing is said. */
async function renewOffer(
  ports: CommandPorts,
  { repo, issue, body }: SaidEvent,
  record: HandOff,
): Promise<DeliveryOutcome> {
  const { name } = ports.orchestrators ?? ALONE;
  const own = await ports.github.commentsByApps(repo, { number: issue, apps: [ports.appId] });
  const offered = own
    .map((comment) => readHandOffReply(comment.body))
    .findLast((reply) => reply?.run === record.run && reply.from === name);
  const end = offerEnd(body, record);
  if (offered === undefined || offered.state === (end ?? "open")) return told(undefined);
  if (await ports.control.tookUp(repo, issue, record.run)) return ignored("it is taken up");
  if (end === undefined) return await makeOffer(ports, { repo, issue }, record);
  const marker = handOffReplyMarker(record.run, name);
  await say(ports, { repo, issue }, { marker, body: offerOver(record, name, end) });
  return done(`nothing is left of the hand-off of ${record.run}`);
}

/** A person ticked the box of a record that we handed out: its half is done. Undefined when the edit is none of that. */
export async function handleHalfTick(
  ports: CommandPorts,
  event: EditEvent,
): Promise<DeliveryOutcome | undefined> {
  const { repo, issue, deliveryId, comment } = event;
  const record = halfTicked(comment.body) ? readHandOff(comment.body) : undefined;
  if (record === undefined || record.issue !== issue) return undefined;
  const authorisation = await may(ports, event, { as: "answer", action: ACTIONS.half });
  if (!authorisation.allowed) return await refuseUnmarked(ports, event, authorisation.reason);
  const { run, to } = record;
  const words = await ports.control.halfDone(authorisation.grant, {
    repo,
    issue,
    deliveryId,
    run,
    to,
  });
  return told(words);
}
