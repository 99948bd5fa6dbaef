import type { Probot } from "probot";
import { handleLabel } from "../commands/hand-off.ts";
import type { CommandPorts } from "../commands/handle.ts";
import { handleIssueClosed } from "../commands/issue-closed.ts";
import { ignored } from "../commands/outcome.ts";
import { ALONE, ownLabel } from "../domain/triage/orchestrators.ts";
import { heard } from "./heard.ts";
import type { Outcomes } from "./outcomes.ts";
import { IssueClosed, IssueLabeled, repoOf } from "./payloads.ts";

/** Issues that are closed while a run works on them, or that get the label of a hand-off to this installation. */
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
  const label = ownLabel(ports.orchestrators ?? ALONE);
  probot.on("issues.labeled", async ({ id, payload }) => {
    await heard(outcomes, { id, payload, shape: IssueLabeled }, async (read) => {
      if (read.label.name !== label) return ignored("not the label of a hand-off to us");
      const { issue, repository } = read;
      const at = { repo: repoOf(read), issue: issue.number, archived: repository.archived };
      return await handleLabel(ports, at);
    });
  });
}
