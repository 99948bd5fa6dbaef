import { type Instruction, rowOf } from "../domain/command/command.ts";
import { authorise } from "../domain/command/permission.ts";
import type { DeliveryOutcome } from "../ports/stores.ts";
import type { ButtonEvent } from "./event.ts";
import type { CommandPorts } from "./handle.ts";

/** Identifiers of the check run's buttons and the commands they stand for. */
const BUTTONS: Readonly<Record<string, Instruction>> = {
  retry: { kind: "retry" },
  cancel: { kind: "cancel" },
};

/** From a pressed button to an outcome: the same permission, the same command as in a comment. */
export async function handleButton(
  ports: Pick<CommandPorts, "github" | "control">,
  event: ButtonEvent,
): Promise<DeliveryOutcome> {
  const { repo, sender, runId, button, deliveryId } = event;
  const command = BUTTONS[button];
  if (command === undefined) return { state: "ignored", reason: `no button is named ${button}` };
  const permission = await ports.github.permissionOf(repo, sender.login);
  const authorisation = authorise({
    login: sender.login,
    permission,
    required: rowOf(command.kind).required,
    action: `the button ${command.kind}`,
  });
  if (!authorisation.allowed) return { state: "done", reason: `refused: ${authorisation.reason}` };
  const run = await ports.control.live(repo, issueOf(runId));
  if (run?.runId !== runId) return { state: "done", reason: `${runId} is not live` };
  const order = { repo, run, command, deliveryId };
  const outcome = await ports.control.instruct(authorisation.grant, order);
  return { state: "done", reason: `${button} ${outcome.kind} by ${runId}` };
}

/** A run's id is `<repository>-<issue>-r<n>`. */
function issueOf(runId: string): number {
  return Number(runId.split("-")[1]);
}
