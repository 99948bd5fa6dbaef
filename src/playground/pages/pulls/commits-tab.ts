import { commitsByDay } from "../code/commits-page.ts";
import type { Reply } from "../reply.ts";
import type { Params, RepoVisit } from "../visit.ts";
import { pullPage, pullView } from "./pull-frame.ts";

export async function pullCommitsPage(visit: RepoVisit, params: Params): Promise<Reply> {
  const view = await pullView(visit, params);
  const body = commitsByDay(visit, view.commits);
  return pullPage(visit, view, { tab: "commits", body, live: true });
}
