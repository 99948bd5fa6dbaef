import type { Probot } from "probot";
import type { CommandPorts } from "../commands/handle.ts";
import { handleEdit } from "../commands/tick.ts";
import { heard } from "./heard.ts";
import type { Outcomes } from "./outcomes.ts";
import { CommentEdited, repoOf } from "./payloads.ts";

/** Edits of comments: only a tick in one of our own questions says anything. */
export function onCommentEdited(probot: Probot, ports: CommandPorts, outcomes: Outcomes): void {
  probot.on("issue_comment.edited", async ({ id, payload }) => {
    await heard(outcomes, { id, payload, shape: CommentEdited }, async (read) => {
      const { comment, issue, repository, sender } = read;
      return await handleEdit(ports, {
        deliveryId: id,
        repo: repoOf(read),
        archived: repository.archived,
        sender,
        issue: issue.number,
        comment: {
          id: comment.id,
          body: comment.body,
          author: comment.user ?? undefined,
          appId: comment.performed_via_github_app?.id,
        },
      });
    });
  });
}
