import type { App } from "../../github/store/records.ts";
import { type Html, html } from "../html.ts";
import { layout } from "../layout.ts";
import { avatar, personById } from "../parts/people.ts";
import { moment } from "../parts/time.ts";
import { page, type Reply } from "../reply.ts";
import { PageError } from "../request.ts";
import { type Params, people, type Visit } from "../visit.ts";
import { repositoryList } from "./repository-list.ts";

/** A person's or organization's page. */
export async function accountPage(visit: Visit, params: Params): Promise<Reply> {
  const { hub } = visit;
  const account = hub.store.account(params["login"] ?? "");
  if (account === undefined) throw new PageError(404, "There is no such person or organization.");
  const repositories = hub.store.repositories.filter((repo) => repo.ownerId === account.id);
  const members = people(hub).filter((person) => account.ownerIds.includes(person.id));
  const body = html`<div class="profile">${avatar(account, "large")}
      <div><h1>${account.name ?? account.login}</h1>
      <p class="note">${account.login} · ${account.type === "User" ? "person" : account.type.toLowerCase()}
      ${members.length === 0 ? "" : html` · owned by ${members.map((m) => html`${personById(hub, m.id)} `)}`}</p></div></div>
    <h2>Repositories</h2>${repositoryList(visit, repositories)}`;
  return page(layout(visit, { title: account.login, body }));
}

/** An app's page: what it may do, where it is installed, what was sent to it. */
export async function appPage(visit: Visit, params: Params): Promise<Reply> {
  const { hub } = visit;
  const app = hub.store.app(params["slug"] ?? "");
  if (app === undefined) throw new PageError(404, "There is no such app.");
  const permissions = Object.entries(app.permissions).map(
    ([name, access]) => html`<li><code>${name}</code> ${access}</li>`,
  );
  const body = html`<div class="profile">${avatar(hub.store.accounts.must(app.botId), "large")}
      <div><h1>${app.name}</h1><p class="note">App by ${personById(hub, app.ownerId)} · id ${app.id}</p></div></div>
    <div class="columns"><section>
      <h2>Latest deliveries</h2>${deliveries(visit, app)}
    </section><aside class="side">
      <h2>Installed on</h2><ul class="plain">${installations(visit, app)}</ul>
      <h2>May</h2><ul class="plain">${permissions}</ul>
      <h2>Hears</h2><ul class="plain">${app.events.map((event) => html`<li><code>${event}</code></li>`)}</ul>
    </aside></div>`;
  return page(layout(visit, { title: app.name, body, live: true }));
}

function installations({ hub }: Visit, app: App): Html[] {
  return hub.store.installations
    .filter((installation) => installation.appId === app.id)
    .map((installation) => {
      const where =
        installation.repositorySelection === "all"
          ? "all repositories"
          : installation.repositoryIds
              .map((id) => hub.store.repositories.get(id)?.name ?? "")
              .join(", ");
      return html`<li>${personById(hub, installation.accountId)}: ${where}${installation.suspendedAt === null ? "" : " (suspended)"}</li>`;
    });
}

function deliveries({ hub }: Visit, app: App): Html {
  const latest = hub.store.deliveries
    .filter((d) => d.appId === app.id)
    .slice(-50)
    .reverse();
  if (latest.length === 0) return html`<p class="blank">Nothing was sent yet.</p>`;
  return html`<div class="table-scroller" data-live id="deliveries"><table class="list">
    <thead><tr><th>Event</th><th>Answer</th><th>Took</th><th>When</th></tr></thead>
    <tbody>${latest.map(
      (d) => html`<tr><td><code>${d.event}${d.action === null ? "" : `.${d.action}`}</code></td>
        <td>${d.statusCode ?? d.status}</td><td>${Math.round(d.durationSeconds * 1000)} ms</td><td>${moment(d.createdAt)}</td></tr>`,
    )}</tbody></table></div>`;
}
