import type { IssueEvent } from "../../github/store/issue-records.ts";
import { type Html, html } from "../html.ts";
import { type IconName, icon } from "../icons.ts";
import { labelChip } from "../parts/label.ts";
import { avatar, personLink } from "../parts/people.ts";
import { moment } from "../parts/time.ts";
import { shortSha } from "../parts/words.ts";
import type { RepoVisit } from "../visit.ts";

type Data = Readonly<Record<string, unknown>>;

interface Saying {
  icon: IconName;
  tone?: string;
  words: (event: IssueEvent, visit: RepoVisit) => Html;
}

const SAYINGS: Readonly<Record<string, Saying>> = {
  labeled: { icon: "label", words: ({ data }) => html`added the ${chip(data)} label` },
  unlabeled: { icon: "label", words: ({ data }) => html`removed the ${chip(data)} label` },
  assigned: { icon: "person", words: ({ data }) => html`assigned ${loginIn(data, "assignee")}` },
  unassigned: {
    icon: "person",
    words: ({ data }) => html`unassigned ${loginIn(data, "assignee")}`,
  },
  renamed: { icon: "pencil", words: ({ data }) => renamed(data) },
  locked: { icon: "lock", words: () => html`locked this conversation` },
  unlocked: { icon: "lock", words: () => html`unlocked this conversation` },
  closed: { icon: "issueClosed", tone: "done", words: closed },
  reopened: { icon: "issueOpen", tone: "open", words: () => html`reopened this` },
  merged: {
    icon: "merged",
    tone: "done",
    words: (event, visit) => html`merged commit ${commitLink(event, visit)}`,
  },
  review_requested: {
    icon: "eye",
    words: ({ data }) => html`requested a review from ${loginIn(data, "requested_reviewer")}`,
  },
  review_request_removed: {
    icon: "eye",
    words: ({ data }) =>
      html`removed the review request for ${loginIn(data, "requested_reviewer")}`,
  },
  review_dismissed: { icon: "cross", words: () => html`dismissed a review` },
  ready_for_review: {
    icon: "eye",
    words: () => html`marked this pull request as ready for review`,
  },
  convert_to_draft: {
    icon: "draft",
    words: () => html`turned this pull request back into a draft`,
  },
  head_ref_deleted: { icon: "branch", words: () => html`deleted the branch` },
  head_ref_restored: { icon: "branch", words: () => html`restored the branch` },
  head_ref_force_pushed: { icon: "branch", words: () => html`force-pushed the branch` },
  base_ref_changed: { icon: "branch", words: () => html`changed the base branch` },
  cross_referenced: { icon: "comment", words: () => html`mentioned this elsewhere` },
  referenced: {
    icon: "commit",
    words: (event, visit) => html`mentioned this in commit ${commitLink(event, visit)}`,
  },
};

/** One line of the timeline: who did what, when. Events without words here are not shown. */
export function eventLine(visit: RepoVisit, event: IssueEvent): Html {
  const saying = SAYINGS[event.event];
  if (saying === undefined) return html``;
  const who = visit.hub.store.accounts.must(event.actorId);
  return html`<div class="event ${saying.tone === undefined ? "" : `event-${saying.tone}`}" id="event-${event.id}" data-live>
    <span class="event-icon">${icon(saying.icon)}</span>
    <span>${avatar(who)} ${personLink(who)} ${saying.words(event, visit)} <span class="note">${moment(event.createdAt)}</span></span></div>`;
}

function closed(event: IssueEvent, visit: RepoVisit): Html {
  const reason = event.data["state_reason"] === "not_planned" ? " as not planned" : "";
  const by = event.commitSha === null ? "" : html` in ${commitLink(event, visit)}`;
  return html`closed this${reason}${by}`;
}

function commitLink(event: IssueEvent, visit: RepoVisit): Html {
  const sha = event.commitSha ?? "";
  return html`<a class="sha" href="${visit.base}/commit/${sha}">${shortSha(sha)}</a>`;
}

function renamed(data: Data): Html {
  const { from, to } = fields(data["rename"]);
  return html`changed the title from <del>${asText(from)}</del> to <strong>${asText(to)}</strong>`;
}

function chip(data: Data): Html {
  const { name, color } = fields(data["label"]);
  return labelChip({ name: asText(name), color: asText(color) });
}

function loginIn(data: Data, key: string): Html {
  return html`<strong>${asText(fields(data[key])["login"])}</strong>`;
}

function fields(value: unknown): Data {
  return typeof value === "object" && value !== null ? (value as Data) : {};
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
