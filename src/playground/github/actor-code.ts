import type { Actor } from "./actor.ts";
import type { ActIn } from "./actor-of.ts";
import { commitFile } from "./code/files.ts";
import { createRef, deleteRef, updateRef } from "./code/refs.ts";
import { type Act, gitOf } from "./context.ts";
import { notFound } from "./errors.ts";
import { entryAt, readRef, resolveCommit } from "./git/read.ts";

type CodeActs = Pick<Actor, "pushFile" | "pushRef" | "createBranch" | "deleteBranch">;

export function codeActs(at: ActIn): CodeActs {
  return {
    pushFile: async (repo, change) => {
      const act = at(repo);
      const tip = await branchTip(act, change.branch);
      const old =
        tip === undefined ? undefined : await entryAt(gitOf(act.hub, act.repo), tip, change.path);
      const verb = change.content === null ? "Delete" : old === undefined ? "Create" : "Update";
      const commit = await commitFile(act, {
        branch: change.branch,
        path: change.path,
        content: change.content === null ? null : Buffer.from(change.content),
        message: change.message ?? `${verb} ${change.path}`,
        sha: old?.sha,
      });
      return commit.sha;
    },
    pushRef: async (repo, branch, sha) => {
      const act = at(repo);
      const ref = `refs/heads/${branch}`;
      const known = await readRef(gitOf(act.hub, act.repo), ref);
      if (known === undefined) await createRef(act, ref, sha);
      else await updateRef(act, ref, { sha, force: true });
    },
    createBranch: async (repo, branch, from) => {
      const act = at(repo);
      const git = gitOf(act.hub, act.repo);
      const sha = await resolveCommit(git, from ?? act.repo.defaultBranch);
      if (sha === undefined) throw notFound();
      await createRef(act, `refs/heads/${branch}`, sha);
      return sha;
    },
    deleteBranch: async (repo, branch) => deleteRef(at(repo), `refs/heads/${branch}`),
  };
}

/** The branch's tip; a new branch is made from the default branch first. */
async function branchTip(act: Act, branch: string): Promise<string | undefined> {
  const git = gitOf(act.hub, act.repo);
  const ref = `refs/heads/${branch}`;
  const tip = await readRef(git, ref);
  if (tip !== undefined) return tip;
  const start = await readRef(git, `refs/heads/${act.repo.defaultBranch}`);
  if (start !== undefined) await createRef(act, ref, start);
  return start;
}
