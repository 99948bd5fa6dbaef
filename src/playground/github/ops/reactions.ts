import { type Reacted, react, unreact } from "../acts/reactions.ts";
import {
  actOf,
  type Call,
  type Handlers,
  idParam,
  list,
  noContent,
  type Reply,
  repoOf,
  textQuery,
} from "../http/call.ts";
import { reviewCommentOf } from "../pulls/review-comments.ts";
import { reactionReply } from "../render/issues.ts";
import type { ReactionContent } from "../store/issue-records.ts";
import { commentAt } from "./comments.ts";
import { issueAt } from "./issues.ts";

export const REACTIONS: Handlers = {
  "reactions/create-for-issue": (call) => add(call, onIssue(call)),
  "reactions/list-for-issue": (call) => all(call, onIssue(call)),
  "reactions/delete-for-issue": (call) => remove(call, onIssue(call)),
  "reactions/create-for-issue-comment": (call) => add(call, onComment(call)),
  "reactions/list-for-issue-comment": (call) => all(call, onComment(call)),
  "reactions/delete-for-issue-comment": (call) => remove(call, onComment(call)),
  "reactions/create-for-pull-request-review-comment": (call) => add(call, onReviewComment(call)),
  "reactions/list-for-pull-request-review-comment": (call) => all(call, onReviewComment(call)),
  "reactions/delete-for-pull-request-comment": (call) => remove(call, onReviewComment(call)),
};

function onIssue(call: Call): Reacted {
  return { subject: "issue", subjectId: issueAt(call).id };
}

function onComment(call: Call): Reacted {
  return { subject: "comment", subjectId: commentAt(call).id };
}

function onReviewComment(call: Call): Reacted {
  const place = { hub: call.hub, repo: repoOf(call) };
  const { id } = reviewCommentOf(place, idParam(call, "comment_id"));
  return { subject: "reviewComment", subjectId: id };
}

/** 201 for a new reaction, 200 for one that was there. */
function add(call: Call, to: Reacted): Reply {
  const { content } = call.body as { content: ReactionContent };
  const { reaction, created } = react(actOf(call), to, content);
  return { status: created ? 201 : 200, body: reactionReply(call.hub, reaction) };
}

function all(call: Call, of: Reacted): Reply {
  const content = textQuery(call, "content");
  const reactions = call.hub.store
    .reactionsTo(of.subject, of.subjectId)
    .filter((r) => content === undefined || r.content === content);
  return list(reactions, (r) => reactionReply(call.hub, r));
}

function remove(call: Call, of: Reacted): Reply {
  unreact(actOf(call), of, idParam(call, "reaction_id"));
  return noContent();
}
