import { commentOf, createComment, deleteComment, updateComment } from "../acts/comments.ts";
import {
  actOf,
  type Call,
  created,
  type Handlers,
  idParam,
  list,
  noContent,
  ok,
  type Reply,
  repoOf,
  textQuery,
} from "../http/call.ts";
import { commentReply } from "../render/issues.ts";
import type { Comment } from "../store/issue-records.ts";
import { issueAt } from "./issues.ts";

export const COMMENTS: Handlers = {
  "issues/create-comment": (call) => {
    const comment = createComment(actOf(call), issueAt(call), textOf(call));
    return created(commentReply(call.hub, comment));
  },
  "issues/get-comment": (call) => ok(commentReply(call.hub, commentAt(call))),
  "issues/update-comment": (call) => {
    const comment = updateComment(actOf(call), commentAt(call), textOf(call));
    return ok(commentReply(call.hub, comment));
  },
  "issues/delete-comment": (call) => {
    deleteComment(actOf(call), commentAt(call));
    return noContent();
  },
  "issues/list-comments": (call) => listed(call, call.hub.store.commentsOf(issueAt(call).id)),
  "issues/list-comments-for-repo": (call) => {
    const all = call.hub.store.comments.filter((c) => c.repoId === repoOf(call).id);
    const updated = textQuery(call, "sort") === "updated";
    const sorted = updated ? all.toSorted((a, b) => a.updatedAt.localeCompare(b.updatedAt)) : all;
    return listed(call, textQuery(call, "direction") === "desc" ? sorted.reverse() : sorted);
  },
};

function textOf(call: Call): string {
  return (call.body as { body: string }).body;
}

export function commentAt(call: Call): Comment {
  return commentOf({ hub: call.hub, repo: repoOf(call) }, idParam(call, "comment_id"));
}

function listed(call: Call, comments: readonly Comment[]): Reply {
  const since = textQuery(call, "since");
  const recent =
    since === undefined
      ? comments
      : comments.filter((c) => Date.parse(c.updatedAt) >= Date.parse(since));
  return list(recent, (c) => commentReply(call.hub, c));
}
