import { requireAuthorOr, requireRole } from "../auth/roles.ts";
import { type Act, stamp } from "../context.ts";
import { notFound } from "../errors.ts";
import type { Reaction, ReactionContent, ReactionSubject } from "../store/issue-records.ts";

export interface Reacted {
  subject: ReactionSubject;
  subjectId: number;
}

/** Adds a reaction; the same one again is found, not added (the API answers 200 instead of 201). */
export function react(
  act: Act,
  to: Reacted,
  content: ReactionContent,
): { reaction: Reaction; created: boolean } {
  requireRole(act, "read");
  const userId = act.by.account.id;
  const known = act.hub.store
    .reactionsTo(to.subject, to.subjectId)
    .find((r) => r.userId === userId && r.content === content);
  if (known !== undefined) return { reaction: known, created: false };
  const reaction = act.hub.store.reactions.insert({
    repoId: act.repo.id,
    ...to,
    userId,
    content,
    createdAt: stamp(act.hub),
  });
  return { reaction, created: true };
}

export function unreact(act: Act, to: Reacted, reactionId: number): void {
  const reaction = act.hub.store.reactions.get(reactionId);
  if (reaction?.subject !== to.subject || reaction.subjectId !== to.subjectId) throw notFound();
  requireAuthorOr(act, reaction.userId, "admin");
  act.hub.store.reactions.delete(reaction.id);
}
