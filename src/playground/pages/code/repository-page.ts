import type { CommitInfo, TreeEntry } from "../../github/git/code-view.ts";
import { type Html, html } from "../html.ts";
import { icon } from "../icons.ts";
import { repoLayout } from "../layout.ts";
import type { Folder } from "../memory.ts";
import { moment } from "../parts/time.ts";
import { count, encodePath } from "../parts/words.ts";
import { page, type Reply } from "../reply.ts";
import { PageError } from "../request.ts";
import { renderText } from "../text.ts";
import type { Params, RepoVisit } from "../visit.ts";
import { blobPath, branchPicker, breadcrumb, treePath } from "./branch-picker.ts";
import { authorName, commitSubject, shaLink } from "./commit-line.ts";
import { type RefPath, splitRefPath } from "./ref-path.ts";

/** The repository's front page: the default branch's files and README. */
export async function repositoryPage(visit: RepoVisit): Promise<Reply> {
  const { defaultBranch } = visit.repo;
  const branches = await visit.hub.code(visit.name).branches();
  const tip = branches.find((branch) => branch.name === defaultBranch);
  if (tip === undefined) return emptyRepository(visit);
  return folderPage(visit, { ref: defaultBranch, sha: tip.sha, path: "", branches });
}

/** Files of a folder at a ref. */
export async function treePage(visit: RepoVisit, params: Params): Promise<Reply> {
  return folderPage(visit, await splitRefPath(visit, params["rest"] ?? ""));
}

function emptyRepository(visit: RepoVisit): Reply {
  const body = html`<section class="blank"><h1>Nothing here yet</h1>
    <p>Push to it:</p><pre><code>git push ${visit.hub.url}${visit.base}.git ${visit.repo.defaultBranch}</code></pre></section>`;
  return page(repoLayout(visit, "code", { title: visit.repo.name, body }));
}

async function folderPage(visit: RepoVisit, at: RefPath): Promise<Reply> {
  const folder = await visit.memory.folders.get(`${visit.name} ${at.sha}:${at.path}`, () =>
    readFolder(visit, at),
  );
  if (folder === undefined) {
    throw new PageError(404, `There is no folder "${at.path}" at ${at.ref}.`);
  }
  const { entries, newest } = folder;
  const body = html`${at.path === "" ? about(visit) : ""}
    <div class="toolbar">${branchPicker(visit, at, "tree")}
      ${at.path === "" ? "" : breadcrumb(visit, at)}
      <span class="spacer"></span>
      <a class="quiet-link" href="${visit.base}/branches">${icon("branch")} ${count(at.branches.length, "branch", "branches")}</a>
      <a class="quiet-link" href="${visit.base}/commits/${encodePath(at.ref)}">${icon("clock")} Commits</a></div>
    <div class="box" data-live id="files">
      ${newestCommit(visit, newest)}
      <ul class="plain files">${sorted(entries).map((entry) => entryRow(visit, at, entry))}</ul>
    </div>
    ${await readme(visit, at, entries)}`;
  return page(repoLayout(visit, "code", { title: at.path || visit.repo.name, body, live: true }));
}

function about({ repo, hub, base }: RepoVisit): Html {
  return html`<div class="about"><p>${repo.description ?? html`<span class="note">No description.</span>`}</p>
    <p class="note">Clone: <code>${hub.url}${base}.git</code></p></div>`;
}

async function readFolder(visit: RepoVisit, at: RefPath): Promise<Folder | undefined> {
  const code = visit.hub.code(visit.name);
  const within = at.path === "" ? {} : { path: at.path };
  const [entries, log] = await Promise.all([
    code.tree(at.sha, at.path),
    code.log(at.sha, { limit: 1, ...within }),
  ]);
  return entries === undefined ? undefined : { entries, newest: log[0] };
}

function newestCommit(visit: RepoVisit, commit: CommitInfo | undefined): Html {
  if (commit === undefined) return html``;
  return html`<div class="box-head">${authorName(visit, commit)} ${commitSubject(visit, commit)}
    <span class="spacer"></span>${shaLink(visit, commit.sha)} <span class="note">${moment(commit.committer.date)}</span></div>`;
}

function sorted(entries: readonly TreeEntry[]): TreeEntry[] {
  const byName = [...entries].sort((a, b) => a.name.localeCompare(b.name));
  return [...byName.filter((e) => e.type !== "blob"), ...byName.filter((e) => e.type === "blob")];
}

function entryRow(visit: RepoVisit, at: RefPath, entry: TreeEntry): Html {
  const isFile = entry.type === "blob";
  const href = isFile ? blobPath(visit, at.ref, entry.path) : treePath(visit, at.ref, entry.path);
  return html`<li class="row ${isFile ? "" : "folder"}">${icon(isFile ? "file" : "folder")} <a href="${href}">${entry.name}</a>
    <span class="spacer"></span>${entry.size === null ? "" : html`<span class="note">${bytes(entry.size)}</span>`}</li>`;
}

export function bytes(size: number): string {
  if (size < 1000) return `${size} B`;
  return size < 1_000_000
    ? `${(size / 1000).toFixed(1)} kB`
    : `${(size / 1_000_000).toFixed(1)} MB`;
}

async function readme(visit: RepoVisit, at: RefPath, entries: readonly TreeEntry[]): Promise<Html> {
  const entry = entries.find((e) => e.type === "blob" && /^readme(\.md)?$/i.test(e.name));
  if (entry === undefined) return html``;
  const file = await visit.memory.files.get(`${visit.name} ${at.sha}:${entry.path}`, () =>
    visit.hub.code(visit.name).file(at.sha, entry.path),
  );
  if (file === undefined) return html``;
  return html`<section class="box readme"><div class="box-head">${icon("file")} <strong>${entry.name}</strong></div>
    <div class="box-body">${await renderText(visit, file.toString("utf8"), { kind: "file", home: homeOf(visit, at, entry.path) })}</div></section>`;
}

/** Where a file's relative links lead. */
export function homeOf(
  visit: RepoVisit,
  at: RefPath,
  path: string,
): { pages: string; raw: string } {
  const folder = path.split("/").slice(0, -1).join("/");
  const tail = encodePath(folder === "" ? at.ref : `${at.ref}/${folder}`);
  return { pages: `${visit.base}/blob/${tail}`, raw: `${visit.base}/media/${tail}` };
}
