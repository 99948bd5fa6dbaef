import { apiUrl, type Hub, repoPage, repoUrl } from "../context.ts";
import type {
  Comment,
  Issue,
  IssueEvent,
  Label,
  Reaction,
  ReactionSubject,
} from "../store/issue-records.ts";
import type { Repository } from "../store/records.ts";
import { appOrNull, association, userById, userOrNull } from "./accounts.ts";
import { nodeId } from "./node-id.ts";
import { repository } from "./repositories.ts";

export function labelReply(hub: Hub, label: Label): Record<string, unknown> {
  const repo = hub.store.repositories.must(label.repoId);
  return {
    id: label.id,
    node_id: nodeId("LA", label.id),
    url: `${repoUrl(hub, repo)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: label.default,
    description: label.description,
  };
}

export function reactionReply(hub: Hub, reaction: Reaction): Record<string, unknown> {
  return {
    id: reaction.id,
    node_id: nodeId("REA", reaction.id),
    user: userById(hub, reaction.userId),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

/** Counts per kind of reaction, as embedded in what was reacted to. */
export function reactionRollup(
  hub: Hub,
  subject: { kind: ReactionSubject; id: number; url: string },
): Record<string, unknown> {
  const all = hub.store.reactionsTo(subject.kind, subject.id);
  const kinds = ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"];
  return {
    url: `${subject.url}/reactions`,
    total_count: all.length,
    ...Object.fromEntries(kinds.map((k) => [k, all.filter((r) => r.content === k).length])),
  };
}

/** Address of an issue's page, or of the pull request's if it is one. */
export function issuePage(hub: Hub, repo: Repository, issue: Issue): string {
  const kind = issue.pullId === null ? "issues" : "pull";
  return `${repoPage(hub, repo)}/${kind}/${issue.number}`;
}

export function issueReply(hub: Hub, issue: Issue): Record<string, unknown> {
  const repo = hub.store.repositories.must(issue.repoId);
  const url = `${repoUrl(hub, repo)}/issues/${issue.number}`;
  const assignees = issue.assigneeIds.map((id) => userById(hub, id));
  return {
    url,
    repository_url: repoUrl(hub, repo),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: issuePage(hub, repo, issue),
    id: issue.id,
    node_id: issue.pullId === null ? nodeId("I", issue.id) : nodeId("PR", issue.pullId),
    number: issue.number,
    title: issue.title,
    user: userById(hub, issue.authorId),
    labels: hub.store.labelsOf(issue).map((l) => labelReply(hub, l)),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: issue.locked,
    active_lock_reason: issue.lockReason,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: hub.store.commentsOf(issue.id).length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: userOrNull(hub, issue.closedById),
    author_association: association(hub, repo, issue.authorId),
    body: issue.body,
    reactions: reactionRollup(hub, { kind: "issue", id: issue.id, url }),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: appOrNull(hub, issue.viaAppId),
    ...pullPart(hub, repo, issue),
  };
}

function pullPart(hub: Hub, repo: Repository, issue: Issue): Record<string, unknown> {
  const pull = hub.store.pullOf(issue);
  if (pull === undefined) return {};
  const page = issuePage(hub, repo, issue);
  return {
    draft: pull.draft,
    pull_request: {
      url: `${repoUrl(hub, repo)}/pulls/${issue.number}`,
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: pull.mergedAt,
    },
  };
}

/** The form in webhooks, which do not tell who closed an issue. */
export function issueInWebhook(hub: Hub, issue: Issue): Record<string, unknown> {
  const { closed_by: _, ...told } = issueReply(hub, issue);
  return told;
}

/** The form in searches: with the repository, without who closed it. */
export function issueFound(hub: Hub, issue: Issue): Record<string, unknown> {
  const repo = hub.store.repositories.must(issue.repoId);
  return { ...issueInWebhook(hub, issue), repository: repository(hub, repo) };
}

export function commentReply(hub: Hub, comment: Comment): Record<string, unknown> {
  const repo = hub.store.repositories.must(comment.repoId);
  const issue = hub.store.issues.must(comment.issueId);
  const url = `${repoUrl(hub, repo)}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${issuePage(hub, repo, issue)}#issuecomment-${comment.id}`,
    issue_url: `${repoUrl(hub, repo)}/issues/${issue.number}`,
    id: comment.id,
    node_id: nodeId("IC", comment.id),
    user: userById(hub, comment.authorId),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    body: comment.body,
    author_association: association(hub, repo, comment.authorId),
    reactions: reactionRollup(hub, { kind: "comment", id: comment.id, url }),
    performed_via_github_app: appOrNull(hub, comment.viaAppId),
  };
}

/** One event of an issue; its own data (label, assignee, ...) is part of it. */
export function eventReply(hub: Hub, event: IssueEvent): Record<string, unknown> {
  const repo = hub.store.repositories.must(event.repoId);
  return {
    id: event.id,
    node_id: nodeId("IE", event.id),
    url: `${apiUrl(hub)}/repos/${hub.store.fullName(repo)}/issues/events/${event.id}`,
    actor: userById(hub, event.actorId),
    event: event.event,
    commit_id: event.commitSha,
    commit_url:
      event.commitSha === null ? null : `${repoUrl(hub, repo)}/commits/${event.commitSha}`,
    created_at: event.createdAt,
    performed_via_github_app: appOrNull(hub, event.viaAppId),
    ...event.data,
  };
}
