import type { FileDiff } from "../../github/git/code-view.ts";
import type { ReviewThread } from "../../github/store/pull-records.ts";
import { fileDiff, type Side } from "../diff/file-diff.ts";
import { fileAnchor, fileSummary } from "../diff/file-summary.ts";
import { patchLines } from "../diff/patch.ts";
import { type Html, html } from "../html.ts";
import { openFormAddress } from "../posts/forms.ts";
import type { Reply } from "../reply.ts";
import type { Params, RepoVisit } from "../visit.ts";
import { draftBox, lineForm, reviewForm } from "./line-forms.ts";
import { type PullView, pullPage, pullView } from "./pull-frame.ts";
import { threadBox } from "./thread-box.ts";

export interface Place {
  path: string;
  side: Side;
  line: number;
}

/** "RIGHT:12:src/a.ts" in an address. */
function placeKey({ side, line, path }: Place): string {
  return `${side}:${line}:${path}`;
}

/** The pull request's diff with its conversations, and the forms to review it. */
export async function filesPage(visit: RepoVisit, params: Params): Promise<Reply> {
  const view = await pullView(visit, params);
  const hanging = await hangings(visit, view);
  const files = view.files.map((file) => reviewableFile(visit, { view, file, hanging }));
  const body = html`<div class="toolbar files-bar">${fileSummary(view.files)}<span class="spacer"></span>${reviewForm(visit, view)}</div>
    ${files.length === 0 ? html`<p class="blank">Nothing differs from the base branch.</p>` : files}`;
  return pullPage(visit, view, { tab: "files", body, live: false });
}

/** What hangs at each line (by `placeKey`), and per path what no longer has one. */
interface Hangings {
  at: Map<string, Html[]>;
  loose: Map<string, Html[]>;
}

async function hangings(visit: RepoVisit, { issue, files }: PullView): Promise<Hangings> {
  const shown = shownPlaces(files);
  const found: Hangings = { at: new Map(), loose: new Map() };
  for (const thread of visit.hub.store.threadsOf(issue.id)) {
    const place = placeOf(thread);
    const key = place === undefined ? "" : placeKey(place);
    const isShown = shown.has(key);
    const box = await threadBox(visit, thread, { withCode: !isShown });
    add(isShown ? found.at : found.loose, isShown ? key : thread.path, box);
  }
  const drafts =
    visit.viewer === undefined ? [] : visit.memory.drafts.of(visit.viewer.id, issue.id);
  for (const draft of drafts) add(found.at, placeKey(draft), draftBox(visit, issue, draft));
  return found;
}

function add(map: Map<string, Html[]>, key: string, box: Html): void {
  map.set(key, [...(map.get(key) ?? []), box]);
}

function placeOf(thread: ReviewThread): Place | undefined {
  if (thread.line === null || thread.subjectType === "file") return undefined;
  return { path: thread.path, side: thread.side, line: thread.line };
}

/** Every line that some file's diff shows. */
function shownPlaces(files: readonly FileDiff[]): Set<string> {
  const keys = files.flatMap((file) =>
    patchLines(file.patch ?? "").flatMap((line) => {
      if (line.kind === "hunk" || line.kind === "note") return [];
      const left =
        line.left === null ? [] : [placeKey({ path: file.path, side: "LEFT", line: line.left })];
      const right =
        line.right === null ? [] : [placeKey({ path: file.path, side: "RIGHT", line: line.right })];
      return [...left, ...right];
    }),
  );
  return new Set(keys);
}

function reviewableFile(
  visit: RepoVisit,
  { view, file, hanging }: { view: PullView; file: FileDiff; hanging: Hangings },
): Html {
  const opened = visit.request.query.get("line");
  const canComment = visit.viewer !== undefined && !view.issue.locked;
  const anchor = fileAnchor(file.path);
  return fileDiff(file, {
    visit,
    ref: view.pull.headSha,
    above: html`${hanging.loose.get(file.path)?.map((box) => html`<div class="below-box">${box}</div>`)}`,
    commentLink: canComment
      ? (place) =>
          openFormAddress(visit, {
            name: "line",
            value: placeKey({ ...place, path: file.path }),
            anchor: "line-form",
          })
      : undefined,
    below(place) {
      const full = { ...place, path: file.path };
      const form =
        canComment && opened === placeKey(full)
          ? lineForm(visit, view, { place: full, anchor })
          : "";
      return [...(hanging.at.get(placeKey(full)) ?? []), form];
    },
  });
}
