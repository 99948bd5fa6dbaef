import { type Html, html } from "../html.ts";
import { layout } from "../layout.ts";
import { avatar, personLink } from "../parts/people.ts";
import { personButtons } from "../parts/switcher.ts";
import { page, type Reply } from "../reply.ts";
import { people, type Visit } from "../visit.ts";
import { repositoryList } from "./repository-list.ts";

export async function indexPage(visit: Visit): Promise<Reply> {
  const { hub, viewer } = visit;
  const body = html`
    ${viewer === undefined ? welcome(visit) : ""}
    <div class="columns">
      <section>
        <h1>Repositories</h1>
        ${repositoryList(visit, hub.store.repositories.all())}
      </section>
      <aside class="side">
        <h2>People</h2>
        <ul class="plain">${people(hub).map((person) => html`<li>${avatar(person)} ${personLink(person)}</li>`)}</ul>
        <h2>Apps</h2>
        ${appList(visit)}
      </aside>
    </div>`;
  return page(layout(visit, { title: "local GitHub", body, live: true }));
}

function welcome(visit: Visit): Html {
  return html`<section class="welcome">
    <h2>A GitHub of your own, on this machine</h2>
    <p>Nothing here leaves it: repositories are real git, webhooks are really sent, people are yours to play.
      Choose who you are to comment, review and press buttons.</p>
    <div class="people-choice">${personButtons(visit)}</div>
  </section>`;
}

function appList({ hub }: Visit): Html {
  const apps = hub.store.apps.all();
  if (apps.length === 0) return html`<p class="note">None yet.</p>`;
  return html`<ul class="plain">${apps.map((app) => {
    const bot = hub.store.accounts.must(app.botId);
    return html`<li>${avatar(bot)} <a class="person" href="/apps/${app.slug}">${app.name}</a></li>`;
  })}</ul>`;
}
