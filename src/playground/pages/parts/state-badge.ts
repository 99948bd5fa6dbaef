import type { Issue } from "../../github/store/issue-records.ts";
import type { Pull } from "../../github/store/pull-records.ts";
import { type Html, html } from "../html.ts";
import { type IconName, icon } from "../icons.ts";

interface Look {
  words: string;
  icon: IconName;
  tone: "open" | "done" | "closed" | "draft";
}

/** The state of an issue or pull request in words, an icon and a colour. */
function lookOf(issue: Issue, pull: Pull | undefined): Look {
  if (pull !== undefined) return pullLook(issue, pull);
  if (issue.state === "open") return { words: "Open", icon: "issueOpen", tone: "open" };
  return issue.stateReason === "not_planned" || issue.stateReason === "duplicate"
    ? { words: "Closed as not planned", icon: "skipped", tone: "draft" }
    : { words: "Closed", icon: "issueClosed", tone: "done" };
}

function pullLook(issue: Issue, pull: Pull): Look {
  if (pull.mergedAt !== null) return { words: "Merged", icon: "merged", tone: "done" };
  if (issue.state === "closed") return { words: "Closed", icon: "pull", tone: "closed" };
  return pull.draft
    ? { words: "Draft", icon: "draft", tone: "draft" }
    : { words: "Open", icon: "pull", tone: "open" };
}

export function stateBadge(issue: Issue, pull: Pull | undefined): Html {
  const look = lookOf(issue, pull);
  return html`<span class="state ${look.tone}">${icon(look.icon)} ${look.words}</span>`;
}

/** The small coloured icon of lists. */
export function stateIcon(issue: Issue, pull: Pull | undefined): Html {
  const look = lookOf(issue, pull);
  return html`<span class="tone-${look.tone}" title="${look.words}">${icon(look.icon)}<span class="hidden-words">${look.words}</span></span>`;
}
