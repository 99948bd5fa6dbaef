import { refuseArchived } from "../acts/subject.ts";
import { requireRole } from "../auth/roles.ts";
import { type Act, gitOf } from "../context.ts";
import { ApiError, forbidden, unprocessable } from "../errors.ts";
import { isAncestor, objectType, readRef } from "../git/read.ts";
import { moveRef } from "../git/write.ts";
import { branchOf } from "./moves.ts";
import { bindingRules, mayPushWorkflows, refusalOf } from "./push-rules.ts";
import { refsMoved } from "./refs-moved.ts";

/** Makes a branch or tag ("refs/heads/…", "refs/tags/…"). */
export async function createRef(act: Act, ref: string, sha: string): Promise<void> {
  const git = gitOf(act.hub, act.repo);
  refuseArchived(act);
  requireRole(act, "write");
  await checkName(act, ref);
  if ((await objectType(git, sha)) === undefined) throw unprocessable("Object does not exist");
  if ((await readRef(git, ref)) !== undefined) throw unprocessable("Reference already exists");
  await checkWorkflows(act, sha);
  if (!(await moveRef(git, ref, { before: null, after: sha }))) {
    throw unprocessable("Reference update failed");
  }
  await refsMoved(act, [ref]);
}

async function checkName(act: Act, ref: string): Promise<void> {
  const git = gitOf(act.hub, act.repo);
  const known = /^refs\/(heads|tags)\/./.test(ref);
  if (!known || !(await git.succeeds(["check-ref-format", ref]))) {
    throw unprocessable(`${ref} is not a valid ref name.`);
  }
}

/** Moves a branch or tag; not forward only with force. */
export async function updateRef(
  act: Act,
  ref: string,
  to: { sha: string; force: boolean },
): Promise<void> {
  const git = gitOf(act.hub, act.repo);
  refuseArchived(act);
  requireRole(act, "write");
  const before = await readRef(git, ref);
  if (before === undefined) throw unprocessable("Reference does not exist");
  if ((await objectType(git, to.sha)) === undefined) throw unprocessable("Object does not exist");
  const forward = await isAncestor(git, before, to.sha);
  if (!forward && !to.force) throw unprocessable("Update is not a fast forward");
  if (!forward && bindingRules(act, ref)?.allowForcePushes === false) {
    throw unprocessable("Cannot force-push to this branch");
  }
  checkProtection(act, { ref, before, after: to.sha });
  await checkWorkflows(act, to.sha);
  if (!(await moveRef(git, ref, { before, after: to.sha }))) {
    throw unprocessable("Reference update failed");
  }
  await refsMoved(act, [ref]);
}

export async function deleteRef(act: Act, ref: string): Promise<void> {
  const git = gitOf(act.hub, act.repo);
  refuseArchived(act);
  requireRole(act, "write");
  const before = await readRef(git, ref);
  if (before === undefined) throw unprocessable("Reference does not exist");
  if (branchOf(ref) === act.repo.defaultBranch) {
    throw unprocessable("Cannot delete the default branch");
  }
  checkProtection(act, { ref, before, after: null });
  await moveRef(git, ref, { before, after: null });
  await refsMoved(act, [ref]);
}

/** Refuses what the branch's rules forbid to do directly. */
export function checkProtection(
  act: Act,
  move: { ref: string; before: string | null; after: string | null },
): void {
  const reason = refusalOf(act, move);
  if (reason !== undefined) throw unprocessable(reason);
}

/** An app without the `workflows` permission may bring no new commit that touches them. */
async function checkWorkflows(act: Act, sha: string): Promise<void> {
  if (mayPushWorkflows(act)) return;
  const git = gitOf(act.hub, act.repo);
  const folder = ".github/workflows";
  const args = ["-c", "--format=", "--name-only", sha, "--not", "--all", "--", folder];
  const [file] = (await git.text(["log", ...args])).split("\n");
  if (file) throw workflowRefusal(file);
}

export function workflowRefusal(file: string): ApiError {
  return forbidden(
    `refusing to allow a GitHub App to create or update workflow \`${file}\` without \`workflows\` permission`,
  );
}
