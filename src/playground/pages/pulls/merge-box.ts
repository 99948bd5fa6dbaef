import type { Hub } from "../../github/context.ts";
import { unmetRules } from "../../github/pulls/rules.ts";
import { type Content, type Html, html } from "../html.ts";
import { type IconName, icon } from "../icons.ts";
import { personById } from "../parts/people.ts";
import { moment } from "../parts/time.ts";
import { count } from "../parts/words.ts";
import { backField } from "../posts/forms.ts";
import { hasRole, mayEdit, type RepoVisit } from "../visit.ts";
import { type CheckState, checkIcon, checkLines, overallState } from "./checks-state.ts";
import type { PullView } from "./pull-frame.ts";
import { latestReviews } from "./reviewers.ts";

/** What stands between a pull request and its merge, and the buttons for it. */
export async function mergeBox(visit: RepoVisit, view: PullView): Promise<Html> {
  const { issue, pull } = view;
  if (pull.mergedAt !== null) return mergedBox(visit, view);
  if (issue.state === "closed") {
    const gone = await deleteBranchForm(visit, view);
    return box(
      "closed",
      html`${line({ icon: "pull" }, "Closed without merging", "The commits stay on their branch.")}${gone}`,
    );
  }
  const clean = await merges(visit, view);
  const unmet = unmetRules({ store: visit.hub.store } as Hub, pull);
  const tone = pull.draft || !clean || unmet.length > 0 ? "draft" : "open";
  return box(
    tone,
    html`${reviewLine(visit, view)}${checksSection(visit, view)}
    ${unmet.map((rule) => line({ icon: "lock" }, "Merging is blocked", rule))}
    ${
      clean
        ? line(GOOD, "No conflicts with the base branch", "Git can merge it by itself.")
        : line(
            BAD,
            "It conflicts with the base branch",
            "Resolve the conflicts on the branch first.",
          )
    }
    ${await behindLine(visit, view)}
    ${pull.draft ? draftLine(visit, view) : mergeForm(visit, view, clean && unmet.length === 0)}`,
  );
}

function box(tone: string, content: Content): Html {
  return html`<section class="merge-box tone-box-${tone}" id="merge-box" data-live aria-label="Merge">${content}</section>`;
}

interface Sign {
  icon: IconName;
  tone?: string;
}

const GOOD: Sign = { icon: "check", tone: "check-success" };
const BAD: Sign = { icon: "cross", tone: "check-failure" };

function line(sign: Sign, title: Content, words: Content): Html {
  return html`<div class="merge-line"><span class="merge-icon ${sign.tone}">${icon(sign.icon)}</span><div><strong>${title}</strong><p class="note">${words}</p></div></div>`;
}

/** Asked of git once for each pair of commits. */
async function merges(visit: RepoVisit, { pull }: PullView): Promise<boolean> {
  const key = `${visit.name} ${pull.baseSha} ${pull.headSha}`;
  const code = visit.hub.code(visit.name);
  return visit.memory.mergeable.get(
    key,
    async () => (await code.mergeable(pull.baseSha, pull.headSha)) === true,
  );
}

function reviewLine(visit: RepoVisit, { issue, pull }: PullView): Html {
  const reviews = [...latestReviews(visit, issue).values()];
  const approved = reviews.filter((review) => review.state === "APPROVED").length;
  const refused = reviews.filter((review) => review.state === "CHANGES_REQUESTED").length;
  if (refused > 0)
    return line(BAD, "Changes requested", `${count(refused, "review")} asked for changes.`);
  if (approved > 0) return line(GOOD, "Approved", `${count(approved, "approving review")}.`);
  const asked = pull.requestedReviewerIds.length;
  return asked === 0
    ? html``
    : line(
        { icon: "dot", tone: "check-pending" },
        "Review requested",
        `${count(asked, "review")} still to come.`,
      );
}

const HEADINGS: Readonly<Record<CheckState, string>> = {
  success: "All checks have passed",
  neutral: "All checks have passed",
  pending: "Some checks have not finished yet",
  failure: "Some checks were not successful",
};

function checksSection(visit: RepoVisit, view: PullView): Html {
  const lines = checkLines(visit, view.pull.headSha);
  const state = overallState(lines);
  if (state === undefined) return html``;
  const required = new Set(
    visit.repo.protection[view.pull.baseRef]?.requiredChecks.map((c) => c.context),
  );
  const passed = lines.filter((l) => l.state === "success").length;
  const rows = lines.map(
    (
      l,
    ) => html`<li class="row">${checkIcon(l.state)} <span class="row-main"><strong>${l.name}</strong> <span class="note">${l.about ?? l.words}</span></span>
      ${required.has(l.name) ? html`<span class="badge">Required</span>` : ""}
      <a href="${l.run === undefined ? `${view.base}/checks` : `${view.base}/checks?run=${l.run.id}`}">Details</a></li>`,
  );
  return html`<div class="merge-line"><span class="merge-icon">${checkIcon(state)}</span><details class="merge-checks" open><summary><strong>${HEADINGS[state]}</strong>
    <span class="note">${passed} of ${count(lines.length, "check")} passed</span></summary><ul class="plain">${rows}</ul></details></div>`;
}

async function behindLine(visit: RepoVisit, { pull, base }: PullView): Promise<Html> {
  const key = `${visit.name} ${pull.headSha}..${pull.baseSha}`;
  const behind = await visit.memory.behind.get(key, async () => {
    const missing = await visit.hub.code(visit.name).commitsBetween(pull.headSha, pull.baseSha);
    return missing.length;
  });
  if (behind === 0) return html``;
  const button = hasRole(visit, "write")
    ? form(visit, `${base}/update`, html`<button>Update branch</button>`)
    : "";
  return html`<div class="merge-line"><span class="merge-icon">${icon("branch")}</span><div class="spacer"><strong>Behind the base branch</strong>
    <p class="note">${count(behind, "commit")} on <code>${pull.baseRef}</code> ${behind === 1 ? "is" : "are"} not here yet.</p></div>${button}</div>`;
}

function draftLine(visit: RepoVisit, { issue, base }: PullView): Html {
  const button = mayEdit(visit, issue.authorId)
    ? form(visit, `${base}/ready`, html`<button>Ready for review</button>`)
    : "";
  return html`<div class="merge-line"><span class="merge-icon">${icon("draft")}</span><div class="spacer"><strong>Still a draft</strong>
    <p class="note">Drafts cannot be merged.</p></div>${button}</div>`;
}

function mergeForm(visit: RepoVisit, { issue, base }: PullView, isReady: boolean): Html {
  const { repo } = visit;
  const toDraft = mayEdit(visit, issue.authorId)
    ? form(visit, `${base}/draft`, html`<button class="quiet">Convert to draft</button>`)
    : "";
  if (!hasRole(visit, "write")) {
    return html`<div class="merge-line"><span class="note">People with write access can merge this.</span><span class="spacer"></span>${toDraft}</div>`;
  }
  const methods = [
    ["merge", "Create a merge commit", repo.allowMergeCommit],
    ["squash", "Squash and merge", repo.allowSquashMerge],
    ["rebase", "Rebase and merge", repo.allowRebaseMerge],
  ] as const;
  const options = methods.map(([value, words, allowed]) =>
    allowed ? html`<option value="${value}">${words}</option>` : "",
  );
  return html`<div class="merge-line merge-act"><form method="post" action="${base}/merge">${backField(visit)}<label class="hidden-words" for="method">How</label>
    <select id="method" name="method">${options}</select> <button class="primary go"${isReady ? "" : html` disabled`}>Merge pull request</button></form><span class="spacer"></span>${toDraft}</div>`;
}

function form(visit: RepoVisit, action: string, content: Html): Html {
  return html`<form method="post" action="${action}">${backField(visit)}${content}</form>`;
}

async function mergedBox(visit: RepoVisit, view: PullView): Promise<Html> {
  const { pull, issue } = view;
  const who = personById(visit.hub, pull.mergedById ?? issue.authorId);
  const when = pull.mergedAt === null ? "" : moment(pull.mergedAt);
  const gone = await deleteBranchForm(visit, view);
  return box(
    "done",
    html`${line({ icon: "merged", tone: "tone-done" }, "Merged", html`${who} merged this into <code>${pull.baseRef}</code> ${when}`)}${gone}`,
  );
}

async function deleteBranchForm(visit: RepoVisit, { pull, base }: PullView): Promise<Html> {
  const tip = await visit.hub.code(visit.name).resolve(`refs/heads/${pull.headRef}`);
  if (tip === undefined || !hasRole(visit, "write")) return html``;
  return html`<div class="merge-line"><div class="spacer note">The branch <code>${pull.headRef}</code> can be deleted.</div>${form(visit, `${base}/delete-branch`, html`<button>Delete branch</button>`)}</div>`;
}
