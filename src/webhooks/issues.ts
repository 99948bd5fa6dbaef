import type { Probot } from "probot";
import type { CommandPorts } from "../commands/handle.ts";
import { handleIssueClosed } from "../commands/issue-closed.ts";
import { heard } from "./heard.ts";
import type { Outcomes } from "./outcomes.ts";
import { IssueClosed, repoOf } from "./payloads.ts";

/** Issues that are closed while a run works on them. */
export function onIssues(probot: Probot, ports: CommandPorts, outcomes: Outcomes): void {
  probot.on("issues.closed", async ({ id, payload }) => {
    await heard(outcomes, { id, payload, shape: IssueClosed }, async (read) => {
      const { issue, repository, sender } = read;
      return await handleIssueClosed(ports, {
        deliveryId: id,
        repo: repoOf(read),
        archived: repository.archived,
        sender,
        issue: issue.number,
        notPlanned: issue.state_reason === "not_planned" || issue.state_reason === "duplicate",
      });
    });
  });
}
