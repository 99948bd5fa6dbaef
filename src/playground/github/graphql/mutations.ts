import { requireAuthorOr } from "../auth/roles.ts";
import { type Act, stamp } from "../context.ts";
import { setDraft } from "../pulls/open.ts";
import { setResolved } from "../pulls/threads.ts";
import { readNodeId } from "../render/node-id.ts";
import type { Pull, ReviewThread } from "../store/pull-records.ts";
import { actFor, idOf, unresolved } from "./access.ts";
import { commentNode, pullNode, reviewCommentNode, threadNode } from "./objects.ts";
import type { GraphqlContext } from "./serve.ts";

interface Input<T> {
  input: T & { clientMutationId?: string };
}

const WRITE_PULLS = { permissions: ["pull_requests"], access: "write" } as const;
// A conversation is settled with write access to the code or to pull requests.
const RESOLVE = { permissions: ["pull_requests", "contents"], access: "write" } as const;
const WRITE_ISSUES = { permissions: ["issues", "pull_requests"], access: "write" } as const;

/** The mutations that have no REST form. */
export function mutations(context: GraphqlContext): Record<string, unknown> {
  return {
    resolveReviewThread: (args: Input<{ threadId: string }>) => settle(context, args, true),
    unresolveReviewThread: (args: Input<{ threadId: string }>) => settle(context, args, false),
    markPullRequestReadyForReview: (args: Input<{ pullRequestId: string }>) =>
      draft(context, args, false),
    convertPullRequestToDraft: (args: Input<{ pullRequestId: string }>) =>
      draft(context, args, true),
    minimizeComment: (args: Input<{ subjectId: string; classifier: string }>) =>
      minimize(context, args, args.input.classifier.toLowerCase().replaceAll("_", "-")),
    unminimizeComment: (args: Input<{ subjectId: string }>) => minimize(context, args, null),
  };
}

function settle(
  context: GraphqlContext,
  { input }: Input<{ threadId: string }>,
  resolved: boolean,
): object {
  const thread = context.hub.store.reviewThreads.get(idOf(input.threadId, ["PRRT"]));
  if (thread === undefined) throw unresolved(input.threadId);
  const act = actOf(context, thread, RESOLVE);
  setResolved(act, thread, resolved);
  return { clientMutationId: input.clientMutationId ?? null, thread: threadNode(act, thread) };
}

async function draft(
  context: GraphqlContext,
  { input }: Input<{ pullRequestId: string }>,
  isDraft: boolean,
): Promise<object> {
  const pull = context.hub.store.pulls.get(idOf(input.pullRequestId, ["PR"]));
  if (pull === undefined) throw unresolved(input.pullRequestId);
  const act = actOf(context, pull, WRITE_PULLS);
  await setDraft(act, pull, isDraft);
  return { clientMutationId: input.clientMutationId ?? null, pullRequest: pullNode(act, pull) };
}

function minimize(
  context: GraphqlContext,
  { input }: Input<{ subjectId: string }>,
  reason: string | null,
): object {
  const { store } = context.hub;
  const id = idOf(input.subjectId, ["IC", "PRRC"]);
  const inReview = readNodeId(input.subjectId)?.kind === "PRRC";
  const reviewComment = inReview ? store.reviewComments.get(id) : undefined;
  const comment = inReview ? undefined : store.comments.get(id);
  const subject = reviewComment ?? comment;
  if (subject === undefined) throw unresolved(input.subjectId);
  const repo = store.repositories.must(subject.repoId);
  const act = actFor(context, repo, WRITE_ISSUES);
  requireAuthorOr(act, subject.authorId, "write");
  subject.minimizedReason = reason;
  subject.updatedAt = stamp(context.hub);
  const node =
    reviewComment === undefined
      ? comment && commentNode(act, comment)
      : reviewCommentNode(act, reviewComment);
  const name = reason === null ? "unminimizedComment" : "minimizedComment";
  return { clientMutationId: input.clientMutationId ?? null, [name]: node };
}

function actOf(
  context: GraphqlContext,
  record: Pull | ReviewThread,
  needed: Parameters<typeof actFor>[2],
): Act {
  return actFor(context, context.hub.store.repositories.must(record.repoId), needed);
}
