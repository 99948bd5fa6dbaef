import { localPath } from "../home/session.ts";
import { type Reply, redirect } from "../reply.ts";
import { PageError } from "../request.ts";
import { actor, type Params, type RepoVisit, signedIn } from "../visit.ts";
import { pullOf } from "./pull-frame.ts";

/** The form below a line: sends the comment, or keeps it until the review is sent. */
export async function lineComment(visit: RepoVisit, params: Params): Promise<Reply> {
  const { issue } = pullOf(visit, params);
  const { form } = visit.request;
  const comment = {
    path: form.get("path") ?? "",
    line: Number(form.get("line")),
    side: form.get("side") === "LEFT" ? ("LEFT" as const) : ("RIGHT" as const),
    body: form.get("body") ?? "",
  };
  if (comment.body.trim() === "") throw new PageError(422, "Write something first: it is empty.");
  const viewer = signedIn(visit);
  const back = localPath(form.get("back"));
  if (form.get("then") === "later") {
    visit.memory.drafts.add(viewer.id, issue.id, comment);
    return redirect(back);
  }
  const written = await actor(visit).commentOnLine(visit.name, issue.number, comment);
  return redirect(`${back.split("#", 1)[0]}#discussion_r${written.id}`);
}

export async function discardDraft(visit: RepoVisit, params: Params): Promise<Reply> {
  const { issue } = pullOf(visit, params);
  visit.memory.drafts.remove(signedIn(visit).id, issue.id, Number(params["id"]));
  return redirect(localPath(visit.request.form.get("back")));
}

/** Sends the review with every pending line comment; those are forgotten once it is accepted. */
export async function submitReview(visit: RepoVisit, params: Params): Promise<Reply> {
  const { issue } = pullOf(visit, params);
  const viewer = signedIn(visit);
  const { form } = visit.request;
  const event = form.get("event");
  if (event !== "APPROVE" && event !== "REQUEST_CHANGES" && event !== "COMMENT") {
    throw new PageError(422, "Choose comment, approve or request changes.");
  }
  const drafts = visit.memory.drafts.of(viewer.id, issue.id);
  const review = await actor(visit).review(visit.name, issue.number, {
    event,
    body: form.get("body") ?? "",
    comments: drafts.map(({ path, line, side, body }) => ({ path, line, side, body })),
  });
  visit.memory.drafts.clear(viewer.id, issue.id);
  return redirect(`${visit.base}/pull/${issue.number}#pullrequestreview-${review.id}`);
}

export async function dismissReview(visit: RepoVisit, params: Params): Promise<Reply> {
  const message = visit.request.form.get("message") ?? "";
  await actor(visit).dismissReview(visit.name, Number(params["id"]), message);
  return redirect(localPath(visit.request.form.get("back")));
}

/** Replies to a review conversation, resolves it or takes that back. */
export async function actOnThread(visit: RepoVisit, params: Params): Promise<Reply> {
  const { issue } = pullOf(visit, params);
  const thread = visit.hub.store.reviewThreads.get(Number(params["id"]));
  if (thread?.issueId !== issue.id) throw new PageError(404, "That conversation is not here.");
  const hands = actor(visit);
  const { form } = visit.request;
  if (params["act"] === "resolve") await hands.resolveThread(visit.name, thread.id);
  else if (params["act"] === "unresolve") await hands.unresolveThread(visit.name, thread.id);
  else {
    const first = visit.hub.store.commentsOfThread(thread.id)[0];
    if (first === undefined) throw new PageError(404, "That conversation is empty.");
    await hands.replyToReviewComment(visit.name, first.id, form.get("body") ?? "");
  }
  return redirect(localPath(form.get("back")));
}
