import { refuseArchived } from "../acts/subject.ts";
import { requireRole } from "../auth/roles.ts";
import { type Act, gitOf } from "../context.ts";
import { ApiError, invalid, notFound } from "../errors.ts";
import type { CommitInfo } from "../git/code-view.ts";
import { entryAt, readCommit, readRef } from "../git/read.ts";
import { type Identity, moveRef, writeBlob, writeCommit, writeTree } from "../git/write.ts";
import { identityOf, WEB_FLOW } from "../pulls/merge.ts";
import { mayPushWorkflows } from "./push-rules.ts";
import { checkProtection, workflowRefusal } from "./refs.ts";
import { refsMoved } from "./refs-moved.ts";

export interface FileCommit {
  branch: string;
  path: string;
  /** null deletes the file. */
  content: Buffer | null;
  message: string;
  /** Blob that is to be replaced; undefined = the caller knows of none. */
  sha: string | undefined;
  author?: Identity;
  committer?: Identity;
}

/** Commits one file on a branch, as the contents API and the web editor do. */
export async function commitFile(act: Act, input: FileCommit): Promise<CommitInfo> {
  const git = gitOf(act.hub, act.repo);
  refuseArchived(act);
  requireRole(act, "write");
  checkPath(act, input.path);
  const ref = `refs/heads/${input.branch}`;
  const before = (await readRef(git, ref)) ?? null;
  // An empty repository gets its first branch this way; elsewhere the branch must be there.
  const empty = (act.hub.refs.get(act.repo.id)?.size ?? 0) === 0;
  if (before === null && !empty) throw new ApiError(404, `Branch ${input.branch} not found`);
  const old = before === null ? undefined : await entryAt(git, before, input.path);
  checkOldSha(input, old?.sha);
  // Nothing can have checked a commit that is only now being made.
  checkProtection(act, { ref, before, after: "a new commit" });
  const mode = old?.type === "blob" ? old.mode : "100644";
  const blob = input.content === null ? null : await writeBlob(git, input.content);
  const author = input.author ?? input.committer ?? identityOf(act);
  const after = await writeCommit(git, {
    tree: await writeTree(git, before, [{ path: input.path, mode, sha: blob }]),
    parents: before === null ? [] : [before],
    message: input.message,
    author,
    committer: input.committer ?? (input.author === undefined ? WEB_FLOW : author),
  });
  if (!(await moveRef(git, ref, { before, after }))) {
    throw new ApiError(409, `is at ${before ?? "nothing"} but expected ${after}`);
  }
  await refsMoved(act, [ref]);
  const commit = await readCommit(git, after);
  if (commit === undefined) throw new Error(`Read commit ${after}: it was just written.`);
  return commit;
}

function checkPath(act: Act, path: string): void {
  const parts = path.split("/");
  if (path === "" || parts.some((p) => p === "" || p === "." || p === ".." || /^\.git$/i.test(p))) {
    throw invalid({ resource: "Commit", field: "path", code: "invalid" });
  }
  if (path.startsWith(".github/workflows/") && !mayPushWorkflows(act)) throw workflowRefusal(path);
}

/** docs.github.com/rest/repos/contents: `sha` is required to update or delete; 409 when it is stale. */
function checkOldSha(input: FileCommit, actual: string | undefined): void {
  if (input.content === null && actual === undefined) throw notFound();
  if (actual === undefined || actual === input.sha) return;
  if (input.sha === undefined)
    throw new ApiError(422, `Invalid request.\n\n"sha" wasn't supplied.`);
  throw new ApiError(409, `${input.path} does not match ${input.sha}`);
}
