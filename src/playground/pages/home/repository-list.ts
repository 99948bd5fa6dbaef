import type { Repository } from "../../github/store/records.ts";
import { type Html, html } from "../html.ts";
import { icon } from "../icons.ts";
import { moment } from "../parts/time.ts";
import { count } from "../parts/words.ts";
import { roleOf, type Visit } from "../visit.ts";

/** The repositories that the viewer may see, as cards. */
export function repositoryList(visit: Visit, repositories: readonly Repository[]): Html {
  const seen = repositories.filter((repo) => isVisible(visit, repo));
  if (seen.length === 0) return html`<p class="blank">No repositories to see here.</p>`;
  return html`<ul class="cards">${seen.map((repo) => card(visit, repo))}</ul>`;
}

export function isVisible({ hub, viewer }: Visit, repo: Repository): boolean {
  return !repo.private || (viewer !== undefined && roleOf(hub, repo, viewer) !== undefined);
}

function card({ hub }: Visit, repo: Repository): Html {
  const name = hub.store.fullName(repo);
  const open = hub.store.issues.filter((i) => i.repoId === repo.id && i.state === "open");
  const pulls = open.filter((issue) => issue.pullId !== null).length;
  return html`<li class="card">
    <h3><a href="/${name}">${name}</a> ${repo.private ? html`<span class="badge">${icon("lock")} Private</span>` : ""}</h3>
    ${repo.description === null ? "" : html`<p>${repo.description}</p>`}
    <p class="note facts"><span>${icon("issueOpen")} <a href="/${name}/issues">${count(open.length - pulls, "open issue")}</a></span>
      <span>${icon("pull")} <a href="/${name}/pulls">${count(pulls, "open pull request")}</a></span>
      <span>${icon("clock")} pushed ${moment(repo.pushedAt)}</span></p>
  </li>`;
}
