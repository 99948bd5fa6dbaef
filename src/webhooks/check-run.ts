import type { Probot } from "probot";
import { handleButton } from "../commands/button.ts";
import type { CommandPorts } from "../commands/handle.ts";
import { ignored, told } from "../commands/outcome.ts";
import { RunId } from "../domain/ids.ts";
import { heard } from "./heard.ts";
import type { Outcomes } from "./outcomes.ts";
import { ButtonPressed, CheckRunEvent, repoOf } from "./payloads.ts";

/** Buttons of our own check run, and check runs of others that have ended: CI. */
export function onCheckRun(probot: Probot, ports: CommandPorts, outcomes: Outcomes): void {
  probot.on(
    ["check_run.requested_action", "check_run.rerequested"],
    async ({ id, payload }) =>
      await heard(outcomes, { id, payload, shape: ButtonPressed }, async (read) => {
        const { check_run: check, requested_action: pressed, sender } = read;
        const runId = RunId.safeParse(check.external_id);
        if (check.app?.id !== ports.appId || !runId.success)
          return ignored("not a check run of this app");
        const button = pressed?.identifier ?? "retry";
        const repo = repoOf(read);
        return await handleButton(ports, {
          deliveryId: id,
          repo,
          sender,
          runId: runId.data,
          button,
        });
      }),
  );
  probot.on("check_run.completed", async ({ id, payload }) => {
    await heard(outcomes, { id, payload, shape: CheckRunEvent }, async (read) => {
      const { head_sha: sha, app, check_suite: suite } = read.check_run;
      if (app?.id === ports.appId) return ignored("our own check run");
      if (!suite?.head_branch) return ignored("on no branch");
      const { sender } = read;
      const at = { repo: repoOf(read), deliveryId: id, by: sender.login };
      return told(
        await ports.control.happened({ ...at, kind: "checks", branch: suite.head_branch, sha }),
      );
    });
  });
}
