import type { FileDiff } from "../../github/git/code-view.ts";
import { blobPath } from "../code/branch-picker.ts";
import { type Content, type Html, html } from "../html.ts";
import type { RepoVisit } from "../visit.ts";
import { changeCounts, fileAnchor } from "./file-summary.ts";
import { type PatchLine, patchLines } from "./patch.ts";

export type Side = "LEFT" | "RIGHT";

interface LineOptions {
  /** What hangs below a line: threads, drafts, the comment form. */
  below?: (place: { side: Side; line: number }) => Content;
  /** Address that opens the comment form on a line; undefined = no comments here. */
  commentLink?: ((place: { side: Side; line: number }) => string) | undefined;
}

export interface DiffOptions extends LineOptions {
  visit: RepoVisit;
  /** The head side, for links to whole files. */
  ref: string;
  /** What hangs above the lines: threads that no longer have a line. */
  above?: Content;
}

/** One file's changes as a table of lines. */
export function fileDiff(file: FileDiff, options: DiffOptions): Html {
  const name =
    file.previousPath === null
      ? html`<strong>${file.path}</strong>`
      : html`${file.previousPath} → <strong>${file.path}</strong>`;
  const whole =
    file.status === "removed"
      ? html`<span class="badge">deleted</span>`
      : html`${file.status === "added" ? html`<span class="badge">new</span> ` : ""}<a class="button small" href="${blobPath(options.visit, options.ref, file.path)}">View file</a>`;
  return html`<details class="box file-diff" id="${fileAnchor(file.path)}" open>
    <summary class="box-head">${name} ${changeCounts(file.additions, file.deletions)}<span class="spacer"></span>${whole}</summary>
    ${options.above}
    ${file.patch === null ? html`<p class="blank">No text to show (binary, empty, renamed or its mode changed).</p>` : table(file.patch, options)}
  </details>`;
}

function table(patch: string, options: LineOptions): Html {
  return html`<div class="diff-scroller"><table class="code diff"><tbody>${patchLines(patch).map((line) => row(line, options))}</tbody></table></div>`;
}

function row(line: PatchLine, options: LineOptions): Html {
  if (line.kind === "hunk" || line.kind === "note") {
    return html`<tr class="diff-${line.kind}"><td class="line-number" colspan="2"></td><td class="line">${line.text}</td></tr>`;
  }
  const sign = line.kind === "added" ? "+" : line.kind === "removed" ? "−" : " ";
  const place = placeOf(line);
  const link =
    options.commentLink === undefined || place === undefined
      ? ""
      : html`<a class="add-comment" href="${options.commentLink(place)}" aria-label="Comment on line ${place.line} (${place.side.toLowerCase()})">+</a>`;
  return html`<tr class="diff-${line.kind}"><td class="line-number">${line.left}</td><td class="line-number">${line.right}</td>
<td class="line">${link}<span class="sign">${sign}</span>${line.text}</td></tr>${belowRows(line, options)}`;
}

function placeOf(line: PatchLine): { side: Side; line: number } | undefined {
  if (line.kind === "hunk" || line.kind === "note") return undefined;
  if (line.right !== null) return { side: "RIGHT", line: line.right };
  return line.left === null ? undefined : { side: "LEFT", line: line.left };
}

/** A line that stands on both sides may carry threads of either. */
function belowRows(line: PatchLine, { below }: LineOptions): Html | string {
  if (below === undefined || line.kind === "hunk" || line.kind === "note") return "";
  const parts = [
    line.left === null ? "" : below({ side: "LEFT", line: line.left }),
    line.right === null ? "" : below({ side: "RIGHT", line: line.right }),
  ];
  const shown = html`${parts}`;
  return shown.text.trim() === ""
    ? ""
    : html`<tr class="below-line"><td colspan="3"><div class="below-box">${shown}</div></td></tr>`;
}

/** The last lines of a review comment's hunk, as context of its thread. */
export function hunkExcerpt(hunk: string): Html {
  const lines = patchLines(hunk).filter((line) => line.kind !== "note");
  const tail = lines.length > 5 ? lines.slice(-4) : lines;
  return html`<div class="diff-scroller"><table class="code diff excerpt"><tbody>${tail.map((line) => row(line, {}))}</tbody></table></div>`;
}
