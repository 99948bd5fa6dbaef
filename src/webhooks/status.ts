import type { Probot } from "probot";
import type { CommandPorts } from "../commands/handle.ts";
import { ignored, told } from "../commands/outcome.ts";
import { heard } from "./heard.ts";
import type { Outcomes } from "./outcomes.ts";
import { repoOf, StatusEvent } from "./payloads.ts";

/** A commit status: the older way in which CI reports. */
export function onStatus(probot: Probot, ports: CommandPorts, outcomes: Outcomes): void {
  probot.on("status", async ({ id, payload }) => {
    await heard(outcomes, { id, payload, shape: StatusEvent }, async (read) => {
      if (read.state === "pending") return ignored("still pending");
      const at = { repo: repoOf(read), deliveryId: id, by: read.sender.login };
      for (const { name: branch } of read.branches) {
        const words = await ports.control.happened({
          ...at,
          kind: "checks",
          branch,
          sha: read.sha,
        });
        if (words !== undefined) return told(words);
      }
      return told(undefined);
    });
  });
}
