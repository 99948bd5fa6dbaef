import type { CheckAnnotation, CheckRun } from "../../github/store/check-records.ts";
import { blobPath } from "../code/branch-picker.ts";
import { type Html, html } from "../html.ts";
import { icon } from "../icons.ts";
import { duration, moment } from "../parts/time.ts";
import { backField } from "../posts/forms.ts";
import { renderText } from "../text.ts";
import { hasRole, type RepoVisit } from "../visit.ts";
import { type CheckLine, checkIcon, checkLines } from "./checks-state.ts";

/**
 * The checks of a commit: a list, and the chosen one in full (`?run=ID`; else the first that failed). One live part,
 * empty or not, so that the first check appears on a page that was opened before it.
 */
export async function checksPanel(visit: RepoVisit, sha: string): Promise<Html> {
  const lines = checkLines(visit, sha);
  if (lines.length === 0)
    return html`<div class="box" id="checks" data-live><p class="blank">No checks on this commit yet.</p></div>`;
  const wanted = Number(visit.request.query.get("run"));
  const chosen =
    lines.find((line) => line.run?.id === wanted) ??
    lines.find((line) => line.run !== undefined && line.state === "failure") ??
    lines.find((line) => line.run !== undefined) ??
    lines[0];
  const list = lines.map((line) => listEntry(line, line === chosen));
  return html`<div class="checks-columns" id="checks" data-live><nav class="box checks-list" aria-label="Checks">${list}</nav>
    <div class="checks-detail">${chosen?.run === undefined ? statusDetail(chosen) : await runDetail(visit, chosen.run, chosen)}</div></div>`;
}

function listEntry(line: CheckLine, isChosen: boolean): Html {
  const inside = html`${checkIcon(line.state)} <span class="row-main"><strong>${line.name}</strong><span class="note">${line.words}</span></span>`;
  return line.run === undefined
    ? html`<span class="row">${inside}</span>`
    : html`<a class="row" href="?run=${line.run.id}"${isChosen ? html` aria-current="true"` : ""}>${inside}</a>`;
}

function statusDetail(line: CheckLine | undefined): Html {
  if (line === undefined) return html``;
  const link =
    line.detailsUrl === null
      ? ""
      : html` <a href="${safeUrl(line.detailsUrl)}" rel="nofollow noreferrer">Details</a>`;
  return html`<div class="box box-body">${checkIcon(line.state)} <strong>${line.name}</strong> ${line.about}${link}</div>`;
}

async function runDetail(visit: RepoVisit, run: CheckRun, line: CheckLine): Promise<Html> {
  const app = visit.hub.store.apps.must(run.appId);
  const took = run.completedAt === null ? "" : ` in ${duration(run.startedAt, run.completedAt)}`;
  const { title, summary, text } = run.output;
  return html`<section class="box check-run"><header class="box-head"><h2>${checkIcon(line.state)} ${run.name}</h2>
      <span class="note">${line.words}${took} · by <a href="/apps/${app.slug}">${app.name}</a> · started ${moment(run.startedAt)}</span>
      <span class="spacer"></span>${buttons(visit, run)}</header>
    <div class="box-body">${title === null ? "" : html`<h3>${title}</h3>`}
      ${summary === null ? "" : await renderText(visit, summary)}
      ${text === null ? "" : html`<hr>${await renderText(visit, text)}`}
      ${title === null && summary === null ? html`<p class="blank">This check says nothing more.</p>` : ""}
      ${line.detailsUrl === null ? "" : html`<p><a href="${safeUrl(line.detailsUrl)}" rel="nofollow noreferrer">More details by ${app.name}</a></p>`}</div>
    ${annotations(visit, run)}
    ${run.log === undefined || run.log === "" ? "" : html`<details class="box-body" open><summary>Log</summary><pre class="job-log"><code>${run.log}</code></pre></details>`}</section>`;
}

/** Buttons of the check's app, and "Re-run"; the app hears of a press by a webhook. */
function buttons(visit: RepoVisit, run: CheckRun): Html {
  if (!hasRole(visit, "write")) return html``;
  const action = `${visit.base}/runs/${run.id}`;
  const own = run.actions.map(
    ({ label, description, identifier }) =>
      html`<button name="identifier" value="${identifier}" title="${description}">${label}</button> `,
  );
  const pressed =
    own.length === 0
      ? ""
      : html`<form method="post" action="${action}/action">${backField(visit)}${own}</form>`;
  return html`<div class="buttons">${pressed}<form method="post" action="${action}/rerun">${backField(visit)}<button>Re-run</button></form></div>`;
}

function annotations(visit: RepoVisit, run: CheckRun): Html {
  if (run.annotations.length === 0) return html``;
  return html`<div class="annotations"><h3>Annotations</h3>${run.annotations.map((a) => annotation(visit, run, a))}</div>`;
}

function annotation(visit: RepoVisit, run: CheckRun, a: CheckAnnotation): Html {
  const state = a.level === "failure" ? "failure" : a.level === "warning" ? "pending" : "neutral";
  const lines = a.startLine === a.endLine ? `${a.startLine}` : `${a.startLine}–${a.endLine}`;
  const details = a.rawDetails === null ? "" : html`<pre><code>${a.rawDetails}</code></pre>`;
  return html`<div class="annotation annotation-${a.level}"><p>${checkIcon(state)} <strong>${a.title ?? a.level}</strong>
    <a class="path" href="${blobPath(visit, run.headSha, a.path)}#L${a.startLine}">${icon("file")} ${a.path}:${lines}</a></p>
    <pre class="annotation-message">${a.message}</pre>${details}</div>`;
}

/** Addresses come from apps: only web addresses become links. */
function safeUrl(url: string): string {
  return /^https?:\/\//i.test(url) ? url : "#";
}
