import type { Issue } from "../../github/store/issue-records.ts";
import { type Html, html } from "../html.ts";
import { commentPost, issuePost } from "../posts/post.ts";
import { postCard } from "../posts/post-card.ts";
import type { RepoVisit } from "../visit.ts";
import { eventLine } from "./event-line.ts";

export interface TimelineItem {
  at: string;
  show: () => Promise<Html>;
}

/** The description, then comments, events and the given further items in the order of time. */
export async function timeline(
  visit: RepoVisit,
  issue: Issue,
  further: readonly TimelineItem[] = [],
): Promise<Html> {
  const { store } = visit.hub;
  const items: TimelineItem[] = [
    ...further,
    ...store.eventsOf(issue.id).map((event) => ({
      at: event.createdAt,
      show: async () => eventLine(visit, event),
    })),
    ...store.commentsOf(issue.id).map((comment) => ({
      at: comment.createdAt,
      show: () => postCard(visit, commentPost(issue, comment)),
    })),
  ];
  // Sorting is stable: what happened within one second stays in the order of the list above.
  const ordered = items.sort((a, b) => a.at.localeCompare(b.at));
  const shown = await Promise.all(ordered.map((item) => item.show()));
  return html`<div class="timeline" id="timeline" data-live-list>${await postCard(visit, issuePost(issue))}${shown}</div>`;
}
