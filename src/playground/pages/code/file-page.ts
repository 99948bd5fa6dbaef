import { type Html, html } from "../html.ts";
import { repoLayout } from "../layout.ts";
import { count, encodePath } from "../parts/words.ts";
import { page, type Reply, redirect } from "../reply.ts";
import { PageError } from "../request.ts";
import { renderText } from "../text.ts";
import type { Params, RepoVisit } from "../visit.ts";
import { branchPicker, breadcrumb, treePath } from "./branch-picker.ts";
import { type RefPath, splitRefPath } from "./ref-path.ts";
import { bytes, homeOf } from "./repository-page.ts";

const IMAGES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  svg: "image/svg+xml",
};

/** Bytes above which a file is not shown line by line. */
const SHOWN_LIMIT = 1_000_000;

/** One file at a ref: lines with numbers, or rendered when it is Markdown (`?plain=1` shows the source). */
export async function filePage(visit: RepoVisit, params: Params): Promise<Reply> {
  const at = await splitRefPath(visit, params["rest"] ?? "");
  const content = await visit.hub.code(visit.name).file(at.sha, at.path);
  if (content === undefined) {
    const folder = await visit.hub.code(visit.name).tree(at.sha, at.path);
    if (folder !== undefined) return redirect(treePath(visit, at.ref, at.path));
    throw new PageError(404, `There is no file "${at.path}" at ${at.ref}.`);
  }
  const raw = `${visit.base}/raw/${encodePath(`${at.ref}/${at.path}`)}`;
  const isMarkdown = /\.(md|markdown)$/i.test(at.path);
  const plain = visit.request.query.get("plain") === "1";
  const toggle = html`<a class="button small" href="?${plain ? "" : "plain=1"}">${plain ? "Preview" : "Source"}</a>`;
  const body = html`<div class="toolbar">${branchPicker(visit, at, "tree")} ${breadcrumb(visit, at)}</div>
    <div class="box"><div class="box-head"><span class="note">${bytes(content.length)}</span><span class="spacer"></span>
      ${isMarkdown ? toggle : ""} <a class="button small" href="${raw}">Raw</a></div>
    ${await shown(visit, at, content)}</div>`;
  return page(repoLayout(visit, "code", { title: at.path, body }));
}

async function shown(visit: RepoVisit, at: RefPath, content: Buffer): Promise<Html> {
  const type = imageType(at.path);
  if (type !== undefined) {
    const src = `${visit.base}/media/${encodePath(`${at.ref}/${at.path}`)}`;
    return html`<div class="box-body"><img class="picture" src="${src}" alt="${at.path}"></div>`;
  }
  if (content.includes(0)) return html`<p class="blank">A binary file.</p>`;
  if (content.length > SHOWN_LIMIT) return html`<p class="blank">Too long to show; see it raw.</p>`;
  const text = content.toString("utf8");
  if (/\.(md|markdown)$/i.test(at.path) && visit.request.query.get("plain") !== "1") {
    const rendered = await renderText(visit, text, {
      kind: "file",
      home: homeOf(visit, at, at.path),
    });
    return html`<div class="box-body">${rendered}</div>`;
  }
  return codeLines(text);
}

function codeLines(text: string): Html {
  const lines = text.replace(/\n$/, "").split(/\r?\n/);
  return html`<div class="table-scroller"><table class="code" aria-label="${count(lines.length, "line")}"><tbody>${lines.map(
    (line, index) =>
      html`<tr id="L${index + 1}"><td class="line-number"><a href="#L${index + 1}">${index + 1}</a></td><td class="line">${line}</td></tr>`,
  )}</tbody></table></div>`;
}

/**
 * A file's bytes, as an image when it is one and as plain text otherwise. Pictures are asked for at
 * "/media/", for below "/raw/" the hub itself answers whoever is no browser, with plain text.
 */
export async function rawFile(visit: RepoVisit, params: Params): Promise<Reply> {
  const at = await splitRefPath(visit, params["rest"] ?? "");
  const body = await visit.hub.code(visit.name).file(at.sha, at.path);
  if (body === undefined) throw new PageError(404, `There is no file "${at.path}" at ${at.ref}.`);
  const plain = body.includes(0) ? "application/octet-stream" : "text/plain; charset=utf-8";
  return { kind: "file", type: imageType(at.path) ?? plain, body, maxAge: 0 };
}

function imageType(path: string): string | undefined {
  const extension = path.split(".").at(-1)?.toLowerCase() ?? "";
  return Object.hasOwn(IMAGES, extension) ? IMAGES[extension] : undefined;
}
