import { PageError } from "../request.ts";
import type { RepoVisit } from "../visit.ts";

export interface RefPath {
  /** Branch name, or a commit's sha as written. */
  ref: string;
  sha: string;
  /** "" is the root. */
  path: string;
  /** Every branch, as of this visit. */
  branches: { name: string; sha: string }[];
}

/** Splits "feature/x/src/a.ts" where the ref ends: at a branch if one fits, else at a commit's sha. */
export async function splitRefPath(visit: RepoVisit, joined: string): Promise<RefPath> {
  const code = visit.hub.code(visit.name);
  const branches = await code.branches();
  const fitting = branches
    .filter(({ name }) => joined === name || joined.startsWith(`${name}/`))
    .sort((a, b) => b.name.length - a.name.length)[0];
  if (fitting !== undefined) {
    return {
      ref: fitting.name,
      sha: fitting.sha,
      path: joined.slice(fitting.name.length + 1),
      branches,
    };
  }
  const [ref = "", ...rest] = joined.split("/");
  const sha = await code.resolve(ref);
  if (sha === undefined) throw new PageError(404, `There is no branch or commit "${ref}" here.`);
  return { ref, sha, path: rest.join("/"), branches };
}
