import type { Probot } from "probot";
import type { CommandPorts } from "../commands/handle.ts";
import { ignored, told } from "../commands/outcome.ts";
import { heard } from "./heard.ts";
import type { Outcomes } from "./outcomes.ts";
import { CheckSuiteEvent, repoOf } from "./payloads.ts";

/** All check runs of one app on a commit have ended. */
export function onCheckSuite(probot: Probot, ports: CommandPorts, outcomes: Outcomes): void {
  probot.on("check_suite.completed", async ({ id, payload }) => {
    await heard(outcomes, { id, payload, shape: CheckSuiteEvent }, async (read) => {
      const { head_sha: sha, head_branch: branch, app } = read.check_suite;
      if (app?.id === ports.appId) return ignored("our own check suite");
      if (!branch) return ignored("on no branch");
      const at = { repo: repoOf(read), deliveryId: id, by: read.sender.login };
      return told(await ports.control.happened({ ...at, kind: "checks", branch, sha }));
    });
  });
}
