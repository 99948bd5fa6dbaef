import type { Command, Instruction } from "../domain/command/command.ts";
import type { Grant } from "../domain/command/permission.ts";
import type { LiveRun, OrderOutcome } from "../ports/control.ts";
import type { Reaction } from "../ports/github.ts";
import { handedRequest } from "../reports/hand-off.ts";
import type { CommentEvent } from "./event.ts";
import { latestRecord } from "./hand-off.ts";
import type { CommandPorts } from "./handle.ts";
import * as replies from "./replies.ts";

/** What a command came to: a reaction always, a sentence where a reaction does not say enough. */
export interface CarriedOut {
  readonly reaction: Reaction;
  readonly said?: string;
  readonly reason: string;
}

export interface Granted<C extends Command = Command> {
  readonly event: CommentEvent;
  readonly command: C;
  readonly grant: Grant;
}

type Ports = Pick<CommandPorts, "control" | "clean" | "onStarted" | "github" | "orchestrators">;

type Start = Extract<Command, { kind: "start" | "plan" }>;

/** Does what an authorised command asks for. Safe to repeat: everything is keyed by comment or delivery. */
export async function carryOut(ports: Ports, granted: Granted): Promise<CarriedOut> {
  const { event, command } = granted;
  switch (command.kind) {
    case "help":
      return { reaction: "+1", said: replies.help(), reason: "help was given" };
    case "status": {
      const status = await ports.control.status(event.repo, event.issue.number);
      return { reaction: "+1", said: status ?? replies.noRunYet(), reason: "status was given" };
    }
    case "start":
    case "plan":
      return await start(ports, { ...granted, command });
    default:
      return await instruct(ports, { ...granted, command });
  }
}

async function start(ports: Ports, granted: Granted<Start>): Promise<CarriedOut> {
  const { event, command, grant } = granted;
  const { issue, comment } = event;
  if (issue.state === "closed") {
    return {
      reaction: "confused",
      said: replies.closed(issue.number),
      reason: "the issue is closed",
    };
  }
  // On a run's own pull request the run is found by the pull request, not by its number as an issue.
  const own = issue.isPullRequest ? await ports.control.live(event.repo, issue.number) : undefined;
  if (own !== undefined) return await steer(ports, { granted, run: own });
  const { clean = unchanged } = ports;
  const handOff = await latestRecord(ports, { repo: event.repo, issue: issue.number });
  const started = await ports.control.start(grant, {
    repo: event.repo,
    issue: issue.number,
    issueTitle: clean(issue.title),
    issueBody: clean(handOff === undefined ? issue.body : handedRequest(handOff)),
    ...(handOff === undefined ? {} : { handOff }),
    labels: issue.labels,
    isPullRequest: issue.isPullRequest,
    defaultBranch: event.defaultBranch,
    task: clean(command.task).trim(),
    options: command.options,
    planOnly: command.kind === "plan" || command.options.planOnly === true,
    commentId: comment.id,
    commentUrl: comment.url,
    deliveryId: event.deliveryId,
  });
  if (started.kind === "started") {
    await ports.onStarted?.(started.runId);
    return { reaction: "rocket", reason: `started ${started.runId}` };
  }
  return await steer(ports, { granted, run: started.run });
}

function unchanged(text: string): string {
  return text;
}

/** A start where a run is live: its text steers that run, without text it says what is running. */
async function steer(
  ports: Ports,
  { granted, run }: { granted: Granted<Start>; run: LiveRun },
): Promise<CarriedOut> {
  const { event, command, grant } = granted;
  if (command.kind === "plan" || command.task === "") {
    return { reaction: "confused", said: replies.alreadyLive(run), reason: `${run.runId} is live` };
  }
  const outcome = await ports.control.steer(grant, {
    repo: event.repo,
    run,
    text: (ports.clean ?? unchanged)(command.task),
    commentId: event.comment.id,
    deliveryId: event.deliveryId,
  });
  const ignored = Object.keys(command.options).length > 0 ? ` ${replies.optionsIgnored()}` : "";
  const said = replies.steered(run, outcome.said) + ignored;
  return { reaction: reactionTo(outcome), said, reason: `steered ${run.runId}` };
}

async function instruct(ports: Ports, granted: Granted<Instruction>): Promise<CarriedOut> {
  const { event, command, grant } = granted;
  const run = await ports.control.live(event.repo, event.issue.number);
  if (run === undefined) {
    const reason = `no live run for ${command.kind}`;
    return { reaction: "confused", said: replies.notLive(command.kind), reason };
  }
  const outcome = await ports.control.instruct(grant, {
    repo: event.repo,
    run,
    command: cleaned(command, ports.clean ?? unchanged),
    commentId: event.comment.id,
    deliveryId: event.deliveryId,
  });
  const reason = `${command.kind} ${outcome.kind} by ${run.runId}`;
  const said = outcome.said === undefined ? {} : { said: outcome.said };
  return { reaction: reactionTo(outcome), ...said, reason };
}

function cleaned(command: Instruction, clean: (text: string) => string): Instruction {
  if (command.kind === "answer") return { ...command, text: clean(command.text) };
  if (command.kind === "reject") return { ...command, reason: clean(command.reason) };
  return command;
}

function reactionTo(outcome: OrderOutcome): Reaction {
  return outcome.kind === "accepted" ? "+1" : "confused";
}
