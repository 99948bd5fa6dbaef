import type { FileDiff } from "../../github/git/code-view.ts";
import { type Html, html } from "../html.ts";
import { count } from "../parts/words.ts";

/** Address of a file's place on a diff page. */
export function fileAnchor(path: string): string {
  return `file-${path.replaceAll(/[^\w.-]+/g, "-")}`;
}

export function changeCounts(additions: number, deletions: number): Html {
  return html`<span class="counts"><span class="added-count">+${additions}</span> <span class="removed-count">−${deletions}</span></span>`;
}

/** "3 files changed", folded list of them. */
export function fileSummary(files: readonly FileDiff[]): Html {
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return html`<details class="file-summary"><summary><strong>${count(files.length, "file")}</strong> changed ${changeCounts(additions, deletions)}</summary>
    <ul class="plain">${files.map(
      (file) =>
        html`<li><a href="#${fileAnchor(file.path)}">${file.path}</a> ${changeCounts(file.additions, file.deletions)}</li>`,
    )}</ul></details>`;
}
