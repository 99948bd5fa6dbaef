import { localPath } from "../home/session.ts";
import { asViewer } from "../posts/rest.ts";
import { type Reply, redirect } from "../reply.ts";
import { PageError } from "../request.ts";
import { actor, type Params, type RepoVisit } from "../visit.ts";
import { issueOf } from "./issue-page.ts";

/** The comment form: writes the comment if there is one, then closes or reopens if asked. */
export async function comment(visit: RepoVisit, params: Params): Promise<Reply> {
  const issue = issueOf(visit, params);
  const hands = actor(visit);
  const { form } = visit.request;
  const body = form.get("body") ?? "";
  const then = form.get("then") ?? "stay";
  const back = localPath(form.get("back"));
  if (body.trim() === "" && then === "stay") {
    throw new PageError(422, "Write something first: the comment is empty.");
  }
  const written =
    body.trim() === "" ? undefined : await hands.comment(visit.name, issue.number, body);
  if (then === "close") await hands.close(visit.name, issue.number);
  if (then === "close_not_planned") await hands.close(visit.name, issue.number, "not_planned");
  if (then === "reopen") await hands.reopen(visit.name, issue.number);
  return redirect(written === undefined ? back : `${back}#issuecomment-${written.id}`);
}

export async function changeTitle(visit: RepoVisit, params: Params): Promise<Reply> {
  const title = visit.request.form.get("title") ?? "";
  await actor(visit).editIssue(visit.name, issueOf(visit, params).number, { title });
  return redirect(localPath(visit.request.form.get("back")));
}

export async function changeLabels(visit: RepoVisit, params: Params): Promise<Reply> {
  const { number } = issueOf(visit, params);
  const { form } = visit.request;
  const add = form.get("add");
  const remove = form.get("remove");
  if (add !== null) await actor(visit).label(visit.name, number, [add]);
  if (remove !== null) await actor(visit).unlabel(visit.name, number, remove);
  return redirect(localPath(form.get("back")));
}

export async function changeAssignees(visit: RepoVisit, params: Params): Promise<Reply> {
  const { number } = issueOf(visit, params);
  const { form } = visit.request;
  const add = form.get("add");
  const remove = form.get("remove");
  if (add !== null) await actor(visit).assign(visit.name, number, [add]);
  if (remove !== null) {
    const body = { assignees: [remove] };
    await asViewer(visit, { method: "DELETE", path: `issues/${number}/assignees`, body });
  }
  return redirect(localPath(form.get("back")));
}
