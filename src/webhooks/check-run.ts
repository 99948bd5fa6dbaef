import type { Probot } from "probot";
import { handleButton } from "../commands/button.ts";
import type { CommandPorts } from "../commands/handle.ts";
import { RunId } from "../domain/ids.ts";
import type { Outcomes } from "./outcomes.ts";
import { ButtonPressed, problemOf, repoOf } from "./payloads.ts";

/** Buttons of our own check run. */
export function onCheckRun(probot: Probot, ports: CommandPorts, outcomes: Outcomes): void {
  probot.on("check_run.requested_action", async ({ id, payload }) => {
    const read = ButtonPressed.safeParse(payload);
    if (!read.success) {
      outcomes.say(id, { state: "ignored", reason: problemOf(read.error) });
      return;
    }
    const { check_run: check, requested_action: pressed, sender } = read.data;
    const runId = RunId.safeParse(check.external_id);
    if (check.app?.id !== ports.appId || !runId.success) {
      outcomes.say(id, { state: "ignored", reason: "not a check run of this app" });
      return;
    }
    const repo = repoOf(read.data);
    const button = { deliveryId: id, repo, sender, runId: runId.data, button: pressed.identifier };
    outcomes.say(id, await handleButton(ports, button));
  });
}
