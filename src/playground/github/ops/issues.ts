import { addAssignees, assignable, removeAssignees } from "../acts/assignees.ts";
import {
  createIssue,
  type IssueChange,
  type NewIssue,
  setLock,
  updateIssue,
} from "../acts/issues.ts";
import { issueOf } from "../acts/subject.ts";
import { notFound } from "../errors.ts";
import {
  actOf,
  type Call,
  created,
  type Handlers,
  idParam,
  list,
  noContent,
  ok,
  param,
  repoOf,
  textQuery,
} from "../http/call.ts";
import { simpleUser } from "../render/accounts.ts";
import { eventReply, issueReply } from "../render/issues.ts";
import type { Issue, IssueEvent } from "../store/issue-records.ts";
import { timeline } from "./timeline.ts";

export const ISSUES: Handlers = {
  "issues/create": async (call) => {
    const issue = await createIssue(actOf(call), newIssue(call));
    return created(issueReply(call.hub, issue));
  },
  "issues/get": (call) => ok(issueReply(call.hub, issueAt(call))),
  "issues/update": async (call) => {
    const issue = issueAt(call);
    await updateIssue(actOf(call), issue, issueChange(call));
    return ok(issueReply(call.hub, issue));
  },
  "issues/list-for-repo": (call) => list(filtered(call), (i) => issueReply(call.hub, i)),
  "issues/lock": async (call) => {
    const reason = (call.body as { lock_reason?: string }).lock_reason ?? null;
    await setLock(actOf(call), issueAt(call), { locked: true, reason });
    return noContent();
  },
  "issues/unlock": async (call) => {
    await setLock(actOf(call), issueAt(call), { locked: false });
    return noContent();
  },
  "issues/add-assignees": async (call) => {
    const issue = issueAt(call);
    await addAssignees(actOf(call), issue, logins(call));
    return created(issueReply(call.hub, issue));
  },
  "issues/remove-assignees": async (call) => {
    const issue = issueAt(call);
    await removeAssignees(actOf(call), issue, logins(call));
    return ok(issueReply(call.hub, issue));
  },
  "issues/list-assignees": (call) =>
    list(assignable(call.hub, repoOf(call)), (a) => simpleUser(call.hub, a)),
  "issues/check-user-can-be-assigned": (call) => {
    const login = param(call, "assignee").toLowerCase();
    if (!assignable(call.hub, repoOf(call)).some((a) => a.login.toLowerCase() === login)) {
      throw notFound();
    }
    return noContent();
  },
  "issues/list-events": (call) =>
    list(call.hub.store.eventsOf(issueAt(call).id), (e) => eventReply(call.hub, e)),
  "issues/list-events-for-repo": (call) => {
    const events = call.hub.store.issueEvents.filter((e) => e.repoId === repoOf(call).id).reverse();
    return list(events, (e) => eventWithIssue(call, e));
  },
  "issues/get-event": (call) => {
    const event = call.hub.store.issueEvents.get(idParam(call, "event_id"));
    if (event?.repoId !== repoOf(call).id) throw notFound();
    return ok(eventWithIssue(call, event));
  },
  "issues/list-events-for-timeline": (call) => timeline(call, issueAt(call)),
};

function eventWithIssue(call: Call, event: IssueEvent): Record<string, unknown> {
  const issue = call.hub.store.issues.must(event.issueId);
  return { ...eventReply(call.hub, event), issue: issueReply(call.hub, issue) };
}

/** The issue or pull request of the path. */
export function issueAt(call: Call): Issue {
  return issueOf({ hub: call.hub, repo: repoOf(call) }, idParam(call, "issue_number"));
}

function logins(call: Call): string[] {
  return (call.body as { assignees?: string[] }).assignees ?? [];
}

interface IssueBody {
  title?: string | number | null;
  body?: string | null;
  state?: "open" | "closed";
  state_reason?: Issue["stateReason"];
  labels?: (string | { name?: string })[];
  assignees?: string[];
  assignee?: string | null;
}

function newIssue(call: Call): NewIssue {
  const body = call.body as IssueBody;
  return {
    title: String(body.title ?? ""),
    body: body.body ?? null,
    labels: labelNames(body.labels ?? []),
    assignees: body.assignees ?? (body.assignee ? [body.assignee] : []),
  };
}

export function labelNames(labels: readonly (string | { name?: string })[]): string[] {
  return labels.map((l) => (typeof l === "string" ? l : (l.name ?? "")));
}

function issueChange(call: Call): IssueChange {
  const { title, body, state, state_reason, labels, assignees } = call.body as IssueBody;
  return {
    ...(title === undefined || title === null ? {} : { title: String(title) }),
    ...(body === undefined ? {} : { body }),
    ...(state === undefined ? {} : { state }),
    ...(state_reason === undefined ? {} : { stateReason: state_reason }),
    ...(labels === undefined ? {} : { labels: labelNames(labels) }),
    ...(assignees === undefined ? {} : { assignees }),
  };
}

type Filter = (issue: Issue) => boolean;

/** Issues and pull requests of the repository, as the query's filters, sort and direction say. */
function filtered(call: Call): readonly Issue[] {
  const { store } = call.hub;
  const filters = filtersOf(call);
  const found = store.issues.filter(
    (i) => i.repoId === repoOf(call).id && filters.every((accepts) => accepts(i)),
  );
  const by = textQuery(call, "sort") ?? "created";
  const ascending = textQuery(call, "direction") === "asc";
  const sorted = found.toSorted(
    (a, b) => sortKey(call, by, a) - sortKey(call, by, b) || a.id - b.id,
  );
  return ascending ? sorted : sorted.reverse();
}

function sortKey(call: Call, by: string, issue: Issue): number {
  if (by === "comments") return call.hub.store.commentsOf(issue.id).length;
  return Date.parse(by === "updated" ? issue.updatedAt : issue.createdAt);
}

function filtersOf(call: Call): Filter[] {
  const { store } = call.hub;
  const filters: Filter[] = [];
  const state = textQuery(call, "state") ?? "open";
  if (state !== "all") filters.push((i) => i.state === state);
  const labels = textQuery(call, "labels")?.split(",");
  if (labels !== undefined) {
    filters.push((i) => {
      const names = store.labelsOf(i).map((l) => l.name.toLowerCase());
      return labels.every((l) => names.includes(l.trim().toLowerCase()));
    });
  }
  const creator = textQuery(call, "creator");
  if (creator !== undefined) {
    filters.push(
      (i) => store.accounts.must(i.authorId).login.toLowerCase() === creator.toLowerCase(),
    );
  }
  const assignee = textQuery(call, "assignee");
  if (assignee === "none") filters.push((i) => i.assigneeIds.length === 0);
  else if (assignee === "*") filters.push((i) => i.assigneeIds.length > 0);
  else if (assignee !== undefined) {
    filters.push((i) => i.assigneeIds.includes(store.account(assignee)?.id ?? -1));
  }
  const since = textQuery(call, "since");
  if (since !== undefined) filters.push((i) => Date.parse(i.updatedAt) >= Date.parse(since));
  return filters;
}
