import { may } from "../auth/roles.ts";
import { characters } from "../characters.ts";
import { type Act, stamp } from "../context.ts";
import { ApiError, forbidden, invalid, notFound } from "../errors.ts";
import { viaAppId } from "../principal.ts";
import { issueInWebhook } from "../render/issues.ts";
import { pullFull } from "../render/pulls.ts";
import type { Issue, IssueEvent } from "../store/issue-records.ts";
import type { Pull } from "../store/pull-records.ts";

/** What GitHub keeps of one text (its own error message names the number). */
const MAX_BODY = 65_536;

/** The issue or pull request of a number; 404 when the repository has none, 410 when it was deleted. */
export function issueOf(act: Pick<Act, "hub" | "repo">, number: number): Issue {
  const issue = act.hub.store.issue(act.repo.id, number);
  if (issue === undefined && act.repo.deletedIssues.includes(number)) {
    throw new ApiError(410, "This issue was deleted");
  }
  if (issue === undefined) throw notFound();
  return issue;
}

/** The pull request of a number; 404 when there is none, or a plain issue. */
export function pullOf(
  act: Pick<Act, "hub" | "repo">,
  number: number,
): { issue: Issue; pull: Pull } {
  const issue = issueOf(act, number);
  const pull = act.hub.store.pullOf(issue);
  if (pull === undefined) throw notFound();
  return { issue, pull };
}

/** Checks a text that is to be kept. */
export function checkBody(resource: string, body: string, blank: "allowed" | "refused"): void {
  if (blank === "refused" && body.trim() === "") {
    throw invalid({ resource, code: "missing_field", field: "body" });
  }
  if (characters(body) > MAX_BODY) {
    throw invalid({
      resource,
      code: "unprocessable",
      field: "data",
      message: `Body is too long (maximum is ${MAX_BODY} characters)`,
    });
  }
}

export function refuseIfLocked(act: Act, issue: Issue): void {
  if (!issue.locked) return;
  // docs: only people with write access comment on a locked conversation. Apps never do, whatever their
  // permissions (probot/stale#25 and renovatebot/renovate#6215 show this very answer).
  if (act.by.kind === "user" && may(act, "write")) return;
  throw forbidden("Unable to create comment because issue is locked.");
}

export function refuseArchived(act: Act): void {
  if (act.repo.archived) throw archived();
}

function archived(): ApiError {
  return forbidden("Repository was archived so is read-only.");
}

export function touch(act: Act, issue: Issue): void {
  issue.updatedAt = stamp(act.hub);
}

/** Adds a line to an issue's timeline. */
export function note(
  act: Act,
  issue: Issue,
  event: { name: string; data?: Record<string, unknown>; commitSha?: string },
): IssueEvent {
  return act.hub.store.issueEvents.insert({
    repoId: act.repo.id,
    issueId: issue.id,
    actorId: act.by.account.id,
    viaAppId: viaAppId(act.by),
    event: event.name,
    commitSha: event.commitSha ?? null,
    createdAt: stamp(act.hub),
    data: event.data ?? {},
  });
}

/** Tells the webhooks about an issue, or about a pull request when it is one. */
export async function announce(
  act: Act,
  issue: Issue,
  what: { action: string; extra?: Record<string, unknown> },
): Promise<void> {
  const { hub, repo, by } = act;
  const pull = hub.store.pullOf(issue);
  const payload =
    pull === undefined
      ? { issue: issueInWebhook(hub, issue), ...what.extra }
      : { number: issue.number, pull_request: await pullFull(hub, pull), ...what.extra };
  const event = pull === undefined ? "issues" : "pull_request";
  hub.emit({ event, action: what.action, sender: by.account, repo, payload });
}
