import { requireAuthorOr, requireRole } from "../auth/roles.ts";
import { type Act, stamp } from "../context.ts";
import { notFound } from "../errors.ts";
import { viaAppId } from "../principal.ts";
import { commentReply, issueInWebhook } from "../render/issues.ts";
import type { Comment, Issue } from "../store/issue-records.ts";
import { checkBody, refuseArchived, refuseIfLocked, touch } from "./subject.ts";

export function createComment(act: Act, issue: Issue, body: string): Comment {
  refuseArchived(act);
  requireRole(act, "read");
  refuseIfLocked(act, issue);
  checkBody("IssueComment", body, "refused");
  const at = stamp(act.hub);
  const comment = act.hub.store.comments.insert({
    repoId: act.repo.id,
    issueId: issue.id,
    authorId: act.by.account.id,
    viaAppId: viaAppId(act.by),
    body,
    createdAt: at,
    updatedAt: at,
    editorId: null,
    minimizedReason: null,
  });
  touch(act, issue);
  tell(act, comment, { action: "created" });
  return comment;
}

export function commentOf(act: Pick<Act, "hub" | "repo">, id: number): Comment {
  const comment = act.hub.store.comments.get(id);
  if (comment === undefined || comment.repoId !== act.repo.id) throw notFound();
  return comment;
}

export function updateComment(act: Act, comment: Comment, body: string): Comment {
  refuseArchived(act);
  requireAuthorOr(act, comment.authorId, "write");
  checkBody("IssueComment", body, "refused");
  const changes = body === comment.body ? {} : { body: { from: comment.body } };
  comment.body = body;
  comment.updatedAt = stamp(act.hub);
  comment.editorId = act.by.account.id;
  tell(act, comment, { action: "edited", extra: { changes } });
  return comment;
}

export function deleteComment(act: Act, comment: Comment): void {
  refuseArchived(act);
  requireAuthorOr(act, comment.authorId, "write");
  // The payload shows what was deleted, so it is made before.
  tell(act, comment, { action: "deleted" });
  for (const reaction of act.hub.store.reactionsTo("comment", comment.id)) {
    act.hub.store.reactions.delete(reaction.id);
  }
  act.hub.store.comments.delete(comment.id);
}

function tell(
  act: Act,
  comment: Comment,
  what: { action: string; extra?: Record<string, unknown> },
): void {
  const { hub, repo, by } = act;
  const issue = issueInWebhook(hub, hub.store.issues.must(comment.issueId));
  const payload = { issue, comment: commentReply(hub, comment), ...what.extra };
  hub.emit({ event: "issue_comment", action: what.action, sender: by.account, repo, payload });
}
