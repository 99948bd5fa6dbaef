import { type Content, type Html, html } from "./html.ts";
import { type IconName, icon } from "./icons.ts";
import { switcher } from "./parts/switcher.ts";
import { hasRole, type RepoVisit, type Visit } from "./visit.ts";

export interface PageContent {
  title: string;
  body: Content;
  /** The page asks for its newer self now and then and changes in place. */
  live?: boolean;
  /** Whole width, for diffs. */
  wide?: boolean;
}

/** The frame of every page. */
export function layout(visit: Visit, content: PageContent & { head?: Content }): Html {
  return html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${content.title}</title>
<link rel="icon" href="/_assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/_assets/pages.css">
<script src="/_assets/page.js" defer></script>
<script src="/_assets/diagrams.js" defer></script>
</head>
<body${content.live === true ? html` data-poll` : ""}>
<a class="skip" href="#content">Skip to content</a>
<header class="top">
  <a class="home" href="/">${icon("home")} <span>local GitHub</span></a>
  ${switcher(visit)}
</header>
${content.head}
<main id="content" class="${content.wide === true ? "wide" : ""}">
${content.body}
</main>
</body>
</html>`;
}

type Tab = "code" | "issues" | "pulls";

/** The frame of a repository's pages. */
export function repoLayout(visit: RepoVisit, tab: Tab, content: PageContent): Html {
  const { repo, name, base } = visit;
  const [owner = "", short = ""] = name.split("/");
  const head = html`<div class="repo-head">
    <p class="repo-name"><a href="/${owner}">${owner}</a><span class="slash">/</span><a href="${base}"><strong>${short}</strong></a>
      ${repo.private ? html`<span class="badge">${icon("lock")} Private</span>` : html`<span class="badge">Public</span>`}
      ${repo.archived ? html`<span class="badge">Archived</span>` : ""}
    </p>
    <nav class="tabs" aria-label="Repository">${tabs(visit, tab)}</nav>
  </div>`;
  return layout(visit, { ...content, head, title: `${content.title} · ${name}` });
}

function tabs(visit: RepoVisit, current: Tab): Html[] {
  const open = visit.hub.store.issues.filter(
    (issue) => issue.repoId === visit.repo.id && issue.state === "open",
  );
  const pulls = open.filter((issue) => issue.pullId !== null).length;
  const entries: readonly (readonly [Tab, string, IconName, string, number | undefined])[] = [
    ["code", "Code", "code", visit.base, undefined],
    ["issues", "Issues", "issueOpen", `${visit.base}/issues`, open.length - pulls],
    ["pulls", "Pull requests", "pull", `${visit.base}/pulls`, pulls],
  ];
  return entries.map(
    ([key, words, picture, href, number]) =>
      html`<a href="${href}"${key === current ? html` aria-current="page"` : ""}>${icon(picture)} ${words}${
        number === undefined ? "" : html` <span class="counter">${number}</span>`
      }</a>`,
  );
}

/** Shown where a form would stand for someone who may not use it. */
export function askToSignIn(visit: RepoVisit, toDo: string): Html {
  if (visit.viewer === undefined) {
    return html`<p class="blank">Choose who you are (top right) to ${toDo}.</p>`;
  }
  return hasRole(visit, "read")
    ? html``
    : html`<p class="blank">${visit.viewer.login} has no access to this repository.</p>`;
}
