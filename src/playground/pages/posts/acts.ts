import { localPath } from "../home/session.ts";
import { tickBox } from "../markdown/boxes.ts";
import { type Reply, redirect } from "../reply.ts";
import { PageError } from "../request.ts";
import { actor, type Params, type RepoVisit, signedIn } from "../visit.ts";
import { findPost, type Post } from "./post.ts";
import { isReaction } from "./reactions.ts";
import { takeBackReaction } from "./rest.ts";

/** Edits, ticks, deletes or reacts to the post in the form's address. */
export async function actOnPost(visit: RepoVisit, params: Params): Promise<Reply> {
  signedIn(visit);
  const { subject = "", id, act } = params;
  const post = findPost(visit.hub, visit.repo.id, { subject, id: Number(id) });
  if (post === undefined) throw new PageError(404, "That comment is no longer here.");
  if (act === "edit") await edit(visit, post, visit.request.form.get("body") ?? "");
  else if (act === "tick") await tick(visit, post);
  else if (act === "react") await react(visit, post);
  else if (act === "delete") await remove(visit, post);
  else throw new PageError(404, "There is no such form.");
  return redirect(localPath(visit.request.form.get("back")));
}

async function edit(visit: RepoVisit, post: Post, body: string): Promise<void> {
  const hands = actor(visit);
  if (post.subject === "issue") await hands.editIssue(visit.name, post.number, { body });
  else if (post.subject === "comment") await hands.editComment(visit.name, post.id, body);
  else await hands.editReviewComment(visit.name, post.id, body);
}

/** A tick is an edit of the text by that person, as on GitHub. */
async function tick(visit: RepoVisit, post: Post): Promise<void> {
  const { form } = visit.request;
  const [ref, checked] = form.has("tick")
    ? [form.get("tick") ?? "", true]
    : [form.get("untick") ?? "", false];
  const body = tickBox(post.body, ref, checked);
  if (body === undefined) {
    throw new PageError(409, "Read it again before ticking: that line of the text has changed.");
  }
  if (body !== post.body) await edit(visit, post, body);
}

async function react(visit: RepoVisit, post: Post): Promise<void> {
  const { form } = visit.request;
  const content = form.get("add") ?? form.get("remove") ?? "";
  if (!isReaction(content)) throw new PageError(422, `Choose another reaction than "${content}".`);
  if (form.has("remove")) return takeBackReaction(visit, post, content);
  const target =
    post.subject === "issue"
      ? { number: post.number }
      : post.subject === "comment"
        ? { commentId: post.id }
        : { reviewCommentId: post.id };
  await actor(visit).react(visit.name, target, content);
}

async function remove(visit: RepoVisit, post: Post): Promise<void> {
  const hands = actor(visit);
  if (post.subject === "comment") await hands.deleteComment(visit.name, post.id);
  else if (post.subject === "reviewComment") await hands.deleteReviewComment(visit.name, post.id);
  else throw new PageError(405, "Close it instead: an issue's description cannot be deleted.");
}
