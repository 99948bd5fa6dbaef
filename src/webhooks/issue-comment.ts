import type { Probot } from "probot";
import type { CommentEvent } from "../commands/event.ts";
import { type CommandPorts, handleComment } from "../commands/handle.ts";
import type { Outcomes } from "./outcomes.ts";
import { CommentCreated, problemOf, repoOf } from "./payloads.ts";

/** Comments on issues and pull requests: only new ones are read for commands. */
export function onIssueComment(probot: Probot, ports: CommandPorts, outcomes: Outcomes): void {
  probot.on("issue_comment.created", async ({ id, payload }) => {
    const read = CommentCreated.safeParse(payload);
    if (!read.success) {
      outcomes.say(id, { state: "ignored", reason: problemOf(read.error) });
      return;
    }
    outcomes.say(id, await handleComment(ports, commentEvent(id, read.data)));
  });
}

function commentEvent(deliveryId: string, payload: CommentCreated): CommentEvent {
  const { comment, issue, repository, sender } = payload;
  return {
    deliveryId,
    repo: repoOf(payload),
    defaultBranch: repository.default_branch,
    archived: repository.archived,
    sender,
    comment: {
      id: comment.id,
      url: comment.html_url,
      body: comment.body,
      author: comment.user ?? undefined,
      appId: comment.performed_via_github_app?.id,
    },
    issue: {
      number: issue.number,
      title: issue.title,
      body: issue.body ?? "",
      labels: issue.labels.map(({ name }) => name),
      state: issue.state,
      locked: issue.locked,
      isPullRequest: issue.pull_request !== undefined && issue.pull_request !== null,
    },
  };
}
