import type { Instruction } from "../domain/command/command.ts";
import { issueOf } from "../domain/ids.ts";
import type { DeliveryOutcome } from "../ports/stores.ts";
import type { ButtonEvent } from "./event.ts";
import type { CommandPorts } from "./handle.ts";
import { may } from "./may.ts";
import { done, ignored } from "./outcome.ts";

/** Identifiers of the check run's buttons and the commands they stand for. */
const BUTTONS: Readonly<Record<string, Instruction>> = {
  retry: { kind: "retry" },
  cancel: { kind: "cancel" },
};

/** From a pressed button to an outcome: the same permission, the same command as in a comment. */
export async function handleButton(
  ports: Pick<CommandPorts, "github" | "control" | "servesOwner">,
  event: ButtonEvent,
): Promise<DeliveryOutcome> {
  const { repo, runId, button, deliveryId } = event;
  const command = BUTTONS[button];
  if (command === undefined) return ignored(`no button is named ${button}`);
  if (!ports.servesOwner(repo.owner)) return ignored("not served");
  const act = { as: command.kind, action: `the button ${command.kind}` };
  const authorisation = await may(ports, event, act);
  if (!authorisation.allowed) return done(`refused: ${authorisation.reason}`);
  const run = await ports.control.live(repo, issueOf(runId));
  if (run?.runId !== runId) return done(`${runId} is not live`);
  const order = { repo, run, command, deliveryId };
  const outcome = await ports.control.instruct(authorisation.grant, order);
  return done(`${button} ${outcome.kind} by ${runId}`);
}
