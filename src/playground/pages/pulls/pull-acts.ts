import { localPath } from "../home/session.ts";
import { asViewer } from "../posts/rest.ts";
import { type Reply, redirect } from "../reply.ts";
import { PageError } from "../request.ts";
import { actor, type Params, type RepoVisit } from "../visit.ts";
import { pullOf } from "./pull-frame.ts";

/** The buttons of the merge box. */
export async function actOnPull(visit: RepoVisit, params: Params): Promise<Reply> {
  const { issue, pull } = pullOf(visit, params);
  const hands = actor(visit);
  const { form } = visit.request;
  const act = params["act"];
  if (act === "merge") {
    await hands.merge(visit.name, issue.number, { method: methodOf(form.get("method")) });
  } else if (act === "ready") await hands.markReady(visit.name, issue.number);
  else if (act === "draft") await hands.convertToDraft(visit.name, issue.number);
  else if (act === "update") await hands.updateBranch(visit.name, issue.number);
  else await hands.deleteBranch(visit.name, pull.headRef);
  return redirect(localPath(form.get("back")));
}

function methodOf(method: string | null): "merge" | "squash" | "rebase" {
  if (method === "squash" || method === "rebase" || method === "merge") return method;
  throw new PageError(422, "Choose how to merge: a merge commit, squash or rebase.");
}

export async function changeReviewers(visit: RepoVisit, params: Params): Promise<Reply> {
  const { issue } = pullOf(visit, params);
  const { form } = visit.request;
  const add = form.get("add");
  const remove = form.get("remove");
  if (add !== null) await actor(visit).requestReview(visit.name, issue.number, [add]);
  if (remove !== null) {
    const body = { reviewers: [remove] };
    const path = `pulls/${issue.number}/requested_reviewers`;
    await asViewer(visit, { method: "DELETE", path, body });
  }
  return redirect(localPath(form.get("back")));
}
