import { closeIssue } from "../acts/issues.ts";
import { announce, note, touch } from "../acts/subject.ts";
import { type Act, gitOf, stamp } from "../context.ts";
import { type DiffLine, diffFiles, diffLines } from "../git/diff.ts";
import { isAncestor, mergeBase } from "../git/read.ts";
import { setRef } from "../git/write.ts";
import type { Pull, ReviewThread } from "../store/pull-records.ts";
import { pullRef } from "./open.ts";
import { announceReview } from "./reviews.ts";

/** The head branch got a new tip: the pull request follows it. */
export async function headMoved(act: Act, pull: Pull, after: string): Promise<void> {
  const { hub, repo } = act;
  const before = pull.headSha;
  if (before === after) return;
  const issue = hub.store.issues.must(pull.issueId);
  const git = gitOf(hub, repo);
  const forced = !(await isAncestor(git, before, after));
  pull.headSha = after;
  await setRef(git, pullRef(issue.number), after);
  await moveThreads(act, pull, before);
  touch(act, issue);
  if (forced) note(act, issue, { name: "head_ref_force_pushed", commitSha: after });
  await announce(act, issue, { action: "synchronize", extra: { before, after } });
  dismissStale(act, pull);
}

/** docs, "About protected branches": with the rule on, a new commit dismisses approvals. */
function dismissStale(act: Act, pull: Pull): void {
  if (act.repo.protection[pull.baseRef]?.dismissStaleReviews !== true) return;
  for (const review of act.hub.store.reviewsOf(pull.issueId)) {
    if (review.state !== "APPROVED") continue;
    review.state = "DISMISSED";
    announceReview(act, pull, { review, action: "dismissed" });
  }
}

/** Deleting the head branch closes the pull request. */
export async function headDeleted(act: Act, pull: Pull): Promise<void> {
  const issue = act.hub.store.issues.must(pull.issueId);
  note(act, issue, { name: "head_ref_deleted" });
  await closeIssue(act, issue, { byRule: true });
}

/** The base branch moved: if it now contains the head, the pull request was merged by hand. */
export async function baseMoved(act: Act, pull: Pull, after: string | null): Promise<void> {
  const { hub, repo } = act;
  const issue = hub.store.issues.must(pull.issueId);
  if (after === null) {
    await closeIssue(act, issue, { byRule: true });
    return;
  }
  if (await isAncestor(gitOf(hub, repo), pull.headSha, after)) {
    await markMerged(act, pull, after);
    return;
  }
  pull.baseSha = after;
}

/** Writes down that a pull request is merged, and tells. */
export async function markMerged(act: Act, pull: Pull, mergeCommitSha: string): Promise<void> {
  const issue = act.hub.store.issues.must(pull.issueId);
  pull.mergedAt = stamp(act.hub);
  pull.mergedById = act.by.account.id;
  pull.mergeCommitSha = mergeCommitSha;
  note(act, issue, { name: "merged", commitSha: mergeCommitSha });
  await closeIssue(act, issue, { commitSha: mergeCommitSha, byRule: true });
}

/** Moves each conversation to where its line is now; one whose line is gone becomes outdated. */
async function moveThreads(act: Act, pull: Pull, oldHead: string): Promise<void> {
  const git = gitOf(act.hub, act.repo);
  const threads = act.hub.store
    .threadsOf(pull.issueId)
    .filter((t) => t.subjectType === "line" && t.line !== null);
  if (threads.length === 0) return;
  const base = await mergeBase(git, pull.baseSha, pull.headSha);
  if (base === undefined) return;
  const [changes, diff] = await Promise.all([
    diffFiles(git, oldHead, pull.headSha),
    diffFiles(git, base, pull.headSha),
  ]);
  for (const thread of threads) {
    const change = changes.find((f) => (f.previousPath ?? f.path) === thread.path);
    const patch = diff.find((f) => f.path === thread.path)?.patch ?? "";
    moveThread(thread, { changed: diffLines(change?.patch ?? ""), shown: diffLines(patch) });
  }
}

function moveThread(thread: ReviewThread, by: { changed: DiffLine[]; shown: DiffLine[] }): void {
  const left = thread.side === "LEFT";
  const line = left ? thread.line : mapLine(by.changed, thread.line ?? 0);
  const found = by.shown.find((l) => line !== null && (left ? l.left : l.right) === line);
  if (found === undefined || line === null) {
    thread.line = null;
    thread.startLine = null;
    thread.position = null;
    return;
  }
  if (thread.startLine !== null) thread.startLine += line - (thread.line ?? line);
  thread.line = line;
  thread.position = found.position;
}

/** Where a line of the old file is in the new one; null when the change touched it. */
function mapLine(changed: readonly DiffLine[], line: number): number | null {
  let shift = 0;
  for (const entry of changed) {
    const at = entry.left ?? Number.POSITIVE_INFINITY;
    if (at === line) return entry.right;
    if (entry.left === null && (entry.right ?? 0) - shift <= line) shift += 1;
    if (entry.right === null && at < line) shift -= 1;
  }
  return line + shift;
}
