import type { Probot } from "probot";
import type { CommandPorts } from "../commands/handle.ts";
import { told } from "../commands/outcome.ts";
import { heard } from "./heard.ts";
import type { Outcomes } from "./outcomes.ts";
import { PullRequestEvent, repoOf } from "./payloads.ts";

/** A pull request that was merged or closed, and commits that somebody pushed to its branch. */
export function onPullRequest(probot: Probot, ports: CommandPorts, outcomes: Outcomes): void {
  probot.on("pull_request.closed", async ({ id, payload }) => {
    await heard(outcomes, { id, payload, shape: PullRequestEvent }, async (read) => {
      const { number: pullRequest, merged } = read.pull_request;
      const at = { repo: repoOf(read), deliveryId: id, by: read.sender.login };
      return told(
        await ports.control.happened({
          ...at,
          kind: "closed",
          pullRequest,
          merged: merged === true,
        }),
      );
    });
  });
  probot.on("pull_request.synchronize", async ({ id, payload }) => {
    await heard(outcomes, { id, payload, shape: PullRequestEvent }, async (read) => {
      const { number: pullRequest, head } = read.pull_request;
      const at = { repo: repoOf(read), deliveryId: id, by: read.sender.login };
      return told(
        await ports.control.happened({ ...at, kind: "pushed", pullRequest, sha: head.sha }),
      );
    });
  });
}
