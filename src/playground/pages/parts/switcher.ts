import { type Html, html } from "../html.ts";
import { people, type RepoVisit, roleOf, type Visit } from "../visit.ts";
import { avatar } from "./people.ts";

/** "Signed in as": every person of this hub, one press away. */
export function switcher(visit: Visit | RepoVisit): Html {
  const { viewer } = visit;
  const current =
    viewer === undefined
      ? html`<span class="signed-out">Choose who you are</span>`
      : html`${avatar(viewer)} <span class="hidden-words">Signed in as</span> <strong>${viewer.login}</strong>`;
  return html`<details class="menu switcher">
    <summary>${current}</summary>
    <div class="menu-box">
      <p class="menu-title">Act as</p>
      ${personButtons(visit)}
      ${viewer === undefined ? "" : sessionForm(visit, html`<button class="menu-item" name="login" value="">Sign out</button>`)}
    </div>
  </details>`;
}

/** One button per person, with the role each has in the repository at hand. */
export function personButtons(visit: Visit | RepoVisit): Html {
  const { hub, viewer } = visit;
  const buttons = people(hub).map((person) => {
    const role = "repo" in visit ? (roleOf(hub, visit.repo, person) ?? "no access") : "";
    return html`<button class="menu-item" name="login" value="${person.login}"${person.id === viewer?.id ? html` aria-current="true"` : ""}>
      ${avatar(person)} <span>${person.login}</span> <span class="note">${role}</span>
    </button>`;
  });
  return sessionForm(visit, html`${buttons}`);
}

function sessionForm(visit: Visit, buttons: Html): Html {
  const back = visit.request.method === "GET" ? visit.request.address : "/";
  return html`<form method="post" action="/_session"><input type="hidden" name="back" value="${back}">${buttons}</form>`;
}
