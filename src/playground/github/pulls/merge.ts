import { closeIssue } from "../acts/issues.ts";
import { refuseArchived } from "../acts/subject.ts";
import { requireRole } from "../auth/roles.ts";
import { closedByText } from "../code/closing.ts";
import { refsMoved } from "../code/refs-moved.ts";
import { type Act, gitOf } from "../context.ts";
import { ApiError, unprocessable } from "../errors.ts";
import { aheadBehind, logCommits, readRef } from "../git/read.ts";
import { type Identity, mergeTrees, moveRef, pickTree, writeCommit } from "../git/write.ts";
import { noreplyEmail } from "../render/code.ts";
import type { Pull } from "../store/pull-records.ts";
import { markMerged } from "./follow.ts";
import { unmetRules } from "./rules.ts";

export interface MergeInput {
  method?: "merge" | "squash" | "rebase";
  title?: string;
  message?: string;
  /** The head that the caller has seen; another one is refused. */
  sha?: string;
}

/** Who commits what is done on GitHub's pages. */
export const WEB_FLOW: Identity = { name: "GitHub", email: "noreply@github.com" };

export function identityOf(act: Act): Identity {
  const { account } = act.by;
  return { name: account.name ?? account.login, email: noreplyEmail(account) };
}

export async function mergePull(act: Act, pull: Pull, input: MergeInput): Promise<string> {
  const { hub, repo } = act;
  refuseArchived(act);
  requireRole(act, "write", "You're not authorized to push to this branch.");
  const base = await checkMergeable(act, pull, input);
  const sha = await makeMerge(act, pull, { ...input, base });
  const ref = `refs/heads/${pull.baseRef}`;
  if (!(await moveRef(gitOf(hub, repo), ref, { before: base, after: sha }))) {
    throw new ApiError(409, "Base branch was modified. Review and try the merge again.");
  }
  const issue = hub.store.issues.must(pull.issueId);
  await markMerged(act, pull, sha);
  await refsMoved(act, [ref]);
  if (pull.baseRef === repo.defaultBranch) {
    for (const closed of closedByText(act, `${issue.title}\n${issue.body ?? ""}`)) {
      await closeIssue(act, closed, { reason: "completed", commitSha: sha, byRule: true });
    }
  }
  if (repo.deleteBranchOnMerge) await deleteHead(act, pull);
  return sha;
}

async function deleteHead(act: Act, pull: Pull): Promise<void> {
  const ref = `refs/heads/${pull.headRef}`;
  await moveRef(gitOf(act.hub, act.repo), ref, { before: pull.headSha, after: null });
  await refsMoved(act, [ref]);
}

/** Returns the base branch's tip; refuses with what GitHub answers (405 and 409, the description). */
async function checkMergeable(act: Act, pull: Pull, input: MergeInput): Promise<string> {
  const { hub, repo } = act;
  const issue = hub.store.issues.must(pull.issueId);
  const base = await readRef(gitOf(hub, repo), `refs/heads/${pull.baseRef}`);
  if (issue.state === "closed" || base === undefined) {
    throw new ApiError(405, "Pull Request is not mergeable");
  }
  if (pull.draft) throw new ApiError(405, "Pull Request is still a work in progress");
  if (input.sha !== undefined && input.sha !== pull.headSha) {
    throw new ApiError(409, "Head branch was modified. Review and try the merge again.");
  }
  checkMethod(act, input.method ?? "merge");
  const rules = repo.protection[pull.baseRef];
  const unmet = unmetRules(hub, pull);
  if (rules?.strict === true) {
    const { behind } = await aheadBehind(gitOf(hub, repo), base, pull.headSha);
    if (behind > 0) unmet.push("The head branch is not up to date with the base branch.");
  }
  if (unmet.length > 0) throw new ApiError(405, unmet.join(" "));
  return base;
}

function checkMethod(act: Act, method: "merge" | "squash" | "rebase"): void {
  const { repo } = act;
  const allowed = {
    merge: repo.allowMergeCommit,
    squash: repo.allowSquashMerge,
    rebase: repo.allowRebaseMerge,
  };
  if (allowed[method]) return;
  const name =
    method === "merge" ? "Merge commits" : method === "squash" ? "Squash merges" : "Rebase merges";
  throw new ApiError(405, `${name} are not allowed on this repository.`);
}

async function makeMerge(
  act: Act,
  pull: Pull,
  input: MergeInput & { base: string },
): Promise<string> {
  const git = gitOf(act.hub, act.repo);
  if (input.method === "rebase") return rebase(act, pull, input.base);
  const tree = await mergeTrees(git, input.base, pull.headSha);
  if (tree === undefined) throw new ApiError(405, "Pull Request is not mergeable");
  const squash = input.method === "squash";
  return writeCommit(git, {
    tree,
    parents: squash ? [input.base] : [input.base, pull.headSha],
    message: await mergeMessage(act, pull, input),
    author: identityOf(act),
    committer: WEB_FLOW,
  });
}

async function mergeMessage(
  act: Act,
  pull: Pull,
  input: MergeInput & { base: string },
): Promise<string> {
  const issue = act.hub.store.issues.must(pull.issueId);
  const owner = act.hub.store.accounts.must(act.repo.ownerId).login;
  if (input.method !== "squash") {
    const title =
      input.title ?? `Merge pull request #${issue.number} from ${owner}/${pull.headRef}`;
    return `${title}\n\n${input.message ?? issue.title}\n`;
  }
  const range = [`${input.base}..${pull.headSha}`];
  const commits = await logCommits(gitOf(act.hub, act.repo), range, { reverse: true });
  const texts = commits.map((c) => (commits.length === 1 ? bodyOf(c.message) : `* ${c.message}`));
  const title = input.title ?? `${issue.title} (#${issue.number})`;
  return `${title}\n\n${input.message ?? texts.join("\n\n")}`.trimEnd().concat("\n");
}

function bodyOf(message: string): string {
  return message.split("\n").slice(1).join("\n").trim();
}

async function rebase(act: Act, pull: Pull, base: string): Promise<string> {
  const git = gitOf(act.hub, act.repo);
  const commits = await logCommits(git, [`${base}..${pull.headSha}`], { reverse: true });
  let tip = base;
  for (const commit of commits.filter((c) => c.parents.length === 1)) {
    const tree = await pickTree(git, tip, commit.sha);
    if (tree === undefined) throw new ApiError(405, "This branch can't be rebased");
    const { author, message } = commit;
    tip = await writeCommit(git, { tree, parents: [tip], message, author, committer: WEB_FLOW });
  }
  return tip;
}

/** Merges the base branch into the head branch ("Update branch"). */
export async function updateBranch(act: Act, pull: Pull, expected?: string): Promise<void> {
  const git = gitOf(act.hub, act.repo);
  requireRole(act, "write");
  if (expected !== undefined && expected !== pull.headSha) {
    throw unprocessable(`expected head sha didn’t match current head ref.`);
  }
  const base = await readRef(git, `refs/heads/${pull.baseRef}`);
  if (base === undefined) throw unprocessable("The base branch is gone.");
  const { behind } = await aheadBehind(git, base, pull.headSha);
  if (behind === 0) throw unprocessable("There are no new commits on the base branch.");
  const tree = await mergeTrees(git, pull.headSha, base);
  if (tree === undefined) throw unprocessable("merge conflict between base and head");
  const sha = await writeCommit(git, {
    tree,
    parents: [pull.headSha, base],
    message: `Merge branch '${pull.baseRef}' into ${pull.headRef}\n`,
    author: identityOf(act),
    committer: WEB_FLOW,
  });
  const ref = `refs/heads/${pull.headRef}`;
  if (!(await moveRef(git, ref, { before: pull.headSha, after: sha }))) {
    throw unprocessable("Reference update failed");
  }
  await refsMoved(act, [ref]);
}
