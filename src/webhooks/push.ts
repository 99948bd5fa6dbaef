import type { Probot } from "probot";
import type { CommandPorts } from "../commands/handle.ts";
import { ignored, told } from "../commands/outcome.ts";
import { readOwnBranch } from "../domain/branch-name.ts";
import { heard } from "./heard.ts";
import type { Outcomes } from "./outcomes.ts";
import { PushEvent, repoOf } from "./payloads.ts";

const BRANCH = /^refs\/heads\/(.+)$/;

/** Commits on a branch that runs may have as their base. Our own branches are heard of by their pull request. */
export function onPush(probot: Probot, ports: CommandPorts, outcomes: Outcomes): void {
  probot.on("push", async ({ id, payload }) => {
    await heard(outcomes, { id, payload, shape: PushEvent }, async (read) => {
      const branch = BRANCH.exec(read.ref)?.[1];
      if (branch === undefined) return ignored("no branch");
      if (read.deleted) return ignored("a branch was deleted");
      if (readOwnBranch(branch)) return ignored("a run's own branch");
      const at = { repo: repoOf(read), deliveryId: id, by: read.sender.login };
      return told(await ports.control.happened({ ...at, kind: "base", branch, sha: read.after }));
    });
  });
}
