import { type Html, html } from "../html.ts";
import { icon } from "../icons.ts";
import { encodePath, shortSha } from "../parts/words.ts";
import type { RepoVisit } from "../visit.ts";
import type { RefPath } from "./ref-path.ts";

/** The branch at hand, and the way to the others. */
export function branchPicker(visit: RepoVisit, at: RefPath, view: "tree" | "commits"): Html {
  const { branches } = at;
  const tail = at.path === "" ? "" : `/${at.path}`;
  const current = branches.some((branch) => branch.name === at.ref) ? at.ref : shortSha(at.sha);
  return html`<details class="menu picker"><summary class="button">${icon("branch")} ${current}</summary>
    <div class="menu-box"><p class="menu-title">Branches</p>${branches.map(
      (branch) =>
        html`<a class="menu-item" href="${visit.base}/${view}/${encodePath(`${branch.name}${tail}`)}"${branch.name === at.ref ? html` aria-current="true"` : ""}>${branch.name}</a>`,
    )}</div></details>`;
}

/** The way from the root to a file, each folder a link. */
export function breadcrumb(visit: RepoVisit, at: RefPath): Html {
  const parts = at.path === "" ? [] : at.path.split("/");
  const links = parts.map((part, index) => {
    const folder = parts.slice(0, index + 1).join("/");
    return index === parts.length - 1
      ? html`<span class="slash">/</span><strong>${part}</strong>`
      : html`<span class="slash">/</span><a href="${treePath(visit, at.ref, folder)}">${part}</a>`;
  });
  const root = html`<a href="${treePath(visit, at.ref, "")}">${visit.repo.name}</a>`;
  return html`<span class="breadcrumb">${root}${links}</span>`;
}

export function treePath(visit: RepoVisit, ref: string, path: string): string {
  return `${visit.base}/tree/${encodePath(path === "" ? ref : `${ref}/${path}`)}`;
}

export function blobPath(visit: RepoVisit, ref: string, path: string): string {
  return `${visit.base}/blob/${encodePath(`${ref}/${path}`)}`;
}
