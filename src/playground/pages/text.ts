import { type Html, html } from "./html.ts";
import type { FileHome } from "./markdown/addresses.ts";
import type { Referents } from "./markdown/references.ts";
import { renderMarkdown } from "./markdown/render.ts";
import { accountPath } from "./parts/people.ts";
import type { RepoVisit } from "./visit.ts";

export interface TextOptions {
  kind?: "comment" | "file";
  home?: FileHome;
  /** Id of the form that the text's task-list boxes submit. */
  boxForm?: string | undefined;
}

/** A person's Markdown as a block of a repository's page. */
export async function renderText(
  visit: RepoVisit,
  source: string,
  { kind = "comment", home, boxForm }: TextOptions = {},
): Promise<Html> {
  const { hub, name, memory } = visit;
  const known = [hub.store.accounts.size, hub.store.issues.size, visit.repo.pushedAt];
  const key = JSON.stringify([name, kind, home, boxForm, known, source]);
  const rendered = await memory.rendered.get(key, () =>
    renderMarkdown(source, {
      base: hub.url,
      repo: name,
      referents: referentsOf(visit),
      kind,
      ...(home === undefined ? {} : { home }),
      boxForm,
    }),
  );
  return html`<div class="markdown">${rendered}</div>`;
}

function referentsOf(visit: RepoVisit): Referents {
  const { hub, name, base, memory } = visit;
  return {
    account(login) {
      const account = hub.store.account(login) ?? hub.store.account(`${login}[bot]`);
      return account === undefined ? undefined : accountPath(account);
    },
    issue(number, other) {
      const repo = other === undefined ? visit.repo : hub.store.repository(other);
      const issue = repo === undefined ? undefined : hub.store.issue(repo.id, number);
      if (repo === undefined || issue === undefined) return undefined;
      if (repo.private && repo.id !== visit.repo.id) return undefined;
      const folder = issue.pullId === null ? "issues" : "pull";
      return { href: `/${hub.store.fullName(repo)}/${folder}/${number}`, title: issue.title };
    },
    async commit(sha) {
      const full = await memory.commits.get(
        `${name}@${sha} ${visit.repo.pushedAt}`,
        async () => (await hub.code(name).resolve(sha)) ?? "",
      );
      return full.startsWith(sha) ? { href: `${base}/commit/${full}`, sha: full } : undefined;
    },
  };
}
