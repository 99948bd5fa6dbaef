import { localPath } from "../home/session.ts";
import { html } from "../html.ts";
import { repoLayout } from "../layout.ts";
import { shortSha } from "../parts/words.ts";
import { page, type Reply, redirect } from "../reply.ts";
import { PageError } from "../request.ts";
import { actor, type Params, type RepoVisit } from "../visit.ts";
import { checksPanel } from "./checks-panel.ts";
import { pullPage, pullView } from "./pull-frame.ts";

/** The checks of a pull request's head. */
export async function pullChecksPage(visit: RepoVisit, params: Params): Promise<Reply> {
  const view = await pullView(visit, params);
  const body = await checksPanel(visit, view.pull.headSha);
  return pullPage(visit, view, { tab: "checks", body, live: true });
}

/** The checks of any commit. */
export async function commitChecksPage(visit: RepoVisit, params: Params): Promise<Reply> {
  const sha = params["sha"] ?? "";
  const body = html`<h1>Checks on <a class="sha" href="${visit.base}/commit/${sha}">${shortSha(sha)}</a></h1>${await checksPanel(visit, sha)}`;
  return page(repoLayout(visit, "code", { title: `Checks on ${shortSha(sha)}`, body, live: true }));
}

/** A check run's own address: leads to the pull request that it is about, or to its commit. */
export async function checkRunPage(visit: RepoVisit, params: Params): Promise<Reply> {
  const { store } = visit.hub;
  const run = store.checkRuns.get(Number(params["id"]));
  if (run?.repoId !== visit.repo.id) throw new PageError(404, "There is no such check run here.");
  const pull = store.pulls.find((p) => p.repoId === visit.repo.id && p.headSha === run.headSha);
  const issue = store.issues.get(pull?.issueId);
  return redirect(
    issue === undefined
      ? `${visit.base}/commit/${run.headSha}/checks?run=${run.id}`
      : `${visit.base}/pull/${issue.number}/checks?run=${run.id}`,
  );
}

/** Presses "Re-run" or one of the check's own buttons. */
export async function actOnCheck(visit: RepoVisit, params: Params): Promise<Reply> {
  const id = Number(params["id"]);
  const { form } = visit.request;
  if (params["act"] === "rerun") await actor(visit).rerunCheck(visit.name, id);
  else await actor(visit).pressCheckButton(visit.name, id, form.get("identifier") ?? "");
  return redirect(localPath(form.get("back")));
}
