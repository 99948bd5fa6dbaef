import type { Instruction } from "../domain/command/command.ts";
import type { LiveRun } from "../ports/control.ts";
import type { DeliveryOutcome } from "../ports/stores.ts";
import type { IssueClosedEvent } from "./event.ts";
import type { CommandPorts } from "./handle.ts";
import { may } from "./may.ts";
import { done, ignored } from "./outcome.ts";
import * as replies from "./replies.ts";
import { say } from "./reply.ts";

/**
 * The issue of a run at work was closed: as not planned it cancels the run, otherwise the run pauses until somebody
 * says. One notice tells so. An issue that a merge closed says nothing new.
 */
export async function handleIssueClosed(
  ports: CommandPorts,
  event: IssueClosedEvent,
): Promise<DeliveryOutcome> {
  const { repo, sender, issue, deliveryId } = event;
  if (sender.type === "Bot") return ignored("closed by a bot");
  if (event.archived || !ports.servesOwner(repo.owner)) return ignored("not served");
  const run = await ports.control.live(repo, issue);
  if (run === undefined || run.standsBy) return ignored("no run at work");
  if (run.issue !== issue) return ignored("not the issue of a run");
  const command: Instruction = event.notPlanned ? { kind: "cancel" } : { kind: "pause" };
  await ports.onStarted?.(run.runId);
  const act = { as: command.kind, action: replies.ACTIONS.closing };
  const authorisation = await may(ports, event, act);
  if (!authorisation.allowed) return ignored(`not obeyed: ${authorisation.reason}`);
  if (await wasMerged(ports, event, run)) return ignored("its pull request is closed, too");
  const order = { repo, run, command, deliveryId };
  const outcome = await ports.control.instruct(authorisation.grant, order);
  await say(
    ports,
    { repo, issue },
    {
      marker: `orchestrate:issue-closed:${run.runId}`,
      body: replies.issueClosed(issue, command.kind),
    },
  );
  return done(`${command.kind} ${outcome.kind} by ${run.runId}`);
}

async function wasMerged(
  ports: CommandPorts,
  { repo }: IssueClosedEvent,
  { pullRequest }: LiveRun,
): Promise<boolean> {
  if (pullRequest === undefined) return false;
  return (await ports.github.pullRequest(repo, pullRequest)).state !== "open";
}
