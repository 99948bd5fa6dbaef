import type { Call, Reply } from "../http/call.ts";
import { list } from "../http/call.ts";
import { commentReply, eventReply } from "../render/issues.ts";
import { reviewReply } from "../render/reviews.ts";
import type { Issue } from "../store/issue-records.ts";

/** Events, comments and reviews of an issue in the order of happening. */
export function timeline(call: Call, issue: Issue): Reply {
  const { hub } = call;
  const events = hub.store
    .eventsOf(issue.id)
    .map((e) => ({ at: e.createdAt, body: shownEvent(eventReply(hub, e)) }));
  const comments = hub.store.commentsOf(issue.id).map((c) => {
    const body = commentReply(hub, c);
    return { at: c.createdAt, body: { ...body, event: "commented", actor: body["user"] } };
  });
  const reviews = hub.store.reviewsOf(issue.id).flatMap((r) => {
    if (r.submittedAt === null) return [];
    const state = r.state.toLowerCase();
    return [{ at: r.submittedAt, body: { ...reviewReply(hub, r), state, event: "reviewed" } }];
  });
  const all = [...events, ...comments, ...reviews].toSorted((a, b) => a.at.localeCompare(b.at));
  return list(all, (entry) => entry.body);
}

/** Who assigned somebody is told in the list of events, not here. */
function shownEvent(event: Record<string, unknown>): Record<string, unknown> {
  const { assigner: _, ...shown } = event;
  return shown;
}
